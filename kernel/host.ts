import type { HostEvent, MimeBundle } from "./events.ts";
import type { Mount } from "./mounts.ts";
import type { GrantedPermissions } from "./permissions.ts";

/** What runs one kernel. The manager owns identity and policy; a host owns the engine. */
export interface KernelHost extends AsyncDisposable {
  /** What Python's surroundings may do: exactly this. */
  readonly permissions: GrantedPermissions;
  /** Whether `interrupt` reaches Python that is computing, and `dispose` stops it. */
  readonly preemptive: boolean;
  /** Resolves with the reason when the engine ends by itself; never rejects. */
  readonly exited: Promise<string>;
  /** Starts the interpreter; rejects when it cannot be. Called once, before anything else. */
  start(): Promise<void>;
  /** Runs one cell; the caller sends one at a time. Rejects only when the engine ends. */
  execute(request: ExecuteRequest): Promise<ExecuteReply>;
  /** Asks the kernel's Python side something; rejects when it fails or the engine ends. */
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

/** What a host needs to start. */
export interface HostInit {
  kernelId: string;
  mounts: Mount[];
  permissions: GrantedPermissions;
  env: Record<string, string>;
  cwd: string;
  /** Receives every event of the kernel, in order. */
  onEvent: (event: HostEvent) => void;
}

/** One cell to run. */
export interface ExecuteRequest {
  id: string;
  code: string;
  /** Show nothing and leave the execution count alone. */
  silent: boolean;
  storeHistory: boolean;
  /** Expressions to evaluate after the cell, by name. */
  userExpressions: Record<string, string>;
  /** Whether somebody is there to answer `input()`. */
  allowStdin: boolean;
}

/** A value as shown: its formats, and what belongs to each. */
export interface DisplayedValue {
  data: MimeBundle;
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
  status: "ok" | "error" | "aborted";
  executionCount: number;
  result: DisplayedValue | null;
  error: PythonError | null;
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
}

/** Positions are in Unicode code points, as in Jupyter's protocol. */
export interface CallArguments {
  complete: { code: string; cursorPos: number };
  inspect: { code: string; cursorPos: number; detailLevel: 0 | 1 };
  isComplete: { code: string };
  history: HistoryQuery;
  info: Record<string, never>;
  commInfo: { targetName?: string };
  commOpen: { commId: string; targetName: string; data: unknown; metadata: unknown };
  commMsg: { commId: string; data: unknown; metadata: unknown };
  commClose: { commId: string; data: unknown; metadata: unknown };
  inputReply: { requestId: string; value: string };
}

/** What the kernel's Python side can be asked. */
export type CallMethod = keyof CallArguments;

/** The answers, by method. */
export interface CallReplies {
  complete: Completion;
  inspect: Inspection;
  isComplete: Completeness;
  history: { history: HistoryEntry[] };
  info: LanguageInfo;
  commInfo: { comms: Record<string, { targetName: string }> };
  commOpen: Record<string, never>;
  commMsg: Record<string, never>;
  commClose: Record<string, never>;
  inputReply: { accepted: boolean };
}

/** What could stand at the cursor. */
export interface Completion {
  matches: string[];
  /** The matches replace the code from here... */
  cursorStart: number;
  /** ...to here, in code points. */
  cursorEnd: number;
  metadata: Record<string, unknown>;
}

/** What is known of the thing at the cursor. */
export interface Inspection {
  found: boolean;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** Whether code can be run as it is, and how a next line would be indented. */
export interface Completeness {
  status: "complete" | "incomplete" | "invalid" | "unknown";
  indent: string;
}

/** Which past inputs to return. */
export interface HistoryQuery {
  accessType: "range" | "tail" | "search";
  /** With outputs. */
  output?: boolean;
  raw?: boolean;
  /** For a range: 0 is the current session. */
  session?: number;
  start?: number;
  stop?: number;
  /** The most entries, for tail and search. */
  n?: number;
  /** A glob, for search. */
  pattern?: string;
  unique?: boolean;
}

/** Session, line, and the input, or the input and its output. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** What the kernel says of itself. */
export interface LanguageInfo {
  implementation: string;
  implementationVersion: string;
  banner: string;
  languageInfo: Record<string, unknown>;
}

/** Makes the host that runs a kernel. */
export type HostFactory = (init: HostInit) => KernelHost;
