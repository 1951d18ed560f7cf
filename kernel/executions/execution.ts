import { type Clock, systemClock } from "../clock.ts";
import type { DisplayedValue, ExecuteReply, ExecutionError } from "../cell.ts";
import type { KernelEvent } from "../events.ts";
import { copyMembers } from "../json_members.ts";
import { type Output, OutputCollector } from "./outputs.ts";
import type {
  ExecuteOptions,
  ExecuteResult,
  ExecutionUsage,
  KernelOutcome,
  OngoingExecution,
} from "./result.ts";

/** The end of an execution, of which the interpreter has told a part or nothing. */
export interface ExecutionEnd {
  reply?: ExecuteReply;
  error?: ExecutionError;
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
  readonly options: Omit<ExecuteOptions, "timeout">;
  /** Resolves with the outcome; never rejects. */
  readonly result: Promise<ExecuteResult>;
  readonly #queuedAt = Date.now();
  readonly #collector = new OutputCollector();
  readonly #resolve: (result: ExecuteResult) => void;
  /** The last value and exception that were reported as events. */
  #shown: { result?: DisplayedValue; error?: ExecutionError } = {};
  readonly #clock: Clock;
  readonly #queuedClock: number;
  #startedAt: number | null = null;
  #startedClock: number | null = null;
  #done = false;

  constructor(
    kernelId: string,
    code: string,
    options: Omit<ExecuteOptions, "timeout">,
    clock: Clock = systemClock,
  ) {
    this.id = options.id ?? crypto.randomUUID();
    this.kernelId = kernelId;
    this.code = code;
    this.options = options;
    this.#clock = clock;
    this.#queuedClock = clock.now();
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
  get runningTimeMs(): number {
    return this.#startedClock === null ? 0 : this.#clock.now() - this.#startedClock;
  }

  /** The outputs so far. */
  get outputs(): Output[] {
    return this.#collector.outputs;
  }

  /** True when the outputs leave out text. */
  get outputsTruncated(): boolean {
    return this.#collector.truncated;
  }

  start(): void {
    this.#startedAt = Date.now();
    this.#startedClock = this.#clock.now();
  }

  /** Returns the number of its outputs that will have the content of an event. */
  copiesOf(event: KernelEvent): number {
    return this.#collector.copiesOf(event);
  }

  /** Adds an event of its own to the outputs of its result. */
  collect(event: KernelEvent): void {
    this.#collector.add(event);
    if (event.type === "execute_result") {
      const result = {} as DisplayedValue;
      copyMembers(result, event, ["data", "metadata"]);
      this.#shown.result = result;
    } else if (event.type === "execute_error") {
      const { ename, evalue, traceback } = event;
      this.#shown.error = { ename, evalue, traceback };
    }
  }

  /** Settles the result; only the first call counts. */
  finish(end: ExecutionEnd): void {
    if (this.#done) return;
    this.#done = true;
    const { reply, usage = NOTHING_USED } = end;
    // The reply leaves out what an event has told.
    const result = reply?.result ?? (reply?.status === "ok" ? this.#shown.result : null) ?? null;
    const error = reply?.error && this.#shown.error ? this.#shown.error : reply?.error;
    const status = reply?.status ?? "aborted";
    const now = this.#clock.now();
    const wallMs = this.#startedClock === null ? 0 : now - this.#startedClock;
    this.#resolve({
      id: this.id,
      kernelId: this.kernelId,
      status,
      success: status === "ok",
      executionCount: reply?.executionCount ?? null,
      result,
      error: error ?? end.error ?? null,
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
      ...(reply?.lost !== undefined && { lost: reply.lost }),
    });
  }

  /** Describes its state. */
  describe(): OngoingExecution {
    return {
      id: this.id,
      code: this.code,
      status: this.running ? "running" : "queued",
      queuedAt: this.#queuedAt,
      startedAt: this.#startedAt,
      runningTimeMs: this.runningTimeMs,
    };
  }
}

/** Makes the error of an aborted execution. It is shaped like an exception, so that readers need one case. */
export function abortError(ename: string, evalue: string): ExecutionError {
  return { ename, evalue, traceback: [] };
}
