import type {
  DisplayedValue,
  ExecutionUsage,
  KernelOutcome,
  Output,
  PythonError,
  UserExpression,
} from "../../../kernel/mod.ts";

/** The values of an execution's status. `lost`: the server ended under it, and nobody knows how far it came. */
export const EXECUTION_STATUSES = [
  "queued",
  "running",
  "ok",
  "error",
  "aborted",
  "timeout",
  "lost",
] as const;

/** The progress or the outcome of an execution. */
export type ExecutionStatus = typeof EXECUTION_STATUSES[number];

/** The families of APIs by which an execution may have come. */
export const EXECUTION_ORIGINS = [
  "native",
  "jupyter",
  "earlier",
  "mcp",
  "coderunner",
  "colab",
  "kernel_proxy",
  "jupycell",
  "e2b",
] as const;

/** The family of APIs by which an execution came. */
export type ExecutionOrigin = typeof EXECUTION_ORIGINS[number];

/** The state of an execution at one time, without its outputs. */
export interface ExecutionSummary {
  id: string;
  kernelId: string;
  code: string;
  origin: ExecutionOrigin;
  /** The name of the tool that an agent called to run the code; null: the code came by no tool. */
  tool: string | null;
  status: ExecutionStatus;
  /** The number of the cell, `In[n]`; null before it runs, and when it never ran. */
  executionCount: number | null;
  /** True when the outputs leave out text because there was too much of it. */
  outputsTruncated: boolean;
  /** The value of the last expression in each of its formats. */
  result: DisplayedValue | null;
  /** The exception that ended the execution, or the reason why it was aborted. */
  error: PythonError | null;
  /** The resources that the execution used; null until it is done. */
  usage: ExecutionUsage & { queuedMs: number; memoryBytes: number | null } | null;
  /** The effect of the execution on its kernel. */
  kernel: KernelOutcome;
  /** The part of what it did that may be missing here; absent when nothing is. */
  lost?: string | undefined;
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
  /** The number of the newest event. */
  lastEvent: number;
  /** ISO 8601, like the other times. */
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** The state of an execution at one time. While it runs, its outputs are those so far. */
export interface ExecutionRecord extends ExecutionSummary {
  outputs: Output[];
}

/** Returns a record without its outputs. */
export function withoutOutputs({ outputs: _, ...rest }: ExecutionRecord): ExecutionSummary {
  return rest;
}

/** Returns a record that says of its outputs only that they were too large to be kept. */
export function withoutContents(record: ExecutionRecord): ExecutionRecord {
  const { error } = record;
  const text = "\n[The outputs are left out here: they are larger than one record can be.]\n";
  return {
    ...record,
    outputs: [{ output_type: "stream", name: "stderr", text }],
    outputsTruncated: true,
    result: null,
    error: error && {
      ename: error.ename.slice(0, MAX_LISTED_TEXT),
      evalue: error.evalue.slice(0, MAX_LISTED_TEXT),
      traceback: [],
    },
    userExpressions: {},
    payload: [],
  };
}

/** The most characters of code, and of an exception's text, in a list of executions. */
const MAX_LISTED_TEXT = 10_000;

/** An execution in a list: without anything that may be large. */
export interface ListedExecution extends ExecutionSummary {
  /** True when `code` is only the beginning of the code. */
  codeTruncated: boolean;
}

/** Returns an execution as a list shows it: no value, no traceback, and the beginnings of long texts. */
export function listed(summary: ExecutionSummary): ListedExecution {
  const { code, error } = summary;
  return {
    ...summary,
    code: code.slice(0, MAX_LISTED_TEXT),
    codeTruncated: code.length > MAX_LISTED_TEXT,
    result: null,
    error: error && { ...error, evalue: error.evalue.slice(0, MAX_LISTED_TEXT), traceback: [] },
    userExpressions: {},
    payload: [],
  };
}
