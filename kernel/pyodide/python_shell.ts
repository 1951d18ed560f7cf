import { loadShell } from "../shell/just_bash.ts";
import type { CommandContext, CommandResult } from "../shell/just_bash.ts";
import { Shell } from "../shell/shell.ts";
import type { BootedPyodide } from "./boot.ts";
import { contentsOf, type DeferredFile } from "./deferred_file.ts";
import { HOME } from "./pinned.ts";

/** Taken before user code could replace them. */
const { parse, stringify } = JSON;

/** Options for {@linkcode PythonShell}. */
export interface PythonShellOptions {
  /** Returns true when a signal waits for the cell. */
  isSignalled: () => boolean;
  /** True when the kernel may use the network. */
  networked: boolean;
}

/** The shell of a Python kernel, on Python's files. It is loaded when it is first used. */
export class PythonShell {
  readonly #booted: BootedPyodide;
  readonly #source: DeferredFile | undefined;
  readonly #options: PythonShellOptions;
  #shell: Shell | undefined;
  #stopped = false;

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

  /** Runs a command line; request and answer are JSON. */
  async run(request: string): Promise<string> {
    const { command, stdin, env, cwd } = parse(request);
    this.#stopped = false;
    const shell = this.#shell ??= this.#load();
    // Python's own path names no directory of commands.
    const variables = { ...env, PATH: `/usr/bin:/bin:${env.PATH ?? ""}` };
    return stringify(await shell.run(command, { stdin, env: variables, cwd }));
  }

  /** Stops the command that runs. */
  stop(): void {
    this.#stopped = true;
  }

  #load(): Shell {
    const bytes = contentsOf(this.#source!);
    if (!bytes) throw new Error("The shell cannot be read");
    const python = (args: string[], context: CommandContext) => this.#runPython(args, context);
    return new Shell({
      // A decoder takes no shared memory.
      library: loadShell(new TextDecoder().decode(new Uint8Array(bytes))),
      files: this.#booted.module.FS,
      home: HOME,
      env: {},
      commands: { python, python3: python },
      isStopped: () => this.#stopped || this.#options.isSignalled(),
      networked: this.#options.networked,
    });
  }

  /** Runs a program of Python in the interpreter, whose own code waits for the shell meanwhile. */
  #runPython(args: string[], { stdin }: CommandContext): Promise<CommandResult> {
    const programs = this.#booted.pyodide.pyimport("deno_kernel.shell.programs");
    try {
      return Promise.resolve(parse(programs["run_program"]!(stringify({ args, stdin })) as string));
    } finally {
      programs.destroy();
    }
  }
}
