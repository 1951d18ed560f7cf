import { shellCommands } from "../shell/commands/mod.ts";
import { loadShell } from "../shell/just_bash.ts";
import type {
  CommandContext,
  CommandResult,
  JavaScriptSession,
  JustBash,
} from "../shell/just_bash.ts";
import { Shell } from "../shell/shell.ts";
import type { BootedPyodide } from "./boot.ts";
import { contentsOf, type DeferredFile } from "./deferred_file.ts";
import { HOME } from "./pinned.ts";
import type { ReceiveOutput } from "./runtime_functions.ts";

/** Taken before user code could replace them. */
const { parse, stringify } = JSON;

/** Options for {@linkcode PythonShell}. */
export interface PythonShellOptions {
  /** Returns true when a signal waits for the cell. */
  isSignalled: () => boolean;
  /** Runs a program of Python, which may wait; request and answer are JSON. */
  runProgram: (request: string) => Promise<unknown>;
  /** Shared memory of one number, not zero when it is worth asking `isSignalled`. */
  attention: Int32Array | undefined;
  /** True when the kernel may use the network. */
  networked: boolean;
  /** True when programs in JavaScript may run in this thread. */
  runsPrograms: boolean;
}

const NO_UV: CommandResult = {
  stdout: "",
  stderr: "uv: there is no uv here but for `uv pip`\n",
  exitCode: 2,
};

/** The result of a command that was stopped before it began. */
const CANCELLED: CommandResult = { stdout: "", stderr: "", exitCode: 137 };

/** A command that runs; `parent` is the command whose program of Python has started this one. */
interface Process {
  /** The number that its caller gave it. */
  number: number | undefined;
  parent: Process | undefined;
  isStopped: boolean;
}

/** The shell of a Python kernel, on Python's files. It is loaded when it is first used. */
export class PythonShell {
  readonly #booted: BootedPyodide;
  readonly #source: DeferredFile | undefined;
  readonly #options: PythonShellOptions;
  #library: JustBash | undefined;
  #shell: Shell | undefined;
  #session: JavaScriptSession | undefined;
  /** Receives the output of the session's cell. */
  #receive: ReceiveOutput | undefined;
  /** The process that runs, or ran last, of those that wait for one another. */
  #current: Process = { number: undefined, parent: undefined, isStopped: false };
  readonly #running = new Set<Process>();
  /** The processes that were stopped before they began. */
  readonly #cancelled = new Set<number>();
  #last: Promise<unknown> = Promise.resolve();

  /** Without a source there is no shell. */
  constructor(
    booted: BootedPyodide,
    source: DeferredFile | undefined,
    options: PythonShellOptions,
  ) {
    this.#booted = booted;
    this.#source = source;
    this.#options = options;
  }

  /** True when there is a shell. */
  get available(): boolean {
    return this.#source !== undefined;
  }

  /**
   * Runs a command line or a cell in JavaScript when the one before has ended, which may have been stopped and
   * does not know it yet; request and answer are JSON. `{"stop": NUMBER}` stops the command of that `process`.
   * A command whose `parent` runs comes from a program of that, and does not wait for it.
   */
  run(request: string, receive?: ReceiveOutput): Promise<string> {
    const { stop, parent: number } = parse(request);
    if (stop !== undefined) {
      this.#stopProcess(stop);
      return Promise.resolve("null");
    }
    const parent = this.#find(number);
    const run = () => this.#run(request, parent, receive);
    if (parent) return run();
    const running = this.#last.then(run, run);
    this.#last = running;
    return running;
  }

  async #run(
    request: string,
    parent: Process | undefined,
    receive: ReceiveOutput | undefined,
  ): Promise<string> {
    const { command, javascript, language, stdin, env, cwd, process: number } = parse(request);
    if (this.#cancelled.delete(number)) return stringify(CANCELLED);
    const process: Process = { number, parent, isStopped: false };
    if (!parent) this.#current = process;
    this.#running.add(process);
    try {
      // A shell runs one script at a time, and the parent is running in its own.
      const shell = parent
        ? this.#load(() => process)
        : this.#shell ??= this.#load(() => this.#current);
      if (javascript !== undefined) {
        this.#receive = receive;
        const session = this.#session ??= shell.openSession(env, {
          print: (name, text) => this.#receive?.(name, text),
          display: (bundle) => this.#receive?.("display", stringify(bundle)),
        });
        return stringify(await session.run(javascript, language));
      }
      // Python's own path names no directory of commands.
      const variables = { ...env, PATH: `/usr/bin:/bin:${env.PATH ?? ""}` };
      const result = await shell.run(command, {
        ...{ stdin, env: variables, cwd, umask: this.#booted.modes.mask },
        ...(receive && { onOutput: receive }),
      });
      return stringify(result);
    } finally {
      this.#running.delete(process);
    }
  }

  /** Gives a rejection that nobody handled to the program that runs; returns false when none does. */
  takeRejection(error: unknown): boolean {
    return this.#shell?.takeRejection(error) ?? false;
  }

  #find(number: number | undefined): Process | undefined {
    return number == null ? undefined : this.#running.values().find((it) => it.number === number);
  }

  #stopProcess(number: number): void {
    const process = this.#find(number);
    if (process) this.#stop(process);
    else this.#cancelled.add(number);
  }

  /** Stops the commands that run. */
  stop(): void {
    this.#running.forEach((it) => this.#stop(it));
  }

  #stop(process: Process): void {
    process.isStopped = true;
    const { attention } = this.#options;
    if (attention) Atomics.store(attention, 0, 1);
  }

  #isStopped(process: Process | undefined): boolean {
    if (process === undefined) return this.#options.isSignalled();
    return process.isStopped || this.#isStopped(process.parent);
  }

  #loadLibrary(): JustBash {
    const bytes = contentsOf(this.#source!);
    if (!bytes) throw new Error("The shell cannot be read");
    // A decoder takes no shared memory.
    return loadShell(new TextDecoder().decode(new Uint8Array(bytes)));
  }

  /** Makes a shell that runs a process at a time. */
  #load(current: () => Process): Shell {
    const python = (args: string[], context: CommandContext) =>
      this.#runPython(args, context, current());
    const pip = (args: string[], context: CommandContext) =>
      python(["-m", "pip", ...args], context);
    const uv = ([word, ...args]: string[], context: CommandContext) =>
      word === "pip" ? pip(args, context) : Promise.resolve(NO_UV);
    return new Shell({
      library: this.#library ??= this.#loadLibrary(),
      files: this.#booted.module.FS,
      home: HOME,
      env: {},
      commands: { ...shellCommands, python, python3: python, pip, pip3: pip, uv },
      isStopped: () => this.#isStopped(current()),
      attention: this.#options.attention,
      networked: this.#options.networked,
      runsPrograms: this.#options.runsPrograms,
      rests: true,
    });
  }

  /** Runs a program of Python in the interpreter, whose own code waits for the shell meanwhile. */
  async #runPython(
    args: string[],
    { stdin, cwd, umask, exportedEnv: env = {} }: CommandContext,
    { number }: Process,
  ): Promise<CommandResult> {
    const request = stringify({ args, stdin, cwd, umask, env, process: number });
    const result: CommandResult = parse(await this.#options.runProgram(request) as string);
    return { ...result, stdoutKind: "bytes" };
  }
}
