import type {
  Completeness,
  Completion,
  FileEntry,
  HistoryEntry,
  HistoryQuery,
  Inspection,
  InstalledPackage,
  LanguageInfo,
  Variable,
} from "./replies.ts";

/** A message on an open comm, or its last one. */
export interface CommMessage {
  /** The id of the comm. */
  commId: string;
  /** The events that the message causes carry this id as their execution. @default none */
  requestId?: string;
  /** Any JSON value. */
  data: unknown;
  /** Any JSON value. */
  metadata: unknown;
}

/** The first message of a comm. */
export interface CommOpening extends CommMessage {
  /** The target, as the kernel's side has registered it. */
  targetName: string;
}

/** The arguments of each call. Positions are in Unicode code points, as in Jupyter's protocol. */
export interface CallArguments {
  /** Completes `code` at a position. */
  complete: { code: string; cursorPos: number };
  /** Describes the name at a position; detail level 1 adds its source. */
  inspect: { code: string; cursorPos: number; detailLevel: 0 | 1 };
  /** Judges if code could be executed as it is. */
  isComplete: { code: string };
  /** Returns past inputs. */
  history: HistoryQuery;
  /** Describes the language. */
  info: Record<string, never>;
  /** Lists the open comms, of one target or of all. */
  commInfo: { targetName?: string };
  /** Opens a comm; the call's buffers belong to the message. */
  commOpen: CommOpening;
  /** Passes a message on; the call's buffers belong to it. */
  commMsg: CommMessage;
  /** Closes a comm; the call's buffers belong to the message. */
  commClose: CommMessage;
  /** Answers a request of the Debug Adapter Protocol, with Jupyter's additions. */
  debug: { request: Record<string, unknown> };
  /** Answers the input request of that id with a line; null ends the input. */
  inputReply: { requestId: string; value: string | null };
  /** Answers a call of a tool; the outcome is JSON of `{value}` or `{error}`. */
  toolReply: { requestId: string; outcome: string };
  /** Lists variables. */
  variables: Record<string, never>;
  /** Lists installed packages. */
  packages: Record<string, never>;
  /** Describes one file or directory. */
  fileStat: { path: string };
  /** Lists a directory. */
  fileList: { path: string };
  /** Reads `length` bytes from `offset` on; they are the answer's buffer. */
  fileRead: { path: string; offset: number; length: number };
  /** Begins to write a file: its content goes to a temporary file first. */
  fileCreate: { path: string };
  /** Writes the call's buffers to an existing file, from `offset` on. */
  fileAppend: { path: string; offset: number };
  /** Makes a directory and its parents. */
  fileMakeDirectory: { path: string };
  /** Renames a file or directory; `replace` lets it take the place of another. */
  fileRename: { from: string; to: string; replace: boolean };
  /** Removes a file or directory; `recursive` removes the content of a directory as well. */
  fileRemove: { path: string; recursive: boolean };
  /**
   * Saves the interpreter as an image of installed packages into a directory, which other interpreters start
   * from; only one that was started for that can.
   */
  saveImage: { directory: string };
}

/** The name of a call. */
export type CallMethod = keyof CallArguments;

/** The names of the calls that are about files. */
export type FileMethod = Extract<CallMethod, `file${string}`>;

/** The value that each call is answered with. */
export interface CallReplies {
  /** The possible texts. */
  complete: Completion;
  /** The description. */
  inspect: Inspection;
  /** The judgement. */
  isComplete: Completeness;
  /** The selected inputs, oldest first. */
  history: { history: HistoryEntry[] };
  /** The description of the language. */
  info: LanguageInfo;
  /** The open comms, by id. */
  commInfo: { comms: Record<string, { targetName: string }> };
  /** Nothing. */
  commOpen: Record<string, never>;
  /** Nothing. */
  commMsg: Record<string, never>;
  /** Nothing. */
  commClose: Record<string, never>;
  /** The protocol's response. */
  debug: { response: Record<string, unknown> };
  /** `accepted` is false when nobody waits for that input any more. */
  inputReply: { accepted: boolean };
  /** `accepted` is false when nobody waits for that answer any more. */
  toolReply: { accepted: boolean };
  /** The variables, by name. */
  variables: { variables: Variable[] };
  /** The packages, by name. */
  packages: { packages: InstalledPackage[] };
  /** The file or directory. */
  fileStat: FileEntry;
  /** The directory's content. */
  fileList: { entries: FileEntry[] };
  /** Nothing: the bytes are the answer's buffer, shorter than asked for at the end of the file. */
  fileRead: Record<string, never>;
  /** The path to append to, and if a file of the final name exists. */
  fileCreate: { temporary: string; exists: boolean };
  /** Nothing. */
  fileAppend: Record<string, never>;
  /** The new directory. */
  fileMakeDirectory: FileEntry;
  /** The file or directory under its new name. */
  fileRename: FileEntry;
  /** Nothing. */
  fileRemove: Record<string, never>;
  /** Nothing. */
  saveImage: Record<string, never>;
}

/** The answer to a call: a value, and the bytes that belong to it. */
export interface Answer<T> {
  /** The value, which is plain data. */
  value: T;
  /** The bytes, of which most answers have none. */
  buffers: Uint8Array<ArrayBuffer>[];
}

/** Options for calls, which a kernel answers between its executions. */
export interface CallOptions {
  /** Gives up waiting; the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Calls a kernel. */
export type CallKernel = <M extends CallMethod>(
  method: M,
  args: CallArguments[M],
  buffers?: Uint8Array[],
  options?: CallOptions,
) => Promise<Answer<CallReplies[M]>>;
