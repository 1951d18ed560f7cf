import type { ExecuteResult, InputRequestEvent, KernelEvent } from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import type { ExecutionHandle, ManagedKernel } from "../kernels/handle.ts";
import {
  EventLog,
  type ExecutionEvents,
  type FollowedLine,
  type FollowOptions,
} from "./event_log.ts";
import { fitsOneText, joinedRecordJson, outputsJson, recordJson, summaryJson } from "./json.ts";
import {
  type ExecutionOrigin,
  type ExecutionRecord,
  type ExecutionStatus,
  withoutContents,
  withoutOutputs,
} from "./record.ts";
import { executeOptions, type ExecutionRequest } from "./request.ts";

/** The way of a cancellation: the execution left the queue, or KeyboardInterrupt was raised in it. */
export type Cancellation = "dequeued" | "interrupted";

/** The end of an execution: its final record, also as the JSON texts that are kept. */
export interface Conclusion {
  record: ExecutionRecord;
  /** The record without its outputs. */
  summary: string;
  outputs: string;
}

/** A question of `input()` with its answer, and its place among the outputs. */
export interface InputAnswer {
  /** The prompt and the answer as they stand in a terminal; no password. */
  text: string;
  /** The number of outputs before it. */
  after: number;
  /** The length of the last of them when that is text on standard output, which the answer continues. */
  length: number | null;
}

/** The part of a kernel that an execution needs. */
export type ExecutingKernel = Pick<ManagedKernel, "id" | "submit" | "answerInput" | "answerTool">;

/** An execution that waits or runs. */
export class LiveExecution implements ExecutionEvents {
  readonly id: string;
  readonly log = new EventLog();
  /** The record when the kernel took the execution into its queue. */
  readonly accepted: ExecutionRecord;
  /** The kernel that runs the execution. */
  readonly kernel: ExecutingKernel;
  /** Resolves with the library's outcome; never rejects. */
  readonly result: Promise<ExecuteResult>;
  /** Resolves with the final record once that is kept; never rejects. */
  readonly done: Promise<ExecutionRecord>;
  readonly #request: ExecutionRequest;
  readonly #createdAt = new Date().toISOString();
  readonly #result = Promise.withResolvers<ExecuteResult>();
  readonly #done = Promise.withResolvers<ExecutionRecord>();
  /** The lines that the caller sent along for `input()`; undefined: a client is asked. */
  readonly #stdin: string[] | undefined;
  #handle: ExecutionHandle | undefined;
  /** True when the execution is to leave the queue that it has not reached yet. */
  #unwanted = false;
  #startedAt: string | null = null;
  #executionCount: number | null = null;
  #conclusion: Conclusion | undefined;
  #ended = false;
  #attached = 0;
  /** The last request for input. */
  #asked: InputRequestEvent | undefined;
  readonly #answers: InputAnswer[] = [];

  constructor(kernel: ExecutingKernel, request: ExecutionRequest & { id: string }) {
    this.id = request.id;
    this.kernel = kernel;
    this.result = this.#result.promise;
    this.done = this.#done.promise;
    this.#request = request;
    this.#stdin = request.stdin?.slice();
    this.accepted = this.record;
  }

  /** The id of the kernel that runs the execution. */
  get kernelId(): string {
    return this.kernel.id;
  }

  /** The family of APIs by which the execution came. */
  get origin(): ExecutionOrigin {
    return this.#request.origin;
  }

  /** The name of the tool that an agent called to run the code. */
  get tool(): string | null {
    return this.#request.tool ?? null;
  }

  /** True when the execution may ask for input: a client answers, or lines were sent along. */
  get allowsStdin(): boolean {
    return this.#stdin !== undefined || this.#request.allowStdin === true;
  }

  /** True once the kernel has said that the execution is over; its tasks may still print. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The number of clients that wait for the execution. */
  get attached(): number {
    return this.#attached;
  }

  /** The state of the execution now. */
  get record(): ExecutionRecord {
    return this.#conclusion?.record ?? {
      id: this.id,
      kernelId: this.kernelId,
      code: this.#request.code,
      origin: this.origin,
      tool: this.tool,
      status: this.#startedAt === null ? "queued" : "running",
      executionCount: this.#executionCount,
      outputs: this.#handle?.outputs ?? [],
      outputsTruncated: this.#handle?.outputsTruncated ?? false,
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

  /** The record as JSON. */
  get json(): string {
    if (!this.#conclusion) return recordJson(this.record);
    const { summary, outputs } = this.#conclusion;
    return joinedRecordJson(summary, outputs);
  }

  get lines(): readonly string[] {
    return this.log.lines;
  }

  /**
   * Puts the execution into its kernel's queue.
   *
   * @throws {KernelError} when the kernel does not take it.
   */
  async start(): Promise<void> {
    const options = executeOptions(this.id, this.#request);
    this.#handle = await this.kernel.submit(this.#request.code, options);
    if (this.#unwanted) void this.#handle.dequeue();
    void this.#handle.result.then(this.#result.resolve);
  }

  /** The answers that clients gave to `input()`, in their order. */
  get answers(): readonly InputAnswer[] {
    return this.#answers;
  }

  /** Returns a function that takes in the answer to the request of now, once the kernel has it. */
  answering(value: string | null): () => void {
    const { outputs } = this.record;
    const last = outputs.at(-1);
    const { prompt = "", password = false } = this.#asked ?? {};
    const answer: InputAnswer = {
      text: `${prompt}${value === null ? "" : password ? "········" : value}\n`,
      after: outputs.length,
      length: last?.output_type === "stream" && last.name === "stdout" ? last.text.length : null,
    };
    return () => this.#answers.push(answer);
  }

  /** Takes in one of the execution's events. */
  add(event: KernelEvent): void {
    if (event.type === "input_request") this.#asked = event;
    if (event.type === "status" && event.status === "busy") {
      this.#startedAt ??= new Date().toISOString();
    } else if (event.type === "status") {
      this.#ended = true;
    } else if (event.type === "execute_input") {
      this.#executionCount = event.executionCount;
    }
    this.log.append(event);
  }

  /** Answers a request for input with the next line that the caller sent along; false if none was sent. */
  answerFromStdin({ requestId }: InputRequestEvent): boolean {
    if (this.#stdin === undefined) return false;
    // A kernel that ends meanwhile has no use for the line.
    void this.kernel.answerInput(requestId, this.#stdin.shift() ?? null).catch(() => {});
    return true;
  }

  /**
   * Registers a client that waits for the execution until the result is disposed. When the last client
   * leaves before the end, the execution is interrupted if its request says so.
   */
  attach(): Disposable {
    this.#attached++;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        this.#attached--;
        if (this.#attached > 0 || this.#conclusion) return;
        if (this.#request.onDisconnect === "interrupt") void this.cancel().catch(() => {});
      },
    };
  }

  async *follow(options?: FollowOptions): AsyncGenerator<FollowedLine> {
    using _attached = this.attach();
    yield* this.log.follow(options);
  }

  /** Takes the execution out of the queue; false when it runs already or is done. */
  dequeue(): Promise<boolean> {
    if (this.#handle) return this.#handle.dequeue();
    this.#unwanted = true;
    return Promise.resolve(true);
  }

  /**
   * Takes the execution out of the queue or interrupts it.
   *
   * @throws {ServiceError} `interrupt_failed`.
   */
  async cancel(): Promise<Cancellation> {
    if (await this.dequeue()) return "dequeued";
    if (await this.#handle?.interrupt()) return "interrupted";
    throw new ServiceError(
      "interrupt_failed",
      `Cannot interrupt execution "${this.id}": it has just ended, or runs in the server's own thread; ` +
        "restart the kernel to end it",
    );
  }

  /** Takes in the outcome: makes the final record and adds the last event. */
  conclude(result: ExecuteResult): Conclusion {
    const { timings, executionCount, outputsTruncated, error, kernel, lost } = result;
    const { queuedMs, startedAt, finishedAt } = timings;
    const record: ExecutionRecord = {
      ...this.record,
      status: statusOf(result),
      executionCount,
      outputs: result.outputs,
      outputsTruncated,
      result: result.result,
      error,
      usage: { queuedMs, ...result.usage, memoryBytes: result.memoryBytes },
      kernel,
      ...(lost !== undefined && { lost }),
      userExpressions: result.userExpressions,
      payload: result.payload,
      lastEvent: this.log.last + 1,
      startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
      finishedAt: new Date(finishedAt).toISOString(),
    };
    this.#conclusion = textsOf(record) ?? textsOf(withoutContents(record))!;
    this.log.finish(this, this.#conclusion.summary);
    return this.#conclusion;
  }

  /** Tells those who wait for `done` that the final record is kept. */
  release(): void {
    this.#done.resolve(this.record);
  }
}

/** Makes the texts that are kept of a record; undefined when they would be longer than a string can be. */
export function textsOf(record: ExecutionRecord): Conclusion | undefined {
  try {
    const summary = summaryJson(withoutOutputs(record));
    const outputs = outputsJson(record.outputs);
    if (fitsOneText(summary, outputs)) return { record, summary, outputs };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

function statusOf({ timedOut, status }: ExecuteResult): ExecutionStatus {
  return timedOut ? "timeout" : status;
}

/** Returns the record once the execution is done, its client has left, or the time is over. */
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
