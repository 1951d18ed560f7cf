import type { KernelEvent } from "../events.ts";
import { KernelError } from "../errors.ts";
import type { DisplayedValue, ExecuteReply, PythonError, UserExpression } from "../host.ts";
import { type Output, OutputCollector } from "./outputs.ts";

/** Options for one execution. */
export interface ExecuteOptions {
  /** The execution's id. @default a random UUID */
  id?: string;
  /** Show nothing, keep no history, leave the count alone. @default false */
  silent?: boolean;
  /** Keep the code in the history and count it. @default true, unless silent */
  storeHistory?: boolean;
  /** Expressions to evaluate after the cell, by name. */
  userExpressions?: Record<string, string>;
  /** Whether somebody answers `input_request` events; otherwise `input()` raises. @default false */
  allowStdin?: boolean;
  /**
   * Interrupts the execution after this many milliseconds of running, and replaces the kernel by a
   * fresh one when that does not stop it; 0: never, but for the kernel's own limit. A main-thread
   * kernel can only be interrupted while it waits, and cannot be replaced while it computes. @default 0
   */
  timeout?: number;
  /** Cancels the execution while it waits in the queue, interrupts it when it runs. */
  signal?: AbortSignal;
}

/** What became of one execution. */
export interface ExecuteResult {
  /** The execution's id. */
  id: string;
  /** The kernel that it ran in. */
  kernelId: string;
  /** `aborted`: it never ran, or the kernel ended under it. */
  status: "ok" | "error" | "aborted";
  /** `status === "ok"`. */
  success: boolean;
  /** The number of the cell, `In[n]`; null when it never ran. */
  executionCount: number | null;
  /** The last expression's value in each of its formats, or null. */
  result: DisplayedValue | null;
  /** The exception that ended it, or why it was aborted. */
  error: PythonError | null;
  /** What it showed: streams joined, displays updated, cleared outputs gone. */
  outputs: Output[];
  /** Whether `outputs` leaves out text, because there was too much to keep. */
  outputsTruncated: boolean;
  /** What became of each expression that was asked for. */
  userExpressions: Record<string, UserExpression>;
  /** Jupyter's payloads, such as a text for the next cell. */
  payload: Record<string, unknown>[];
  /** Whether its `timeout` struck. */
  timedOut: boolean;
  /** The size of the interpreter's memory afterwards, in bytes; null when it never ran. */
  memoryBytes: number | null;
  /** What it used. */
  usage: ExecutionUsage;
  /** When it happened and how long it took. */
  timings: ExecutionTimings;
  /** What it did to its kernel. */
  kernel: KernelOutcome;
}

/** What an execution used, as measured; null is what cannot be measured in the kernel's mode. */
export interface ExecutionUsage {
  /** How long it ran, in milliseconds. */
  wallMs: number;
  /**
   * The processor time that its thread took, in milliseconds; what the JavaScript engine does meanwhile in
   * threads of its own, such as compiling, is not in it.
   */
  cpuMs: number | null;
  /**
   * The most memory that its kernel had at a time, in bytes: of its process meanwhile, or that of its
   * interpreter since its start.
   */
  peakMemoryBytes: number | null;
  /** How much it wrote and displayed, in bytes, whether it was shown or not. */
  outputBytes: number;
  /** How much of that was dropped, because it was more than the limit. */
  droppedOutputBytes: number;
}

/** When an execution happened: milliseconds since the epoch, and durations in milliseconds. */
export interface ExecutionTimings {
  /** When it was asked for, in milliseconds since the epoch. */
  queuedAt: number;
  /** When it began to run, in milliseconds since the epoch; null before. */
  startedAt: number | null;
  /** When it ended, in milliseconds since the epoch. */
  finishedAt: number;
  /** How long it waited for its turn. */
  queuedMs: number;
  /** How long it ran. */
  wallMs: number;
}

/** What an execution did to its kernel. */
export interface KernelOutcome {
  /** Whether the variables from before are still there. */
  statePreserved: boolean;
  /** Whether the kernel was replaced by a fresh one of the same id. */
  restarted: boolean;
  /** Why, when something out of the ordinary happened. */
  reason: string | null;
}

/** An execution that waits or runs. */
export interface OngoingExecution {
  /** The execution's id. */
  id: string;
  /** What was asked to run. */
  code: string;
  /** Whether it has its turn. */
  status: "queued" | "running";
  /** Milliseconds since the epoch. */
  queuedAt: number;
  /** When it began to run, in milliseconds since the epoch; null before. */
  startedAt: number | null;
  /** Milliseconds that it has been running. */
  runningTime: number;
}

/** The executions of a kernel that have not finished. */
export interface ExecutionInfo {
  /** How many wait or run. */
  count: number;
  /** Whether one has been running for longer than the kernel's `maxExecutionTime`. */
  isStuck: boolean;
  /** Milliseconds that the running one has been running; 0 when none is. */
  longestRunningTime: number;
  /** Each of them, the running one first. */
  executions: OngoingExecution[];
}

/** How an execution ended besides what Python said. */
export interface ExecutionEnd {
  reply?: ExecuteReply;
  error?: PythonError;
  timedOut?: boolean;
  kernel?: KernelOutcome;
  usage?: Omit<ExecutionUsage, "wallMs">;
}

const NOTHING_USED = {
  cpuMs: null,
  peakMemoryBytes: null,
  outputBytes: 0,
  droppedOutputBytes: 0,
};
const UNDISTURBED: KernelOutcome = { statePreserved: true, restarted: false, reason: null };

/** One execution: queued, then running, then done. */
export class Execution {
  readonly id: string;
  readonly kernelId: string;
  readonly code: string;
  readonly options: ExecuteOptions;
  /** Resolves with what became of it; never rejects. */
  readonly result: Promise<ExecuteResult>;
  readonly #queuedAt = Date.now();
  readonly #collector = new OutputCollector();
  readonly #resolve: (result: ExecuteResult) => void;
  #startedAt: number | null = null;
  /** Monotonic, for durations. */
  #queuedClock = performance.now();
  #startedClock: number | null = null;
  #done = false;

  constructor(kernelId: string, code: string, options: ExecuteOptions) {
    this.id = options.id ?? crypto.randomUUID();
    this.kernelId = kernelId;
    this.code = code;
    this.options = options;
    const { promise, resolve } = Promise.withResolvers<ExecuteResult>();
    this.result = promise;
    this.#resolve = resolve;
  }

  get done(): boolean {
    return this.#done;
  }

  get running(): boolean {
    return this.#startedAt !== null && !this.#done;
  }

  /** Milliseconds since it started running; 0 before. */
  get runningTime(): number {
    return this.#startedClock === null ? 0 : performance.now() - this.#startedClock;
  }

  start(): void {
    this.#startedAt = Date.now();
    this.#startedClock = performance.now();
  }

  /** Takes an event of its own into the outputs of its result. */
  collect(event: KernelEvent): void {
    this.#collector.add(event);
  }

  /** Settles the result; only the first call counts. */
  finish(end: ExecutionEnd): void {
    if (this.#done) return;
    this.#done = true;
    const { reply, usage = NOTHING_USED } = end;
    const status = reply?.status ?? "aborted";
    const now = performance.now();
    const wallMs = this.#startedClock === null ? 0 : now - this.#startedClock;
    this.#resolve({
      id: this.id,
      kernelId: this.kernelId,
      status,
      success: status === "ok",
      executionCount: reply?.executionCount ?? null,
      result: reply?.result ?? null,
      error: reply?.error ?? end.error ?? null,
      outputs: this.#collector.outputs,
      outputsTruncated: this.#collector.truncated || usage.droppedOutputBytes > 0,
      userExpressions: reply?.userExpressions ?? {},
      payload: reply?.payload ?? [],
      timedOut: end.timedOut ?? false,
      memoryBytes: reply?.memoryBytes ?? null,
      usage: { wallMs, ...usage },
      timings: {
        queuedAt: this.#queuedAt,
        startedAt: this.#startedAt,
        finishedAt: Date.now(),
        queuedMs: (this.#startedClock ?? now) - this.#queuedClock,
        wallMs,
      },
      kernel: end.kernel ?? UNDISTURBED,
    });
  }

  /** How it stands, for people. */
  describe(): OngoingExecution {
    return {
      id: this.id,
      code: this.code,
      status: this.running ? "running" : "queued",
      queuedAt: this.#queuedAt,
      startedAt: this.#startedAt,
      runningTime: this.runningTime,
    };
  }
}

/** Runs the executions of one kernel in the order in which they came, one at a time. */
export class ExecutionQueue {
  readonly #run: (execution: Execution) => Promise<void>;
  readonly #waiting: Execution[] = [];
  #current: Execution | undefined;

  /** `run` must finish the execution that it is given; it must not reject. */
  constructor(run: (execution: Execution) => Promise<void>) {
    this.#run = run;
  }

  /** The one that runs. */
  get current(): Execution | undefined {
    return this.#current;
  }

  get size(): number {
    return this.#waiting.length + (this.#current ? 1 : 0);
  }

  /** Adds one; it starts at once when nothing else is there. */
  add(execution: Execution): void {
    if (this.#current?.id === execution.id || this.#waiting.some(({ id }) => id === execution.id)) {
      throw new KernelError(
        "already_exists",
        `Cannot execute: an execution "${execution.id}" is already waiting or running`,
      );
    }
    this.#waiting.push(execution);
    void this.#drain();
  }

  /** Takes a waiting execution out of the queue; false when it does not wait. */
  cancel(id: string, error: PythonError): boolean {
    const index = this.#waiting.findIndex((execution) => execution.id === id);
    if (index < 0) return false;
    const [execution] = this.#waiting.splice(index, 1);
    execution?.finish({ error });
    return true;
  }

  /** Settles everything that waits. */
  abortWaiting(end: ExecutionEnd): void {
    for (const execution of this.#waiting.splice(0)) execution.finish(end);
  }

  /** How each stands, the running one first. */
  list(): OngoingExecution[] {
    return [...(this.#current ? [this.#current] : []), ...this.#waiting].map((it) => it.describe());
  }

  async #drain(): Promise<void> {
    if (this.#current) return;
    while ((this.#current = this.#waiting.shift())) await this.#run(this.#current);
  }
}

/** The error of an execution that was aborted: shaped as Python's, so that readers need one case. */
export function abortError(ename: string, evalue: string): PythonError {
  return { ename, evalue, traceback: [] };
}

/** An execution that was asked for. */
export interface SubmittedExecution {
  /** The execution's id. */
  readonly id: string;
  /** Resolves with what became of it; never rejects. */
  readonly result: Promise<ExecuteResult>;
}

/** What an execution can be watched by. */
export interface ExecutionStream extends SubmittedExecution, AsyncIterable<KernelEvent> {
  /** Takes it out of the queue; false when it runs already (interrupt the kernel) or is done. */
  cancel(): boolean;
}
