import { getLogger } from "@logtape/logtape";
import type { ExecuteOptions, KernelEvent, KernelManager } from "../../../kernel/mod.ts";
import { HttpError, messageOf } from "../../errors/http_error.ts";
import {
  type ExecutionRecord,
  type ExecutionSummary,
  type SubmitExecution,
  withoutOutputs,
} from "../../apis/native/schemas/execution.ts";
import { EventLog, type FollowedLine, type FollowOptions } from "./event_log.ts";
import { LiveExecution } from "./live_execution.ts";
import type { ExecutionQuery, ExecutionStore } from "./store.ts";

const logger = getLogger(["server", "executions"]);

/** What stopped an execution: it left the queue, or KeyboardInterrupt was raised in it. */
export type Cancellation = "dequeued" | "interrupted";

/** Told of every execution; what it returns is called with the record once it is done. */
export type ExecutionObserver = (execution: LiveExecution) => (record: ExecutionRecord) => void;

/** What {@linkcode Executions} works with. */
export interface ExecutionsInit {
  kernels: KernelManager;
  store: ExecutionStore;
  /** Metrics and traces. */
  observers?: ExecutionObserver[];
}

/**
 * The executions of this server by id: those that wait or run, and behind them the store of those
 * that are done.
 */
export class Executions implements Disposable {
  readonly #kernels: KernelManager;
  readonly #store: ExecutionStore;
  readonly #observers: readonly ExecutionObserver[];
  readonly #live = new Map<string, LiveExecution>();
  readonly #subscription: Disposable;
  #closed = false;

  constructor({ kernels, store, observers = [] }: ExecutionsInit) {
    this.#kernels = kernels;
    this.#store = store;
    this.#observers = observers;
    this.#subscription = kernels.events.on("*", (event) => this.#onEvent(event));
  }

  /**
   * Asks a kernel to run something.
   *
   * @throws {KernelError} when the kernel cannot, {HttpError} when the id is taken or the server ends.
   */
  submit(kernelId: string, request: SubmitExecution): LiveExecution {
    if (this.#closed) {
      throw new HttpError(503, "shutting_down", "Cannot execute: the server is shutting down");
    }
    const { id = crypto.randomUUID(), code } = request;
    const kernel = this.#kernels.getKernel(kernelId);
    if (this.#live.has(id) || (request.id !== undefined && this.#store.has(id))) {
      throw new HttpError(409, "already_exists", `Cannot execute: there is an execution "${id}"`);
    }
    const execution = new LiveExecution(kernel, { ...request, id, code });
    const { result } = kernel.submit(code, executeOptions(id, request));
    this.#live.set(id, execution);
    this.#write(() => this.#store.insert(withoutOutputs(execution.record)));
    const finished = this.#observers.map((observe) => observe(execution));
    void result.then((outcome) => {
      const record = execution.finish(outcome);
      const { first, lines } = execution.log;
      this.#write(() => this.#store.finish(record, { first, lines }));
      this.#live.delete(id);
      for (const tell of finished) tell(record);
      const { status, usage } = record;
      logger.info("execution ended", {
        executionId: id,
        kernelId,
        status,
        ms: usage?.wallMs,
      });
    });
    return execution;
  }

  /** How many wait or run. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** The execution of that id while it waits or runs. */
  getLive(id: string): LiveExecution | undefined {
    return this.#live.get(id);
  }

  /**
   * What is known of an execution.
   *
   * @throws {HttpError} `not_found`.
   */
  get(id: string): ExecutionRecord {
    const record = this.#live.get(id)?.record ?? this.#store.get(id);
    if (!record) throw notFound(id);
    return record;
  }

  /** The newest executions first. */
  list(query: ExecutionQuery): ExecutionSummary[] {
    const live = [...this.#live.values()].map(({ record }) => withoutOutputs(record)).filter(
      ({ kernelId, status }) =>
        (query.kernelId ?? kernelId) === kernelId && (query.status ?? status) === status,
    );
    const done = this.#store.list(query).filter(({ id }) => !this.#live.has(id));
    return [...live.reverse(), ...done]
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
      .slice(0, query.limit);
  }

  /**
   * The events of an execution from a number on, those to come too. Whoever follows one that asks
   * for it by `onDisconnect` and leaves as the last one interrupts it.
   *
   * @throws {HttpError} `not_found`.
   */
  follow(id: string, options: FollowOptions): AsyncGenerator<FollowedLine> {
    const live = this.#live.get(id);
    if (live) return this.#followLive(live, options);
    const events = this.#store.events(id);
    if (!events) throw notFound(id);
    return EventLog.of(events.lines, events.first).follow(options);
  }

  /** The events of an execution so far, as JSON. */
  eventLines(id: string): readonly string[] {
    return this.#live.get(id)?.log.lines ?? this.#store.events(id)?.lines ?? [];
  }

  /**
   * Takes an execution out of the queue or interrupts it.
   *
   * @throws {HttpError} `not_found`, `execution_finished` or `interrupt_failed`.
   */
  async cancel(id: string): Promise<Cancellation> {
    const live = this.#live.get(id);
    if (!live) {
      const { status } = this.get(id);
      throw new HttpError(
        409,
        "execution_finished",
        `Cannot cancel execution "${id}": it is done (${status})`,
      );
    }
    return await live.cancel();
  }

  /**
   * Answers what `input()` waits for; false when it does not wait.
   *
   * @throws {HttpError} `not_found`.
   */
  async answerInput(id: string, value: string | null, requestId?: string): Promise<boolean> {
    const live = this.#live.get(id);
    if (live) return await live.answerInput(value, requestId);
    this.get(id);
    return false;
  }

  /** Takes no more; resolves when those that wait or run are done, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    const done = Promise.all([...this.#live.values()].map(({ done }) => done));
    await Promise.race([done, late]);
    clearTimeout(timer);
  }

  /** The kernels must have ended: what ran in them is written as they said. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#subscription[Symbol.dispose]();
  }

  async *#followLive(live: LiveExecution, options: FollowOptions): AsyncGenerator<FollowedLine> {
    using _attached = live.attach();
    yield* live.log.follow(options);
  }

  /** A disk that is full must not end what runs: the client is answered, and the log has the loss. */
  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      const reason = messageOf(error);
      logger.error("an execution cannot be kept", { reason, error });
    }
  }

  #onEvent(event: KernelEvent): void {
    if (event.executionId !== undefined) this.#live.get(event.executionId)?.add(event);
  }
}

function executeOptions(id: string, request: SubmitExecution): ExecuteOptions {
  const { silent, storeHistory, userExpressions, timeoutMs, stdin, allowStdin } = request;
  return {
    id,
    allowStdin: allowStdin || stdin !== undefined,
    ...(silent !== undefined && { silent }),
    ...(storeHistory !== undefined && { storeHistory }),
    ...(userExpressions && { userExpressions }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  };
}

function notFound(id: string): HttpError {
  return new HttpError(
    404,
    "not_found",
    `Cannot find execution "${id}": no such execution, or it ended too long ago`,
  );
}
