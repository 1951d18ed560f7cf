import {
  type ExecuteResult,
  type Kernel,
  type KernelEvent,
  OutputCollector,
} from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import {
  type ExecutionRecord,
  type ExecutionStatus,
  type SubmitExecution,
  withoutOutputs,
} from "../../apis/native/schemas/execution.ts";
import { EventLog } from "./event_log.ts";

/** An execution of this process that waits or runs: what is known of it so far. */
export class LiveExecution {
  readonly id: string;
  readonly log = new EventLog();
  /** Resolves with the record once it is done; never rejects. */
  readonly done: Promise<ExecutionRecord>;
  readonly #kernel: Kernel;
  readonly #request: SubmitExecution;
  readonly #resolve: (record: ExecutionRecord) => void;
  readonly #collector = new OutputCollector();
  readonly #createdAt = new Date().toISOString();
  /** Lines that the caller sent along for `input()`; undefined: a client is asked. */
  readonly #stdin: string[] | undefined;
  /** Requests for input that wait for a client, the oldest first. */
  #inputRequests: string[] = [];
  #startedAt: string | null = null;
  #executionCount: number | null = null;
  #attached = 0;
  #finished = false;

  constructor(kernel: Kernel, request: SubmitExecution & { id: string }) {
    this.id = request.id;
    this.#kernel = kernel;
    this.#request = request;
    this.#stdin = request.stdin?.slice();
    const { promise, resolve } = Promise.withResolvers<ExecutionRecord>();
    this.done = promise;
    this.#resolve = resolve;
  }

  /** The id of the kernel that it is for. */
  get kernelId(): string {
    return this.#kernel.id;
  }

  /** What is known of it now. */
  get record(): ExecutionRecord {
    return {
      id: this.id,
      kernelId: this.kernelId,
      code: this.#request.code,
      status: this.#startedAt === null ? "queued" : "running",
      executionCount: this.#executionCount,
      outputs: this.#collector.outputs,
      outputsTruncated: this.#collector.truncated,
      result: null,
      error: null,
      usage: null,
      kernel: { statePreserved: true, restarted: false, reason: null },
      userExpressions: {},
      payload: [],
      lastEvent: this.log.last,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      finishedAt: null,
    };
  }

  /** Takes in one of its events. */
  add(event: KernelEvent): void {
    if (event.type === "status" && event.status === "busy") {
      this.#startedAt = new Date().toISOString();
    } else if (event.type === "execute_input") {
      this.#executionCount = event.executionCount;
    }
    this.#collector.add(event);
    this.log.append(event);
    if (event.type === "input_request") this.#onInputRequest(event.requestId);
  }

  /**
   * A client waits for it until the answer is disposed. When the last one leaves before the end, it
   * is interrupted if it was asked for so.
   */
  attach(): Disposable {
    this.#attached++;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        this.#attached--;
        if (this.#attached > 0 || this.#finished) return;
        if (this.#request.onDisconnect === "interrupt") void this.cancel().catch(() => {});
      },
    };
  }

  /**
   * Takes it out of the queue or interrupts it.
   *
   * @throws {HttpError} `interrupt_failed`.
   */
  async cancel(): Promise<"dequeued" | "interrupted"> {
    if (this.#kernel.cancelExecution(this.id)) return "dequeued";
    if (await this.#kernel.interrupt(this.id)) return "interrupted";
    throw new HttpError(
      409,
      "interrupt_failed",
      `Cannot interrupt execution "${this.id}": it computes outside of Python or has just ended; ` +
        "restart the kernel to end it",
    );
  }

  /** Answers what `input()` waits for; false when it does not wait. */
  async answerInput(value: string | null, requestId?: string): Promise<boolean> {
    const request = requestId ?? this.#inputRequests[0];
    if (request === undefined) return false;
    const accepted = await this.#kernel.answerInput(request, value);
    this.#inputRequests = this.#inputRequests.filter((it) => it !== request);
    return accepted;
  }

  /** It ended: its last event is added. */
  finish(result: ExecuteResult): ExecutionRecord {
    this.#finished = true;
    const { timings, executionCount, outputs, outputsTruncated, error, kernel } = result;
    const { queuedMs, startedAt, finishedAt } = timings;
    const record: ExecutionRecord = {
      ...this.record,
      status: statusOf(result),
      executionCount,
      outputs,
      outputsTruncated,
      result: result.result,
      error,
      usage: { queuedMs, ...result.usage, memoryBytes: result.memoryBytes },
      kernel,
      userExpressions: result.userExpressions,
      payload: result.payload,
      lastEvent: this.log.last + 1,
      startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
      finishedAt: new Date(finishedAt).toISOString(),
    };
    this.log.append({
      type: "done",
      kernelId: this.kernelId,
      executionId: this.id,
      execution: withoutOutputs(record),
    });
    this.log.close();
    this.#resolve(record);
    return record;
  }

  #onInputRequest(requestId: string): void {
    if (this.#stdin === undefined) return void this.#inputRequests.push(requestId);
    // A kernel that ends meanwhile has no use for the line.
    void this.#kernel.answerInput(requestId, this.#stdin.shift() ?? null).catch(() => {});
  }
}

function statusOf({ timedOut, status }: ExecuteResult): ExecutionStatus {
  return timedOut ? "timeout" : status;
}

/** The record once it is done, its client has gone, or the time is over. */
export async function settled(
  execution: LiveExecution,
  client: AbortSignal,
  timeoutMs?: number,
): Promise<ExecutionRecord> {
  using _attached = execution.attach();
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
  client.addEventListener("abort", stop, { once: true });
  if (client.aborted) stop();
  const record = await Promise.race([execution.done, stopped]);
  clearTimeout(timer);
  client.removeEventListener("abort", stop);
  return record ?? execution.record;
}
