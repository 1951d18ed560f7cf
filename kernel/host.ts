import type { FileEntry } from "./calls/files.ts";
import type { KernelEvent, KernelEventType, MimeBundle } from "./events.ts";
import type { IsolationMeasure } from "./isolation.ts";
import type { KernelLimits } from "./limits/limits.ts";
import type { Mount } from "./mounts.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { KernelMode } from "./options.ts";
import type { GrantedPermissions } from "./permissions.ts";

/** What runs one kernel. The manager owns identity and policy; a host owns the engine. */
export interface KernelHost extends AsyncDisposable {
  /**
   * Begins to measure what the engine uses; the answer tells what it has used since. Null is what
   * cannot be measured.
   */
  meter(): () => HostUsage;
  /** Resolves with the reason when the engine ends by itself; never rejects. */
  readonly exited: Promise<string>;
  /** The interpreter's memory in bytes, as last heard of; null before the start. */
  readonly memoryBytes: number | null;
  /** Starts the interpreter; rejects when it cannot be. Called once, before anything else. */
  start(): Promise<void>;
  /** Makes a started interpreter, which has run nothing, that of a kernel: its id, environment and directory. */
  configure(identity: KernelIdentity): Promise<void>;
  /** Runs one cell; the caller sends one at a time. Rejects only when the engine ends. */
  execute(request: ExecuteRequest): Promise<ExecuteReply>;
  /** Asks the kernel something; rejects when it fails or the engine ends. */
  call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
  ): Promise<CallReplies[M]>;
  /** Raises KeyboardInterrupt in that execution; false when it could not be delivered. */
  interrupt(executionId: string): Promise<boolean>;
  /** Whether the engine answers within the time. */
  ping(timeoutMs: number): Promise<boolean>;
  /** Ends the engine, settles every call, frees everything. `leaked`: its thread did not stop. */
  terminate(reason: string): Promise<{ leaked: boolean }>;
}

/** What an engine has used. */
export interface HostUsage {
  /** Processor time, in milliseconds. */
  cpuMs: number | null;
  /** The most memory that it had at a time, in bytes. */
  peakMemoryBytes: number | null;
}

/** An event as it comes from the interpreter, before the kernel's id is put on it. */
export type HostEvent = WithoutKernelId<Exclude<KernelEvent, { type: OwnEventType }>>;

/** What the kernel reports itself; no interpreter may. */
export type OwnEventType = Extract<
  KernelEventType,
  "status" | "execution_stalled" | "kernel_terminated"
>;
/** Removes `kernelId`, which the side that runs Python does not know. */
export type WithoutKernelId<E> = E extends KernelEvent ? Omit<E, "kernelId"> : never;

/** What tells apart kernels that are otherwise alike. */
export interface KernelIdentity {
  /** The id of the kernel. */
  kernelId: string;
  /** Python's environment variables. */
  env: Record<string, string>;
  /** Python's working directory. */
  cwd: string;
}

/** What a host needs to start. */
export interface HostInit extends KernelIdentity {
  /** What to show inside the kernel. */
  mounts: Mount[];
  /** What Python and its surroundings may do. */
  permissions: GrantedPermissions;
  /** What it may use. */
  limits: KernelLimits;
  /** Whether strings may become JavaScript code, where the mode can forbid it. @default false */
  javascript?: boolean;
  /** What it has installed when it is handed out. @default nothing */
  installed?: readonly string[];
  /** Gives it packages. @default it gets none */
  packages?: PackageBroker | undefined;
  /** Receives every event of the kernel, in order. */
  onEvent: (event: HostEvent) => void;
}

/** One cell to run. */
export interface ExecuteRequest {
  /** Names the execution. */
  id: string;
  /** The cell. */
  code: string;
  /** Show nothing and leave the execution count alone. */
  silent: boolean;
  /** Whether to keep it in the history and count it. */
  storeHistory: boolean;
  /** Expressions to evaluate after the cell, by name. */
  userExpressions: Record<string, string>;
  /** Whether somebody is there to answer `input()`. */
  allowStdin: boolean;
}

/** A value as shown: its formats, and what belongs to each. */
export interface DisplayedValue {
  /** Its formats, by MIME type. */
  data: MimeBundle;
  /** What belongs to the formats, by MIME type. */
  metadata: Record<string, unknown>;
}

/** A Python exception as shown. */
export interface PythonError {
  /** The exception's class name. */
  ename: string;
  /** Its message. */
  evalue: string;
  /** Lines to show, with ANSI colours. */
  traceback: string[];
}

/** What became of an evaluated user expression. */
export type UserExpression =
  | ({ status: "ok" } & DisplayedValue)
  | ({ status: "error" } & PythonError);

/** What became of a cell. */
export interface ExecuteReply {
  /** Whether it can be run. */
  status: "ok" | "error" | "aborted";
  /** The `n` of `In[n]`. */
  executionCount: number;
  /** The last expression's value. */
  result: DisplayedValue | null;
  /** The exception that ended it. */
  error: PythonError | null;
  /** What became of each expression that was asked for. */
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
  /** The size of the interpreter's memory afterwards, in bytes. */
  memoryBytes: number;
  /** How much it did not show, because it was more than the limit, in bytes. */
  droppedBytes: number;
}

/** A message on a comm, or its end. */
export interface CommMessage {
  /** Names the comm. */
  commId: string;
  /** What the events that it causes name as their execution. @default none */
  requestId?: string;
  /** Anything that JSON can say. */
  data: unknown;
  /** Anything that JSON can say. */
  metadata: unknown;
}

/** The beginning of a comm. */
export interface CommOpening extends CommMessage {
  /** What Python has registered. */
  targetName: string;
}

/** Positions are in Unicode code points, as in Jupyter's protocol. */
export interface CallArguments {
  /** What to complete, and where. */
  complete: { code: string; cursorPos: number };
  /** What to look at; detail 1 includes the source. */
  inspect: { code: string; cursorPos: number; detailLevel: 0 | 1 };
  /** What may be run. */
  isComplete: { code: string };
  /** Which past inputs. */
  history: HistoryQuery;
  /** Nothing. */
  info: Record<string, never>;
  /** The target whose comms to list; by default all. */
  commInfo: { targetName?: string };
  /** The comm to open. */
  commOpen: CommOpening;
  /** The message to pass on. */
  commMsg: CommMessage;
  /** The comm to close. */
  commClose: CommMessage;
  /** The line for the request of that id, or null for the end of the input. */
  inputReply: { requestId: string; value: string | null };
  /** Nothing. */
  variables: Record<string, never>;
  /** Nothing. */
  packages: Record<string, never>;
  /** The file to look at. */
  fileStat: { path: string };
  /** The directory to list. */
  fileList: { path: string };
  /** Which bytes of which file. */
  fileRead: { path: string; offset: number; length: number };
  /** The file that will be written: its content goes to a temporary one first. */
  fileCreate: { path: string };
  /** Where the bytes go, which are the call's buffers. */
  fileAppend: { path: string; offset: number };
  /** The directory to make. */
  fileMakeDirectory: { path: string };
  /** What becomes what, and whether over something else. */
  fileRename: { from: string; to: string; replace: boolean };
  /** What to remove, and whether with what is in it. */
  fileRemove: { path: string; recursive: boolean };
}

/** What a kernel can be asked besides running cells. */
export type CallMethod = keyof CallArguments;

/** The calls that are about files, which Python has no part in. */
export type FileMethod = Extract<CallMethod, `file${string}`>;

/** The answers, by method. */
export interface CallReplies {
  /** What to complete, and where. */
  complete: Completion;
  /** What to look at; detail 1 includes the source. */
  inspect: Inspection;
  /** What may be run. */
  isComplete: Completeness;
  /** Which past inputs. */
  history: { history: HistoryEntry[] };
  /** Nothing. */
  info: LanguageInfo;
  /** The target whose comms to list; by default all. */
  commInfo: { comms: Record<string, { targetName: string }> };
  /** The comm to open. */
  commOpen: Record<string, never>;
  /** The message to pass on. */
  commMsg: Record<string, never>;
  /** The comm to close. */
  commClose: Record<string, never>;
  /** The line for the request of that id. */
  inputReply: { accepted: boolean };
  /** What cells have made. */
  variables: { variables: Variable[] };
  /** What is installed. */
  packages: { packages: InstalledPackage[] };
  /** What it is. */
  fileStat: FileEntry;
  /** What is in it. */
  fileList: { entries: FileEntry[] };
  /** Fewer than were asked for at the end of the file. */
  fileRead: { bytes: Uint8Array<ArrayBuffer> };
  /** Where to write, and whether a file is going to be replaced. */
  fileCreate: { temporary: string; exists: boolean };
  /** Nothing. */
  fileAppend: Record<string, never>;
  /** The new directory. */
  fileMakeDirectory: FileEntry;
  /** What it has become. */
  fileRename: FileEntry;
  /** Nothing. */
  fileRemove: Record<string, never>;
}

/** A package that is installed. */
export interface InstalledPackage {
  /** Its name. */
  name: string;
  /** Its version. */
  version: string;
}

/** A variable that cells have made, at a glance. */
export interface Variable {
  /** Its name. */
  name: string;
  /** The name of its class. */
  type: string;
  /** A line about its value. */
  summary: string;
  /** How much memory it takes by itself, in bytes; null when nobody knows. */
  bytes: number | null;
  /** What `len()` says; null when it has none. */
  length: number | null;
  /** Of an array or table; null of anything else. */
  shape: number[] | null;
}

/** What could stand at the cursor. */
export interface Completion {
  /** What could stand there. */
  matches: string[];
  /** The matches replace the code from here... */
  cursorStart: number;
  /** ...to here, in code points. */
  cursorEnd: number;
  /** What belongs to the formats, by MIME type. */
  metadata: Record<string, unknown>;
}

/** What is known of the thing at the cursor. */
export interface Inspection {
  /** Whether anything is known. */
  found: boolean;
  /** Its formats, by MIME type. */
  data: MimeBundle;
  /** What belongs to the formats, by MIME type. */
  metadata: Record<string, unknown>;
}

/** Whether code can be run as it is, and how a next line would be indented. */
export interface Completeness {
  /** Whether it can be run. */
  status: "complete" | "incomplete" | "invalid" | "unknown";
  /** What a next line would begin with. */
  indent: string;
}

/** Which past inputs to return. */
export interface HistoryQuery {
  /** Which entries: by number, the last ones, or by pattern. */
  accessType: "range" | "tail" | "search";
  /** With outputs. */
  output?: boolean;
  /** As typed, or with magics transformed. */
  raw?: boolean;
  /** For a range: 0 is the current session. */
  session?: number;
  /** For a range: the first line. */
  start?: number;
  /** For a range: the line after the last. */
  stop?: number;
  /** The most entries, for tail and search. */
  n?: number;
  /** A glob, for search. */
  pattern?: string;
  /** For a search: each input once. */
  unique?: boolean;
}

/** Session, line, and the input, or the input and its output. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** What the kernel says of itself. */
export interface LanguageInfo {
  /** The kernel's name. */
  implementation: string;
  /** The kernel's version. */
  implementationVersion: string;
  /** A greeting for a terminal. */
  banner: string;
  /** The language, in the shape of Jupyter's `language_info`. */
  languageInfo: Record<string, unknown>;
}

/** Makes the host that runs a kernel. */
export type HostFactory = (init: HostInit) => KernelHost;

/** What makes the host of a kernel, for each mode. */
export type Hosts = Record<KernelMode, HostFactory> & {
  /** What keeps process kernels in. */
  isolation?: () => Promise<IsolationMeasure[]>;
};
