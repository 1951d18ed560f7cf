/**
 * A Python prompt in the terminal, on one kernel. Piped input runs as a single cell.
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";
import { text as readAll } from "node:stream/consumers";
import { parseArgs, stripVTControlCharacters } from "node:util";
import {
  type ExecuteErrorEvent,
  type ExecuteResult,
  type InputRequestEvent,
  type Kernel,
  KernelError,
  type KernelEvent,
  KernelManager,
  KernelMode,
  type MountOptions,
} from "../../kernel/mod.ts";
import { asksForVersion, versionLine } from "../command_line.ts";
import { InstallationNote } from "./installation_note.ts";
import { type LineCompletions, Terminal } from "./terminal.ts";

const usage = `Usage: start-server.sh repl [--mode worker|main] [--mount HOST:GUEST[:ro]]...

Reads Python from the terminal, or runs piped input as one cell.
Ctrl-C interrupts the running cell (with --mode main it ends the program) or drops the line.
Tab completes names, or indents at the beginning of a line. Ctrl-D ends.

  --mode   where the kernel runs: in a worker of its own (default) or in the main thread
  --mount  shows a folder of this machine to Python, with :ro only for reading
  --help   shows this text`;

interface Settings {
  mode: KernelMode;
  mounts: MountOptions[];
}

/** Parses the arguments; undefined asks for help or the version. Throws a `TypeError` that says what is wrong with them. */
function parseSettings(args: string[]): Settings | undefined {
  const { values } = parseArgs({
    args,
    options: {
      version: { type: "boolean", default: false },
      mode: { type: "string", default: "worker" },
      mount: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || values.version) return undefined;
  return { mode: parseMode(values.mode), mounts: values.mount.map(parseMount) };
}

function parseMode(text: string): KernelMode {
  if (text === "worker") return KernelMode.WORKER;
  if (text === "main") return KernelMode.MAIN_THREAD;
  throw new TypeError(`Unknown mode "${text}": use worker or main`);
}

function parseMount(text: string): MountOptions {
  const [, root, mountPoint, access] = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/.exec(text) ?? [];
  if (!root || !mountPoint) throw new TypeError(`Cannot mount "${text}": use HOST:GUEST[:ro]`);
  return { root: resolve(root), mountPoint, access: access === "ro" ? "ro" : "rw" };
}

/** Returns the program's exit status after an exception, as CPython does: `sys.exit(3)` means 3. */
function exitStatus({ ename, evalue }: ExecuteErrorEvent): number {
  if (ename !== "SystemExit" || isExitMessage(evalue)) return 1;
  return evalue === "None" ? 0 : Number(evalue) & 255;
}

/** Tells whether SystemExit was raised with a message, rather than with a status or nothing. */
function isExitMessage(evalue: string): boolean {
  return !/^(None|-?\d+)?$/.test(evalue);
}

/** Returns the text of an event for a terminal; empty when the event shows nothing. */
function render(event: KernelEvent): string {
  switch (event.type) {
    case "stream":
      return event.text;
    case "execute_result":
    case "display_data":
      return `${event.data["text/plain"] ?? ""}\n`;
    case "execute_error":
      if (event.ename === "SystemExit") {
        return isExitMessage(event.evalue) ? `${event.evalue}\n` : "";
      }
      return `${event.traceback.join("\n")}\n`;
    default:
      return "";
  }
}

/** Returns the texts that a cell shows beside its outputs, such as help. */
function pages({ payload }: ExecuteResult): string[] {
  return payload.flatMap(({ source, data }) => {
    const text = source === "page" && (data as Record<string, unknown> | undefined)?.["text/plain"];
    return typeof text === "string" ? [text.trimEnd()] : [];
  });
}

function isError(event: KernelEvent): boolean {
  return event.type === "execute_error" || (event.type === "stream" && event.name === "stderr");
}

/** Runs standard input to its end as one cell; returns the program's exit status. */
async function runPiped(manager: KernelManager, id: string): Promise<number> {
  const execution = manager.executeStream(id, await readAll(process.stdin));
  let status: number | undefined;
  // A file or program that reads the streams gets what the code has written, and nothing else.
  using note = new InstallationNote((text) => {
    if (process.stderr.isTTY) process.stderr.write(text);
  });
  for await (const event of execution) {
    note.take(event);
    const stream = isError(event) ? process.stderr : process.stdout;
    const text = render(event);
    stream.write(stream.isTTY ? text : stripVTControlCharacters(text));
    if (event.type === "execute_error") status = exitStatus(event);
  }
  return status ?? ((await execution.result).success ? 0 : 1);
}

/** Returns the completions of the line that follows the code of a cell; at its beginning, an indentation. */
async function completions(
  kernel: Pick<Kernel, "complete">,
  before: string,
  line: string,
): Promise<LineCompletions> {
  if (line.trim() === "") return { texts: [`${line}    `], replaced: line };
  const characters = [...before + line];
  const { matches, cursorStart } = await kernel.complete(before + line);
  const replaced = characters.slice(cursorStart).join("");
  // Names that are not the reader's come last, and only when they are asked for.
  const texts = replaced.endsWith("_") ? matches : matches.filter((it) => !/(^|\.)_/.test(it));
  return { texts: texts.length > 0 ? texts : matches, replaced };
}

/** Reads and runs cells until the input or Python ends; returns the program's exit status. */
async function runTerminal(manager: KernelManager, id: string, mode: KernelMode): Promise<number> {
  const kernel = manager.getKernel(id);
  let running = false;
  let status: number | undefined;
  const interrupt = () => {
    if (running) void manager.interruptKernel(id);
  };
  using terminal = new Terminal(mode === KernelMode.MAIN_THREAD ? undefined : interrupt);

  async function runCell(code: string): Promise<void> {
    running = true;
    const execution = manager.executeStream(id, code, { allowStdin: true });
    using note = new InstallationNote((text) => terminal.write(text));
    for await (const event of execution) {
      note.take(event);
      terminal.write(render(event));
      if (event.type === "input_request") await answer(event);
      if (event.type === "execute_error" && event.ename === "SystemExit") {
        status = exitStatus(event);
      }
    }
    for (const page of pages(await execution.result)) terminal.write(`${page}\n`);
    running = false;
  }

  async function answer({ requestId, prompt, password }: InputRequestEvent): Promise<void> {
    const line = await terminal.readLine(prompt, { secret: password });
    if (!line) await manager.interruptKernel(id);
    else if (!line.cancelled) await kernel.answerInput(requestId, line.text);
  }

  let code = "";
  const complete = (line: string) => completions(kernel, code && `${code}\n`, line);
  while (status === undefined && kernel.status !== "dead") {
    const line = await terminal.readLine(code ? "... " : ">>> ", { complete });
    if (!line) return 0;
    code = line.cancelled ? "" : (code && `${code}\n`) + line.text;
    if (code.trim() === "") continue;
    if ((await kernel.isComplete(code)).status === "incomplete") continue;
    await runCell(code);
    code = "";
  }
  return status ?? 1;
}

/** Runs the input on a kernel of its own; returns the program's exit status. */
async function run({ mode, mounts }: Settings): Promise<number> {
  // The reader of the output has gone, as in "| head".
  process.stdout.on("error", () => Deno.exit(1));
  await using manager = new KernelManager();
  const id = await manager.createKernel({ mode, mounts });
  using _reporting = manager.getKernel(id).events.on("kernel_terminated", ({ reason }) => {
    console.error(`The kernel ended: ${reason}`);
  });
  return process.stdin.isTTY ? await runTerminal(manager, id, mode) : await runPiped(manager, id);
}

async function main(args: string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = parseSettings(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (!settings) {
    console.log(asksForVersion(args) ? versionLine() : usage);
    return 0;
  }
  try {
    return await run(settings);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    console.error(error.message);
    return 1;
  }
}

// Ends the process explicitly: a read of the terminal may still be under way.
if (import.meta.main) Deno.exit(await main(Deno.args));
