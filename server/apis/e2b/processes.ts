import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { LiveExecution } from "../../services/executions/live_execution.ts";
import type { Services } from "../../services/mod.ts";
import { type Sandbox, SANDBOX_HOME } from "../../services/sandboxes/sandbox.ts";
import { readJson } from "./body.ts";
import { commandCode, commandEvents } from "./command_events.ts";
import {
  connectError,
  failedStream,
  messageStream,
  readMessage,
  unimplemented,
} from "./connect.ts";
import { enter } from "./door.ts";
import { environmentSchema } from "./environment.ts";
import { answerFailures } from "./errors.ts";
import { pathSchema } from "./paths.ts";

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
  pty: z.unknown().optional(),
  tag: z.string().max(1_000).optional(),
});
const selectorSchema = z.object({
  process: z.object({ pid: z.int().optional(), tag: z.string().max(1_000).optional() }),
});

/** A command that waits or runs. */
interface Process {
  pid: number;
  tag: string | undefined;
  config: z.output<typeof configSchema>;
  execution: LiveExecution;
}

/**
 * The calls of the service `process.Process`. A command runs in the shell of the default context of Python, on the
 * sandbox's files, after the code that waits there.
 */
export function processRoutes({ sandboxes, executions, facts }: Services): Hono<ServerEnv> {
  const { maxBodyBytes } = facts.limits;
  const router = new Hono<ServerEnv>();
  /** The processes by sandbox; they end with their sandboxes. */
  const running = new WeakMap<Sandbox, Map<number, Process>>();
  let lastPid = 0;
  answerFailures(router, connectError);

  function processesOf(sandbox: Sandbox): Map<number, Process> {
    const processes = running.get(sandbox) ?? new Map<number, Process>();
    running.set(sandbox, processes);
    return processes;
  }

  function find(sandbox: Sandbox, { process }: z.output<typeof selectorSchema>): Process {
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
    { process: config, tag, pty }: z.output<typeof startSchema>,
    timeoutMs: number,
  ): Promise<Process> {
    if (pty != null) throw unimplemented("Cannot open a terminal: sandboxes have none");
    const cwd = config.cwd ?? SANDBOX_HOME;
    const { kernelId } = await sandbox.defaultContext();
    const directory = await (await sandbox.files()).stat(cwd).catch(() => undefined);
    if (directory?.type !== "directory") {
      throw new HttpError(400, "invalid_argument", `cwd '${cwd}' does not exist`);
    }
    const execution = await executions.submit(kernelId, {
      code: commandCode({ command: commandLine(config), cwd, env: config.envs }),
      origin: "e2b",
      storeHistory: false,
      timeoutMs,
    });
    const process = { pid: ++lastPid, tag, config, execution };
    const processes = processesOf(sandbox);
    processes.set(process.pid, process);
    void execution.done.then(() => processes.delete(process.pid));
    return process;
  }

  function follow({ pid, execution }: Process): Response {
    return messageStream((signal) => commandEvents(pid, execution.follow({ signal })));
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
    const { execution } = find(sandbox, await readJson(selectorSchema, c.req.raw, maxBodyBytes));
    await execution.cancel();
    return c.json({});
  });
  router.post("/process.Process/StreamInput", () => failedStream(noInput()));
  router.post("/process.Process/:name", (c) => {
    enter(c, sandboxes, "files");
    throw noInput();
  });
  return router;
}

function noInput(): HttpError {
  return unimplemented(
    "Cannot write to a command: commands have no input here; use a file or a pipe",
  );
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
