/** Types of the part of just-bash that kernels use, and of the changes that set-up makes to it. */
import process from "node:process";
import { Script } from "node:vm";
import type { FileSystem } from "../files/file_system.ts";
import type { StreamName } from "../streams.ts";

/** Taken before the globals are reduced and user code runs. */
const ScriptClass = Script;
const getBuiltin = (process as unknown as { getBuiltinModule(name: string): object | undefined })
  .getBuiltinModule;

/** The outcome of a command. */
export interface CommandResult {
  stdout: string;
  /** `bytes`: the output has one character for each byte. @default text */
  stdoutKind?: "bytes" | "text";
  stderr: string;
  exitCode: number;
}

/** The things that a command of our own is called with. */
export interface CommandContext {
  fs: ShellFileSystem;
  cwd: string;
  env: Map<string, string>;
  /** The variables that programs inherit. */
  exportedEnv?: Record<string, string>;
  /** The bytes of the standard input, one in each character. */
  stdin: string;
  /** The permissions that new files do not get. */
  umask: number;
  /** Calls the library's own command of the same name; absent when it has none. */
  origCommand?(args: string[]): Promise<CommandResult>;
}

/** Receives what a command prints before it ends. */
export type ReceiveText = (name: StreamName, text: string) => void;

/** A command of our own. */
export interface Command {
  name: string;
}

/**
 * Executes a command that a kernel adds to the shell. With `receive`, the output may be handed on at once; it is
 * then not in the result.
 */
export type ShellCommand = (
  args: string[],
  context: CommandContext,
  receive?: ReceiveText,
) => Promise<CommandResult>;

/** One script that the shell has parsed. */
export interface ShellScript {
  statements: ShellNode[];
}

/** A part of a script: a statement, a pipeline or a command. */
export interface ShellNode {
  type: string;
  /** The pipelines of a statement. */
  pipelines?: { commands: ShellNode[] }[];
  redirections?: { operator: string; fd: number | null }[];
  /** The command that a definition of a function names, or the statements of a subshell. */
  body?: unknown;
  /** The statements that one of ours stands for. */
  whole?: ShellNode[];
}

/** Executes scripts in one state. Its own methods call each other by the names of the object, or of its `ctx`. */
export interface ShellInterpreter {
  executeScript(script: ShellScript): Promise<CommandResult>;
  executeStatement(node: ShellNode): Promise<CommandResult>;
  executePipeline(node: { commands: ShellNode[] }): Promise<CommandResult>;
  executeCommand(node: ShellNode, stdin: string, stdinOwned?: boolean): Promise<CommandResult>;
  executeSubshell(node: ShellNode, ...rest: unknown[]): Promise<CommandResult>;
  /** Executes a script that is a file. */
  executeUserScript(path: string, args: string[], stdin?: string): Promise<CommandResult>;
  /** Executes a command whose words were expanded. */
  runCommand(
    name: string,
    args: string[],
    quoted: boolean[],
    stdin: string,
    ...rest: unknown[]
  ): Promise<CommandResult>;
  readonly ctx: {
    readonly state: ShellState;
    executeScript: ShellInterpreter["executeScript"];
    executeStatement: ShellInterpreter["executeStatement"];
    executeCommand: ShellInterpreter["executeCommand"];
    /** Executes text in a shell of its own. */
    execFn(source: string, options: object | undefined, counted: boolean): Promise<CommandResult>;
  };
}

/** The variables, functions and options of the shell, and the counts of its limits. */
export type ShellState = Record<string, unknown>;

/** Takes part in the execution of a call: see `patch_shell.ts`. */
export interface ShellSession {
  execute(
    interpreter: ShellInterpreter,
    script: ShellScript,
    state: ShellState,
    shell: BashShell,
  ): Promise<CommandResult>;
}

/** The shell. */
export interface BashShell {
  state: ShellState;
  exec(
    source: string,
    options: {
      stdin?: string;
      stdinKind?: "text" | "bytes";
      signal?: AbortSignal;
      session?: ShellSession;
      env?: Record<string, string>;
      cwd?: string;
      rawScript?: boolean;
    },
  ): Promise<CommandResult>;
  /** Turns the output of a part of a script into texts. */
  logResult(result: CommandResult): CommandResult;
}

/** The facts of a file, as the shell reads them. */
export interface ShellFileStat {
  isFile: boolean;
  isDirectory: boolean;
  isSymbolicLink: boolean;
  mode: number;
  size: number;
  mtime: Date;
  /** A text that only names of the same file share. */
  readonly identity?: string;
}

type Encoding = string | { encoding?: string | null } | undefined;

/** The files that the shell works on. */
export interface ShellFileSystem {
  readFile(path: string, encoding?: Encoding): Promise<string>;
  readFileBuffer(path: string): Promise<Uint8Array>;
  writeFile(path: string, content: string | Uint8Array, encoding?: Encoding): Promise<void>;
  appendFile(path: string, content: string | Uint8Array, encoding?: Encoding): Promise<void>;
  exists(path: string): Promise<boolean>;
  stat(path: string): Promise<ShellFileStat>;
  lstat(path: string): Promise<ShellFileStat>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<void>;
  readdir(path: string): Promise<string[]>;
  rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void>;
  cp(from: string, to: string, options?: { recursive?: boolean }): Promise<void>;
  mv(from: string, to: string): Promise<void>;
  resolvePath(base: string, path: string): string;
  getAllPaths(): string[];
  chmod(path: string, mode: number): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  utimes(path: string, accessed: Date, modified: Date): Promise<void>;
}

/** The things that a program of a command works with. */
export interface ProgramContext extends SessionContext {
  cwd: string;
  /** The bytes of the standard input. */
  stdin: Uint8Array;
  /** Receives output at once. @default all of it is in the result */
  receive?: ReceiveText | undefined;
}

/** The things that a session of cells works with. */
export interface SessionContext {
  files: FileSystem;
  env: Record<string, string>;
  /** Returns true when what is executed is to stop. */
  isStopped(): boolean;
  /** Shared memory of one number, not zero when it is worth asking `isStopped`. */
  attention?: Int32Array | undefined;
  /** True when the kernel may use the network. */
  networked: boolean;
}

/** A session of cells in JavaScript, in a realm of its own. */
export interface JavaScriptSession {
  /** Executes a cell until nothing is left to do; the bundle is its value, null for none. */
  run(
    source: string,
    language: "javascript" | "typescript",
  ): Promise<{ failed: boolean; bundle: Record<string, unknown> | null }>;
}

/** The programs of commands that the library lacks. */
export interface ShellPrograms {
  /** `node`. */
  node(args: string[], context: ProgramContext): Promise<CommandResult>;
  /** Opens a session of cells, whose output is printed at once. */
  openSession(
    context: SessionContext & {
      print(name: StreamName, text: string): void;
      display(bundle: Record<string, unknown>): void;
    },
  ): JavaScriptSession;
  /** Gives a rejection that nobody handled to the program that runs; returns false when none does. */
  takeRejection(error: unknown): boolean;
}

/** The exports of the bundle. */
export interface JustBash {
  programs: ShellPrograms;
  Bash: new (options: {
    fs: ShellFileSystem;
    cwd: string;
    env: Record<string, string>;
    customCommands: Command[];
    executionLimits: Record<string, number>;
    defenseInDepth: false;
    sleep: (ms: number) => Promise<void>;
    fetch?: (address: string, options?: FetchOptions) => Promise<FetchResult>;
    processInfo: { uid: number; gid: number };
  }) => BashShell;
  defineCommand(
    name: string,
    execute: (args: string[], context: CommandContext) => Promise<CommandResult>,
  ): Command;
  getCommandNames(): string[];
}

/** The options of a request of `curl`. */
export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  followRedirects?: boolean;
  signal?: AbortSignal;
}

/** The answer to a request of `curl`. */
export interface FetchResult {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: Uint8Array;
  url: string;
}

/** Loads the shell from its source, which set-up makes. */
export function loadShell(source: string): JustBash {
  const module = { exports: {} as JustBash };
  const define = new ScriptClass(`(function(module,exports,require,process){${source}\n})`, {
    filename: "shell.js",
  }).runInThisContext() as (...args: unknown[]) => void;
  define(module, module.exports, requireBuiltIn, undefined);
  return module.exports;
}

/** Returns a module of Node. The shell's own compression waits for nothing and is not used. */
function requireBuiltIn(name: string): unknown {
  if (name.startsWith("node:") && name !== "node:zlib") return getBuiltin(name);
  const missing = () => {
    throw new Error("compression is not part of this shell");
  };
  return new Proxy({}, { get: (_, member) => member === "constants" ? {} : missing });
}
