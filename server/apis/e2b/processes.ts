import { Buffer } from "node:buffer";
import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { type Sandbox, SANDBOX_HOME } from "../../services/sandboxes/sandbox.ts";
import { readJson } from "./body.ts";
import { commandCode } from "./command_events.ts";
import {
  connectError,
  failedStream,
  messageStream,
  readMessage,
  readMessages,
  unimplemented,
} from "./connect.ts";
import { enter } from "./door.ts";
import { environmentSchema } from "./environment.ts";
import { answerFailures } from "./errors.ts";
import { pathSchema } from "./paths.ts";
import { Process } from "./process.ts";

/** The longest time that a command can be given, in milliseconds: a day. */
const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1_000;

const configSchema = z.object({
  cmd: z.string().min(1).max(4_095),
  args: z.array(z.string().max(1_000_000)).max(1_000).default([]),
  envs: environmentSchema.default({}),
  cwd: pathSchema.optional(),
});
const startSchema = z.object({
  process: configSchema,
  stdin: z.boolean().default(false),
  pty: z.unknown().optional(),
  tag: z.string().max(1_000).optional(),
});
const selectorSchema = z.object({
  process: z.object({ pid: z.int().optional(), tag: z.string().max(1_000).optional() }),
});
const inputSchema = z.object({ stdin: z.base64().optional(), pty: z.unknown().optional() });
const sendInputSchema = selectorSchema.extend({ input: inputSchema });
/** A message of the stream `StreamInput`: the first one names the process. */
const inputStreamSchema = z.object({
  start: selectorSchema.optional(),
  data: z.object({ input: inputSchema }).optional(),
});

type Command = Process<z.output<typeof configSchema>>;

/**
 * The calls of the service `process.Process`. A command runs in the shell of the default context of Python, on the
 * sandbox's files, after the code that waits there.
 */
export function processRoutes({ sandboxes, executions, facts, clock }: Services): Hono<ServerEnv> {
  const { maxBodyBytes } = facts.limits;
  const router = new Hono<ServerEnv>();
  /** The processes by sandbox; they end with their sandboxes. */
  const running = new WeakMap<Sandbox, Map<number, Command>>();
  let lastPid = 0;
  answerFailures(router, connectError);

  function processesOf(sandbox: Sandbox): Map<number, Command> {
    const processes = running.get(sandbox) ?? new Map<number, Command>();
    running.set(sandbox, processes);
    return processes;
  }

  function find(sandbox: Sandbox, { process }: z.output<typeof selectorSchema>): Command {
    const found = [...processesOf(sandbox).values()].find((it) =>
      process.pid === undefined
        ? it.tag !== undefined && it.tag === process.tag
        : it.pid === process.pid
    );
    if (found) return found;
    const name = process.pid ?? process.tag;
    throw new HttpError(404, "not_found", `process with pid ${name} not found`);
  }

  async function start(
    sandbox: Sandbox,
    { process: config, stdin, tag, pty }: z.output<typeof startSchema>,
    timeoutMs: number,
  ): Promise<Command> {
    if (pty != null) throw unimplemented("Cannot open a terminal: sandboxes have none");
    const cwd = config.cwd ?? SANDBOX_HOME;
    const directory = await (await sandbox.files()).stat(cwd).catch(() => undefined);
    if (directory?.type !== "directory") {
      throw new HttpError(400, "invalid_argument", `cwd '${cwd}' does not exist`);
    }
    const command = commandLine(config);
    const process = new Process({
      pid: ++lastPid,
      tag,
      config,
      submit: async (input) =>
        await executions.submit((await sandbox.defaultContext()).kernelId, {
          code: commandCode({ command, cwd, env: config.envs, input }),
          origin: "e2b",
          storeHistory: false,
          timeoutMs,
        }),
    });
    if (!stdin) await process.closeInput();
    const processes = processesOf(sandbox);
    processes.set(process.pid, process);
    endInTime(sandbox, process, timeoutMs);
    void process.ended.then(() => processes.delete(process.pid));
    return process;
  }

  /** Ends a command with its time or its sandbox, also while the command waits for its input. */
  function endInTime(sandbox: Sandbox, process: Command, timeoutMs: number): void {
    const kill = () => void process.kill().catch(() => {}); // It has ended meanwhile.
    const timer = timeoutMs > 0 ? clock.after(timeoutMs, kill) : undefined;
    sandbox.ended.addEventListener("abort", kill, { once: true });
    void process.ended.then(() => {
      timer?.[Symbol.dispose]();
      sandbox.ended.removeEventListener("abort", kill);
    });
  }

  function follow(process: Command): Response {
    return messageStream((signal) => process.follow(signal));
  }

  router.post("/process.Process/Start", async (c) => {
    try {
      const sandbox = enter(c, sandboxes, "files");
      const request = await readMessage(startSchema, c.req.raw, maxBodyBytes);
      return follow(await start(sandbox, request, deadline(c.req.header("Connect-Timeout-Ms"))));
    } catch (error) {
      return failedStream(error);
    }
  });
  router.post("/process.Process/Connect", async (c) => {
    try {
      const sandbox = enter(c, sandboxes, "files");
      return follow(find(sandbox, await readMessage(selectorSchema, c.req.raw, maxBodyBytes)));
    } catch (error) {
      return failedStream(error);
    }
  });
  router.post("/process.Process/List", (c) => {
    const processes = [...processesOf(enter(c, sandboxes, "files")).values()];
    return c.json({
      processes: processes.map(({ pid, tag, config }) => ({ pid, config, ...(tag && { tag }) })),
    });
  });
  router.post("/process.Process/SendSignal", async (c) => {
    const sandbox = enter(c, sandboxes, "files");
    await find(sandbox, await readJson(selectorSchema, c.req.raw, maxBodyBytes)).kill();
    return c.json({});
  });
  router.post("/process.Process/SendInput", async (c) => {
    const sandbox = enter(c, sandboxes, "files");
    const request = await readJson(sendInputSchema, c.req.raw, maxBodyBytes);
    find(sandbox, request).write(inputBytes(request.input));
    return c.json({});
  });
  router.post("/process.Process/CloseStdin", async (c) => {
    const sandbox = enter(c, sandboxes, "files");
    await find(sandbox, await readJson(selectorSchema, c.req.raw, maxBodyBytes)).closeInput();
    return c.json({});
  });
  router.post("/process.Process/StreamInput", async (c) => {
    try {
      const sandbox = enter(c, sandboxes, "files");
      let process: Command | undefined;
      for (
        const { start, data } of await readMessages(inputStreamSchema, c.req.raw, maxBodyBytes)
      ) {
        if (start) process = find(sandbox, start);
        if (data && !process) {
          throw new HttpError(400, "invalid_argument", "Cannot write: name the process first");
        }
        if (data) process?.write(inputBytes(data.input));
      }
      return messageStream(async function* () {
        yield await Promise.resolve({});
      });
    } catch (error) {
      return failedStream(error);
    }
  });
  router.post("/process.Process/:name", (c) => {
    enter(c, sandboxes, "files");
    throw unimplemented(`Cannot call "${c.req.param("name")}": sandboxes have no terminals`);
  });
  return router;
}

function inputBytes({ stdin, pty }: z.output<typeof inputSchema>): Uint8Array {
  if (pty != null) throw unimplemented("Cannot write to a terminal: sandboxes have none");
  return Buffer.from(stdin ?? "", "base64");
}

/** Returns the line for the shell: that of `bash -l -c LINE`, or the program with its arguments. */
function commandLine({ cmd, args }: z.output<typeof configSchema>): string {
  const isShell = /^(.*\/)?(ba)?sh$/.test(cmd);
  if (isShell && args.at(-2) === "-c") return args.at(-1)!;
  return [cmd, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}

/** Returns the time that a command has, in milliseconds; 0: any. */
function deadline(header: string | undefined): number {
  const ms = Math.floor(Number(header ?? 0));
  return ms > 0 ? Math.min(ms, MAX_TIMEOUT_MS) : 0;
}
