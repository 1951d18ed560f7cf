import type { FileSystem } from "../files/file_system.ts";
import { USER_ID } from "../files/owner.ts";
import type { StreamName } from "../streams.ts";
import type {
  BashShell,
  CommandResult,
  JavaScriptSession,
  JustBash,
  ReceiveText,
  SessionContext,
  ShellCommand,
  ShellSession,
  ShellState,
} from "./just_bash.ts";
import { ScriptSession } from "./script_session.ts";
import { fromLatin1, ShellFiles } from "./shell_files.ts";
import { Traps } from "./traps.ts";
import { umaskCommand } from "./umask.ts";

/** Options for {@linkcode Shell}. */
export interface ShellOptions {
  /** The shell's own code. */
  library: JustBash;
  /** The files of the kernel. */
  files: FileSystem;
  home: string;
  env: Record<string, string>;
  /** Commands besides the shell's own, by name. */
  commands?: Record<string, ShellCommand>;
  /** Returns true when what is executed is to stop. */
  isStopped: () => boolean;
  /** Shared memory of one number, not zero when it is worth asking `isStopped`. @default none */
  attention?: Int32Array | undefined;
  /** True when the kernel may use the network. */
  networked: boolean;
  /** True when programs in JavaScript may run: a thread of its own keeps what they throw from others. */
  runsPrograms: boolean;
  /** True when a script that computes lets other code of its thread take its turn, which may end it. @default false */
  rests?: boolean;
}

/** Options for {@linkcode Shell.run}. */
export interface RunOptions {
  /** The bytes of the standard input, one in each character. @default none */
  stdin?: string;
  /** Variables of this script alone. */
  env?: Record<string, string>;
  /** The working directory of this script alone. */
  cwd?: string;
  /** The permissions that files of this script do not get. @default those that the shell has set */
  umask?: number;
  /** True when the script changes the shell's own directory, variables and functions. @default false */
  keepsState?: boolean;
  /** Receives the output of each command when it ends, or before. @default all of it is in the result */
  onOutput?: (name: StreamName, text: string) => void;
}

/** The limits of one script. A kernel's own limits end what takes too long. */
const LIMITS = {
  maxCommandCount: 10_000_000,
  maxLoopIterations: 10_000_000,
  // These commands do not look for a stop while they loop.
  maxAwkIterations: 2_000_000,
  maxSedIterations: 2_000_000,
  maxJqIterations: 2_000_000,
  maxWorkUnits: 1_000_000_000,
};

/** The time between two looks for a stop while a script sleeps, in milliseconds. */
const LOOK_MS = 20;

/** The time for which a script computes before it lets the event loop take its turn, in milliseconds. */
const REST_AFTER_MS = 20;

/** Commands of Linux that need more than a kernel has, and what to use. */
const MISSING: Readonly<Record<string, string>> = {
  "apt": "kernels have no packages of a system",
  "apt-get": "kernels have no packages of a system",
  "curl": "the kernel was not granted net",
  "docker": "kernels start no containers",
  "gcc": "kernels have no compiler",
  "git": "kernels have no git",
  "make": "kernels have no make",
  "node": "kernels of the mode main_thread have none",
  "npm": "kernels have no packages of JavaScript",
  "ssh": "kernels reach no other machines so",
  "sudo": "kernels have one user",
  "wget": "use curl in a kernel that was granted net",
};

/** A shell with a state of its own on the files of a kernel. One script runs at a time. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #shell: BashShell;
  readonly #stop = new AbortController();
  readonly #traps = new Traps();
  readonly #files: ShellFiles;
  /** Receives the output of the command that begins, if that is shown at once. */
  #receive: ReceiveText | undefined;
  /** Ends the sleep that is under way. */
  #wake: (() => void) | undefined;
  #closed = false;
  /** When a script last let the event loop take its turn, in milliseconds. */
  #rested = 0;

  /** Starts with the home directory and a few variables. */
  constructor(options: ShellOptions) {
    this.#options = options;
    const { library, home, env, commands = {}, networked, isStopped } = options;
    this.#files = new ShellFiles(options.files, () => names);
    const own: Record<string, ShellCommand> = {
      umask: umaskCommand(this.#files),
      ...(options.runsPrograms && {
        node: (args, { cwd, exportedEnv = {}, stdin }, receive) =>
          library.programs.node(args, {
            ...this.#programContext(exportedEnv),
            cwd,
            stdin: fromLatin1(stdin),
            receive,
          }),
      }),
      ...commands,
    };
    const names = [...library.getCommandNames(), ...Object.keys(own)]
      .filter((name) => name !== "curl" || networked);
    // A shell that computes may not let the event loop take a message, so it looks by itself.
    Object.defineProperty(this.#stop.signal, "aborted", { get: isStopped });
    this.#shell = new library.Bash({
      fs: this.#files,
      cwd: home,
      env: { HOME: home, USER: "user", SHELL: "/bin/bash", PATH: "/usr/bin:/bin", ...env },
      customCommands: Object.entries(own).map(([name, run]) =>
        library.defineCommand(
          name,
          (args, context) => run(args, { ...context, umask: this.#files.umask }, this.#receive),
        )
      ),
      executionLimits: LIMITS,
      defenseInDepth: false,
      sleep: Object.assign(
        (ms: number) => this.#sleep(ms),
        options.rests && { rest: () => this.#rest() },
      ),
      ...(networked && { fetch: requestOf }),
      processInfo: { uid: USER_ID, gid: USER_ID },
    });
  }

  /** The working directory. */
  get cwd(): string {
    return this.#shell.state["cwd"] as string;
  }

  set cwd(path: string) {
    this.#shell.state["cwd"] = path;
    this.#variables.set("PWD", path);
  }

  /** The names and values of the variables. */
  get variables(): ReadonlyMap<string, string> {
    return this.#variables;
  }

  /** The names of the functions that scripts have declared. */
  get functions(): string[] {
    return [...(this.#shell.state["functions"] as Map<string, unknown>).keys()];
  }

  /** Sets variables that commands inherit. */
  export(variables: Record<string, string>): void {
    const exported = this.#shell.state["exportedVars"] as Set<string>;
    for (const [name, value] of Object.entries(variables)) {
      this.#variables.set(name, value);
      exported.add(name);
    }
  }

  /** Executes a script; resolves with its exit code, and the output that nobody has received. */
  async run(source: string, options: RunOptions = {}): Promise<CommandResult> {
    const { stdin, env, cwd, umask, keepsState = false, onOutput } = options;
    if (umask !== undefined) this.#files.umask = umask;
    const receive: ReceiveText | undefined = onOutput &&
      ((name, text) => onOutput(name, name === "stderr" ? explained(text) : text));
    const script = new ScriptSession({
      onOutput: receive,
      files: this.#files,
      traps: keepsState ? this.#traps : undefined,
      onReceiver: (receiver) => this.#receive = receiver,
    });
    const session: ShellSession = {
      execute: async (interpreter, source, state, shell) => {
        try {
          return await script.execute(interpreter, source, state, shell);
        } finally {
          if (keepsState) Object.assign(shell.state, state, PER_SCRIPT);
        }
      },
    };
    // A script may run inside of another, by a program that the other runs.
    const outer = this.#receive;
    const result = await this.#shell.exec(source, {
      rawScript: true,
      signal: this.#stop.signal,
      session,
      ...(stdin !== undefined && { stdin, stdinKind: "bytes" as const }),
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    });
    this.#receive = outer;
    const stderr = explained(result.stderr);
    if (result.stdout !== "") onOutput?.("stdout", result.stdout);
    if (stderr !== "") onOutput?.("stderr", stderr);
    return { ...result, stderr };
  }

  /** Opens a session of cells in JavaScript on the same files. */
  openSession(
    env: Record<string, string>,
    receiver: {
      print(name: StreamName, text: string): void;
      display(bundle: Record<string, unknown>): void;
    },
  ): JavaScriptSession {
    const { library, runsPrograms } = this.#options;
    if (!runsPrograms) {
      throw new Error("JavaScript runs in kernels of the modes worker and process");
    }
    return library.programs.openSession({ ...this.#programContext(env), ...receiver });
  }

  /** Gives a rejection that nobody handled to the program that runs; returns false when none does. */
  takeRejection(error: unknown): boolean {
    return this.#options.library.programs.takeRejection(error);
  }

  #programContext(env: Record<string, string>): SessionContext {
    const { files, attention, isStopped, networked } = this.#options;
    return { files, env: { ...env }, attention, isStopped, networked };
  }

  /** Lets timers and other code run when a script has computed for some time. */
  #rest(): Promise<void> | undefined {
    if (performance.now() - this.#rested < REST_AFTER_MS) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        this.#rested = performance.now();
        // A script inside of another has a signal of its own, which listens to this one.
        if (this.#options.isStopped()) this.#stop.signal.dispatchEvent(new Event("abort"));
        resolve();
      }, 0)
    );
  }

  /** Ends a sleep; what is executed has to find by itself that it is to stop. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  get #variables(): Map<string, string> {
    return this.#shell.state["env"] as Map<string, string>;
  }

  async #sleep(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (!this.#closed && !this.#options.isStopped() && performance.now() < end) {
      const part = Math.min(LOOK_MS, end - performance.now());
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, part);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      await promise;
    }
  }
}

/** The parts of a state that begin anew with each script. */
const PER_SCRIPT: ShellState = {
  localScopes: [],
  callDepth: 0,
  sourceDepth: 0,
  commandCount: 0,
  inCondition: false,
  loopDepth: 0,
  signal: undefined,
  groupStdin: undefined,
  extraArgs: undefined,
};

/** Adds to the message that a command is not there what to use instead. */
function explained(text: string): string {
  return text.replace(
    /^bash: (\S+): command not found$/gm,
    (message, name: string) =>
      Object.hasOwn(MISSING, name) ? `${message}: ${MISSING[name]}` : message,
  );
}

/** Answers a request of `curl` by `fetch`, which asks Deno's permissions. */
async function requestOf(address: string, options: {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  followRedirects?: boolean;
} = {}) {
  const { method = "GET", headers = {}, body, followRedirects = true } = options;
  const response = await fetch(address, {
    method,
    headers,
    redirect: followRedirects ? "follow" : "manual",
    ...(body !== undefined && { body }),
  });
  return {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
    url: response.url,
  };
}
