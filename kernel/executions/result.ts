import type { DisplayedValue, ExecutionError, UserExpression } from "../cell.ts";
import type { KernelEvent } from "../events.ts";
import type { Output } from "./outputs.ts";

/** Options for one execution. */
export interface ExecuteOptions {
  /** The execution's id. @default a random UUID */
  id?: string;
  /** Shows nothing, keeps no history and leaves the count alone. @default false */
  silent?: boolean;
  /** Keeps the code in the history and counts it. @default true, unless silent */
  storeHistory?: boolean;
  /** Expressions to evaluate after the cell, by name. */
  userExpressions?: Record<string, string>;
  /** Says that somebody answers `input_request` events; otherwise `input()` raises. @default false */
  allowStdin?: boolean;
  /**
   * Interrupts the execution after this many milliseconds of running, and replaces the kernel by a
   * fresh one when that does not stop it; 0: never, but for the kernel's own limit. A main-thread
   * kernel can only be interrupted while it waits, and cannot be replaced while it computes. @default 0
   */
  timeoutMs?: number;
  /** The older name of `timeoutMs`. */
  timeout?: number;
  /** Cancels the execution while it waits in the queue, and interrupts it when it runs. */
  signal?: AbortSignal;
}

/** The outcome of one execution. */
export interface ExecuteResult {
  /** The execution's id. */
  id: string;
  /** The id of its kernel. */
  kernelId: string;
  /** `aborted`: it never ran, or the kernel ended under it. */
  status: "ok" | "error" | "aborted";
  /** `status === "ok"`. */
  success: boolean;
  /** The number of the cell, `In[n]`; null when it never ran. */
  executionCount: number | null;
  /** The value of the last expression; null when there is none. */
  result: DisplayedValue | null;
  /** The exception that ended it, or the reason why it was aborted; null when it is ok. */
  error: ExecutionError | null;
  /** Its outputs: streams joined, displays updated, cleared outputs left out. */
  outputs: Output[];
  /** True when `outputs` leaves out text, because there was too much to keep. */
  outputsTruncated: boolean;
  /** The outcome of each requested expression, by name. */
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
  /** True when a limit of time ended it. */
  timedOut: boolean;
  /** The size of the interpreter's memory afterwards, in bytes; null when it never ran. */
  memoryBytes: number | null;
  /** The resources that it used. */
  usage: ExecutionUsage;
  /** The moments and durations of its stages. */
  timings: ExecutionTimings;
  /** The consequences for its kernel. */
  kernel: KernelOutcome;
  /**
   * The part of it that may be missing here, such as "outputs while disconnected" from a kernel of another
   * server; absent when nothing is.
   */
  lost?: string;
}

/** The resources that an execution used; null is what cannot be measured in the kernel's mode. */
export interface ExecutionUsage {
  /** The time that it ran, in milliseconds. */
  wallMs: number;
  /**
   * The processor time of its thread, in milliseconds. Other threads of the JavaScript engine, which
   * compile for example, are not counted.
   */
  cpuMs: number | null;
  /**
   * The most memory that its kernel had at a time, in bytes: of its process meanwhile, or that of its
   * interpreter since its start.
   */
  peakMemoryBytes: number | null;
  /** The size of all that it wrote and displayed, in bytes, dropped output included. */
  outputBytes: number;
  /** The part of that which was dropped because it exceeded the limit, in bytes. */
  droppedOutputBytes: number;
}

/** The moments of an execution in milliseconds since the epoch, and durations in milliseconds. */
export interface ExecutionTimings {
  /** The moment of the request. */
  queuedAt: number;
  /** The moment when it began to run; null when it never did. */
  startedAt: number | null;
  /** The moment of its end. */
  finishedAt: number;
  /** The time that it waited for its turn. */
  queuedMs: number;
  /** The time that it ran. */
  wallMs: number;
}

/** The consequences of an execution for its kernel. */
export interface KernelOutcome {
  /** True when the variables from before are still there. */
  statePreserved: boolean;
  /** True when the kernel was replaced by a fresh one of the same id. */
  restarted: boolean;
  /** The reason, when something out of the ordinary happened. */
  reason: string | null;
}

/** An execution that waits or runs. */
export interface OngoingExecution {
  /** The execution's id. */
  id: string;
  /** The code of the cell. */
  code: string;
  /** `running` when it has its turn. */
  status: "queued" | "running";
  /** The moment of the request, in milliseconds since the epoch. */
  queuedAt: number;
  /** The moment when it began to run, in milliseconds since the epoch; null before. */
  startedAt: number | null;
  /** The time that it has been running, in milliseconds. */
  runningTimeMs: number;
}

/** The executions of a kernel that have not finished. */
export interface ExecutionInfo {
  /** The number of those that wait or run. */
  count: number;
  /** True when one has been running for longer than the kernel's `maxExecutionTimeMs`. */
  isStuck: boolean;
  /** The time that the running one has been running, in milliseconds; 0 when none is. */
  longestRunningTimeMs: number;
  /** The older name of `longestRunningTimeMs`. */
  longestRunningTime: number;
  /** Each of them, the running one first. */
  executions: OngoingExecution[];
}

/** An execution that was asked for. */
export interface SubmittedExecution {
  /** The execution's id. */
  readonly id: string;
  /** Resolves with the outcome; never rejects. */
  readonly result: Promise<ExecuteResult>;
  /** The outputs so far; afterwards those of the result. */
  readonly outputs: Output[];
  /** True when `outputs` leaves out text, because there was too much of it to keep. */
  readonly outputsTruncated: boolean;
}

/** An execution and its events, as they happen. */
export interface ExecutionStream extends SubmittedExecution, AsyncIterable<KernelEvent> {
  /** Takes it out of the queue; false when it runs already (interrupt the kernel) or is done. */
  cancel(): boolean;
}
