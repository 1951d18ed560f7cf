/**
 * Python inside of a bash kernel. It is started when it is first used; the kernel's files move into its file
 * system then, so that both work on the same ones.
 */
import type { FileSystem } from "../files/file_system.ts";
import { copyFiles } from "../files/moved_files.ts";
import type { RuntimeAssets } from "../pyodide/assets.ts";
import type { PythonSeed } from "../pyodide/seed.ts";
import { withWholeGlobals } from "../pyodide/late_boot.ts";
import { HOME as PYTHON_HOME } from "../pyodide/pinned.ts";
import { assetsOf } from "../pyodide/seed.ts";
import { type PyodideRuntime, startPython } from "../pyodide/runtime.ts";
import { joinedBytes } from "../joined_bytes.ts";
import type { RuntimeInit } from "../runtime.ts";
import type { CommandContext, CommandResult, ReceiveText } from "../shell/just_bash.ts";
import { latin1 } from "../shell/shell_files.ts";
import type { StreamName } from "../streams.ts";

/** Taken before user code could replace them. */
const { stringify } = JSON;

/** The most bytes that a program may print: they are kept until it ends. */
const MAX_OUTPUT_BYTES = 256 * 2 ** 20;

/** Options for {@linkcode BashPython}. */
export interface BashPythonOptions {
  /** The bash kernel's own. */
  init: RuntimeInit;
  assets: RuntimeAssets | PythonSeed;
  /** The files of the kernel, until Python is started. */
  files: FileSystem;
  /** Called with Python's file system, which has all files from then on. */
  onMoved(files: FileSystem): void;
  /** Called when an interrupt has struck Python. */
  onInterrupt(): void;
}

/** The output of one program, which is handed on at once or kept until the program ends. */
class ProgramOutput {
  readonly #receive: ReceiveText | undefined;
  readonly #kept: Record<StreamName, Uint8Array[]> = { stdout: [], stderr: [] };
  /** A character may come in two parts. */
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  constructor(receive: ReceiveText | undefined) {
    this.#receive = receive;
  }

  /** Takes bytes, which are only valid during the call. */
  write(name: StreamName, bytes: Uint8Array): void {
    if (!this.#receive) return void this.#kept[name].push(bytes.slice());
    const text = this.#decoders[name].decode(bytes.slice(), { stream: true });
    if (text !== "") this.#receive(name, text);
  }

  /** Returns the output that was not handed on: that of stdout has one character for each byte. */
  rest(): { stdout: string; stderr: string } {
    return {
      stdout: latin1(joinedBytes(this.#kept.stdout)),
      stderr: new TextDecoder().decode(joinedBytes(this.#kept.stderr)),
    };
  }
}

/** The Python of one bash kernel. */
export class BashPython {
  readonly #options: BashPythonOptions;
  #runtime: Promise<PyodideRuntime> | undefined;
  #started: PyodideRuntime | undefined;
  #running: string | undefined;
  #output: ProgramOutput = new ProgramOutput(undefined);

  /** Starts nothing yet. */
  constructor(options: BashPythonOptions) {
    this.#options = options;
  }

  /** The size of its memory, in bytes. */
  get memoryBytes(): number {
    return this.#started?.memoryBytes ?? 0;
  }

  /** Runs `python` with those arguments. */
  async run(
    args: string[],
    context: CommandContext,
    receive?: ReceiveText,
  ): Promise<CommandResult> {
    const { stdin, cwd, umask, exportedEnv: env = {} } = context;
    const runtime = await (this.#runtime ??= this.#start().catch((error) => {
      this.#runtime = undefined; // The next call tries again.
      throw error;
    }));
    const id = this.#running = crypto.randomUUID();
    const output = this.#output = new ProgramOutput(receive);
    const request = stringify(stringify({ args, stdin, cwd, umask, env }));
    const module = `__import__("deno_kernel.shell.programs", fromlist=["_"])`;
    try {
      const { userExpressions, error } = await runtime.execute({
        id,
        code: "",
        silent: true,
        storeHistory: false,
        allowStdin: false,
        userExpressions: { code: `${module}.run_here(${request})` },
      });
      const outcome = userExpressions["code"];
      const text = outcome?.status === "ok" ? outcome.data["text/plain"] : undefined;
      const { stdout, stderr } = output.rest();
      const failure = error ?? (outcome?.status === "error" ? outcome : undefined);
      return {
        stdout,
        stdoutKind: "bytes",
        stderr: failure ? `${stderr}${failure.ename}: ${failure.evalue}\n` : stderr,
        exitCode: typeof text === "string" ? Number(text) & 0xff : 1,
      };
    } finally {
      this.#running = undefined;
    }
  }

  /** Interrupts the program that waits; returns false when none does. */
  interrupt(): boolean {
    return this.#running !== undefined && this.#started?.interrupt(this.#running) === true;
  }

  /** Forgets the interpreter. */
  close(reason: Error): void {
    this.#started?.close(reason);
  }

  async #start(): Promise<PyodideRuntime> {
    const { init, files, onMoved, onInterrupt } = this.#options;
    const { signals, sink, options } = init;
    const assets = await assetsOf(this.#options.assets, options.limits.memoryMiB);
    using _globals = options.mode === "main_thread" ? undefined : withWholeGlobals();
    const runtime = await startPython({
      options: {
        ...options,
        language: "python",
        limits: { ...options.limits, outputBytes: MAX_OUTPUT_BYTES },
      },
      identity: { ...init.identity, env: {}, cwd: PYTHON_HOME, tools: [] },
      assets,
      sink: {
        stream: (name, bytes) => this.#output.write(name, bytes),
        event: () => {},
        own: () => {},
        fatal: (error) => sink.fatal(error),
      },
      packages: init.packages,
      signals: signals && {
        attention: signals.attention,
        get pending() {
          return signals.pending;
        },
        get killed() {
          return signals.killed;
        },
        take(patienceMs) {
          const signal = signals.take(patienceMs);
          if (signal !== 0) onInterrupt();
          return signal;
        },
        // The bash kernel listens as long as its cell runs.
        listen: () => {},
      },
    });
    copyFiles(files, runtime.files);
    runtime.files.chdir(files.cwd());
    onMoved(runtime.files);
    this.#started = runtime;
    return runtime;
  }
}
