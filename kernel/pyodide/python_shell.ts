import { shellCommands } from "../shell/commands/mod.ts";
import { loadShell } from "../shell/just_bash.ts";
import type { CommandContext, CommandResult, JavaScriptSession } from "../shell/just_bash.ts";
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

/** The shell of a Python kernel, on Python's files. It is loaded when it is first used. */
export class PythonShell {
  readonly #booted: BootedPyodide;
  readonly #source: DeferredFile | undefined;
  readonly #options: PythonShellOptions;
  #shell: Shell | undefined;
  #session: JavaScriptSession | undefined;
  /** Receives the output of the session's cell. */
  #receive: ReceiveOutput | undefined;
  #stopped = false;
  /** The process that runs, by the number that its caller gave it. */
  #process: number | undefined;
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
   * A command that is `nested` comes from a program of the one that runs, and does not wait for it.
   */
  run(request: string, receive?: ReceiveOutput): Promise<string> {
    const { stop, nested } = parse(request);
    if (stop !== undefined) {
      this.#stopProcess(stop);
      return Promise.resolve("null");
    }
    const run = () => this.#run(request, receive);
    if (nested) return run();
    const running = this.#last.then(run, run);
    this.#last = running;
    return running;
  }

  async #run(request: string, receive?: ReceiveOutput): Promise<string> {
    const { command, javascript, language, stdin, env, cwd, process, nested } = parse(request);
    if (this.#cancelled.delete(process)) return stringify(CANCELLED);
    if (!nested) this.#stopped = false;
    const outer = this.#process;
    this.#process = process;
    const shell = this.#shell ??= this.#load();
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
    try {
      const result = await shell.run(command, {
        ...{ stdin, env: variables, cwd, umask: this.#booted.modes.mask },
        ...(receive && { onOutput: receive }),
      });
      return stringify(result);
    } finally {
      this.#process = outer;
    }
  }

  /** Gives a rejection that nobody handled to the program that runs; returns false when none does. */
  takeRejection(error: unknown): boolean {
    return this.#shell?.takeRejection(error) ?? false;
  }

  #stopProcess(process: number): void {
    if (this.#process === process) this.stop();
    else this.#cancelled.add(process);
  }

  /** Stops the command that runs. */
  stop(): void {
    this.#stopped = true;
    const { attention } = this.#options;
    if (attention) Atomics.store(attention, 0, 1);
  }

  #load(): Shell {
    const bytes = contentsOf(this.#source!);
    if (!bytes) throw new Error("The shell cannot be read");
    const python = (args: string[], context: CommandContext) => this.#runPython(args, context);
    const pip = (args: string[], context: CommandContext) =>
      python(["-m", "pip", ...args], context);
    const uv = ([word, ...args]: string[], context: CommandContext) =>
      word === "pip" ? pip(args, context) : Promise.resolve(NO_UV);
    return new Shell({
      // A decoder takes no shared memory.
      library: loadShell(new TextDecoder().decode(new Uint8Array(bytes))),
      files: this.#booted.module.FS,
      home: HOME,
      env: {},
      commands: { ...shellCommands, python, python3: python, pip, pip3: pip, uv },
      isStopped: () => this.#stopped || this.#options.isSignalled(),
      attention: this.#options.attention,
      networked: this.#options.networked,
      runsPrograms: this.#options.runsPrograms,
    });
  }

  /** Runs a program of Python in the interpreter, whose own code waits for the shell meanwhile. */
  async #runPython(
    args: string[],
    { stdin, cwd, umask, exportedEnv: env = {} }: CommandContext,
  ): Promise<CommandResult> {
    const request = stringify({ args, stdin, cwd, umask, env });
    const result: CommandResult = parse(await this.#options.runProgram(request) as string);
    return { ...result, stdoutKind: "bytes" };
  }
}
