import type { MimeBundle } from "./events.ts";

/** One cell to execute. */
export interface ExecuteRequest {
  /** The id of the execution. */
  id: string;
  /** The cell's code. */
  code: string;
  /** Shows nothing and leaves the execution count alone. */
  silent: boolean;
  /** Keeps the code in the history and counts it. */
  storeHistory: boolean;
  /** Expressions to evaluate after the cell, by name. */
  userExpressions: Record<string, string>;
  /** True when somebody answers the cell's requests for input. */
  allowStdin: boolean;
}

/** A value in each format that it can be shown in. */
export interface DisplayedValue {
  /** The value in each of its formats, by MIME type. */
  data: MimeBundle;
  /** Facts about the formats, by MIME type. */
  metadata: Record<string, unknown>;
}

/** An exception of the kernel's language. */
export interface ExecutionError {
  /** The name of its class. */
  ename: string;
  /** Its message. */
  evalue: string;
  /** Its traceback: lines to show, with ANSI colours. */
  traceback: string[];
}

/** The older name of {@linkcode ExecutionError}. */
export type PythonError = ExecutionError;

/** The outcome of an evaluated user expression. */
export type UserExpression =
  | ({ status: "ok" } & DisplayedValue)
  | ({ status: "error" } & ExecutionError);

/** The outcome of a cell, as the interpreter reports it. */
export interface ExecuteReply {
  /** `error`: an exception ended the cell. `aborted`: it was not executed. */
  status: "ok" | "error" | "aborted";
  /** The `n` of `In[n]`. */
  executionCount: number;
  /** The value of the last expression; null when there is none. */
  result: DisplayedValue | null;
  /** The exception that ended the cell; null when none did. */
  error: ExecutionError | null;
  /** The outcome of each requested expression, by name. */
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
  /** The size of the interpreter's memory after the cell, in bytes; null when its host cannot know. */
  memoryBytes: number | null;
  /** The output that was dropped inside the kernel because it exceeded the limit, in bytes. */
  droppedBytes: number;
  /** The part of what the cell did that may be missing here, such as "outputs while disconnected". */
  lost?: string | undefined;
}

/** A silent request that leaves nothing behind, for code that the library itself executes. */
export function silentRequest(id: string, code: string): ExecuteRequest {
  return {
    id,
    code,
    silent: true,
    storeHistory: false,
    userExpressions: {},
    allowStdin: false,
  };
}
