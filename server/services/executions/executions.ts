import { getLogger } from "@logtape/logtape";
import { setTimeout as delay } from "node:timers/promises";
import type {
  ExecuteResult,
  InputRequestEvent,
  KernelEvent,
  KernelStatus,
  ToolOutcome,
} from "../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import { getKernel, type KernelDirectory } from "../kernels/handle.ts";
import { EventLog, type ExecutionEvents } from "./event_log.ts";
import { InputRequests } from "./input_requests.ts";
import { LateOutputs } from "./late_outputs.ts";
import { type Cancellation, LiveExecution } from "./live_execution.ts";
import {
  type ExecutionRecord,
  type ExecutionSummary,
  listed,
  type ListedExecution,
  withoutOutputs,
} from "./record.ts";
import type { ExecutionRequest } from "./request.ts";
import type { ExecutionQuery, ExecutionStore } from "./store.ts";
import { Turns } from "../turns/turns.ts";

const logger = getLogger(["server", "executions"]);

/** Called with every execution that a kernel accepts; the function that it returns gets the final record. */
export type ExecutionObserver = (execution: LiveExecution) => (record: ExecutionRecord) => void;

/** Options for {@linkcode Executions}. */
export interface ExecutionsInit {
  kernels: KernelDirectory;
  store: ExecutionStore;
  /** Metrics and traces. */
  observers?: readonly ExecutionObserver[];
}

/** An execution on its way into its kernel's queue. */
interface Accepted {
  execution: LiveExecution;
  /** Resolves when the execution is kept. */
  inserted: Promise<void>;
}

/**
 * The executions of this server, by whichever API they came: those that wait or run, and behind them
 * the store of those that are done. This is the only place that runs clients' code.
 */
export class Executions implements AsyncDisposable {
  readonly #kernels: KernelDirectory;
  readonly #store: ExecutionStore;
  readonly #observers: readonly ExecutionObserver[];
  readonly #live = new Map<string, LiveExecution>();
  readonly #inputs = new InputRequests();
  readonly #late: LateOutputs;
  /** By kernel: what is submitted first is queued first. */
  readonly #turns = new Turns();
  readonly #subscription: Disposable;
  #closed = false;

  constructor({ kernels, store, observers = [] }: ExecutionsInit) {
    this.#kernels = kernels;
    this.#store = store;
    this.#observers = observers;
    this.#late = new LateOutputs({ store, kept: async (id) => await this.#live.get(id)?.done });
    this.#subscription = kernels.on("*", (event) => this.#onEvent(event));
  }

  /**
   * Puts code into a kernel's queue, after everything that was submitted for that kernel before. When
   * the promise resolves, the execution has a record.
   *
   * @throws {KernelError} when the kernel does not take the execution.
   * @throws {ServiceError} `already_exists` or `shutting_down`.
   */
  async submit(kernelId: string, request: ExecutionRequest): Promise<LiveExecution> {
    this.#assertOpen();
    const { execution, inserted } = await this.#turns.take(
      kernelId,
      () => this.#start(kernelId, request),
    );
    await inserted;
    return execution;
  }

  /** The number of executions that wait or run. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** Returns the execution of that id while it waits or runs. */
  getLive(id: string): LiveExecution | undefined {
    return this.#live.get(id);
  }

  /** Tells whether an execution has that id. */
  async has(id: string): Promise<boolean> {
    return this.#live.has(id) || await this.#store.has(id);
  }

  /**
   * Returns the record of an execution.
   *
   * @throws {ServiceError} `not_found`.
   */
  async get(id: string): Promise<ExecutionRecord> {
    await this.#late.flush(id);
    const record = this.#live.get(id)?.record ?? await this.#store.get(id);
    if (!record) throw notFound(id);
    return record;
  }

  /**
   * Returns the record of an execution as JSON.
   *
   * @throws {ServiceError} `not_found`.
   */
  async json(id: string): Promise<string> {
    await this.#late.flush(id);
    const json = this.#live.get(id)?.json ?? await this.#store.json(id);
    if (json === undefined) throw notFound(id);
    return json;
  }

  /**
   * Lists executions, the newest first, without what may be large; fewer than the limit when they are
   * large. A list that continues another is asked for by the id of the other's last execution.
   *
   * @throws {ServiceError} `not_found` when there is no execution of the id `before`.
   */
  async list(query: ExecutionQuery): Promise<ListedExecution[]> {
    const { before, limit } = query;
    if (before !== undefined && !await this.has(before)) throw notFound(before);
    const fits = ({ kernelId, status }: ExecutionSummary) =>
      (query.kernelId ?? kernelId) === kernelId && (query.status ?? status) === status;
    const done = (await this.#store.list(query)).filter(({ id }) => !this.#live.has(id));
    const live = (await this.#liveBefore(before)).map(({ record }) => withoutOutputs(record));
    return [...live.filter(fits).map(listed), ...done]
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
      .slice(0, limit);
  }

  /**
   * Returns the events of an execution. A client that follows a live execution waits for it: see
   * `ExecutionRequest.onDisconnect`.
   *
   * @throws {ServiceError} `not_found`.
   */
  async events(id: string): Promise<ExecutionEvents> {
    const live = this.#live.get(id);
    if (live) return live;
    await this.#late.flush(id);
    const events = await this.#store.events(id);
    if (!events) throw notFound(id);
    return EventLog.of(events.lines, events.first);
  }

  /**
   * Takes an execution out of the queue or interrupts it.
   *
   * @throws {ServiceError} `not_found`, `execution_finished` or `interrupt_failed`.
   */
  async cancel(id: string): Promise<Cancellation> {
    const live = this.#live.get(id);
    if (live) return await live.cancel();
    const { status } = await this.get(id);
    throw new ServiceError(
      "execution_finished",
      `Cannot cancel execution "${id}": it is done (${status})`,
    );
  }

  /** Returns the `input()` of an execution that waits for a client's answer; undefined when none does. */
  inputRequest(id: string): InputRequestEvent | undefined {
    return this.#inputs.find(id);
  }

  /**
   * Answers an execution's `input()`, with null by ending the input: the oldest request, or the one of
   * that id. False when none waits.
   *
   * @throws {ServiceError} `not_found`.
   */
  async answerInput(id: string, value: string | null, requestId?: string): Promise<boolean> {
    const live = this.#live.get(id);
    if (live) {
      const taken = live.answering(value);
      const query = { executionId: id, requestId };
      const isAnswered = await this.#inputs.answer(live.kernel, value, query);
      if (isAnswered) taken();
      return isAnswered;
    }
    await this.get(id);
    return false;
  }

  /**
   * Answers a call of a tool by an execution. False when none of that id waits.
   *
   * @throws {ServiceError} `not_found`.
   */
  async answerTool(id: string, requestId: string, outcome: ToolOutcome): Promise<boolean> {
    const live = this.#live.get(id);
    if (live) return await live.kernel.answerTool(requestId, outcome);
    const kernel = await this.#kernels.find((await this.get(id)).kernelId);
    // A task may call a tool after the execution that has started it.
    return await kernel?.answerTool(requestId, outcome) ?? false;
  }

  /**
   * Answers a kernel's `input()`, whichever execution calls it, with null by ending the input: the
   * oldest request, or the one of that id. False when none waits.
   *
   * @throws {KernelError} `not_found`, or `kernel_dead`.
   */
  async answerKernelInput(
    kernelId: string,
    value: string | null,
    requestId?: string,
  ): Promise<boolean> {
    return await this.#inputs.answer(await getKernel(this.#kernels, kernelId), value, {
      requestId,
    });
  }

  /** Refuses new executions; resolves when those that wait or run are done, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const drained = new AbortController();
    const late = delay(timeoutMs, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([this.#settled(), late]);
    drained.abort();
  }

  /** The kernels must have ended: their executions are kept as aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#settled();
    this.#subscription[Symbol.dispose]();
    await this.#late[Symbol.asyncDispose]();
  }

  async #start(kernelId: string, request: ExecutionRequest): Promise<Accepted> {
    const { id = crypto.randomUUID() } = request;
    const kernel = await getKernel(this.#kernels, kernelId);
    const taken = request.id !== undefined && await this.#store.has(id);
    if (taken || this.#live.has(id)) {
      throw new ServiceError("already_exists", `Cannot execute: there is an execution "${id}"`);
    }
    this.#assertOpen();
    const execution = new LiveExecution(kernel, { ...request, id });
    // Before the kernel has it: its events may come at once.
    this.#live.set(id, execution);
    try {
      await execution.start();
    } catch (error) {
      this.#live.delete(id);
      throw error;
    }
    const finished = this.#observers.map((observe) => observe(execution));
    const inserted = this.#keep(() => this.#store.insert(withoutOutputs(execution.accepted)));
    void execution.result.then(async (result) => {
      await inserted;
      await this.#finish(execution, result, finished);
    });
    return { execution, inserted };
  }

  async #finish(
    execution: LiveExecution,
    result: ExecuteResult,
    finished: readonly ((record: ExecutionRecord) => void)[],
  ): Promise<void> {
    const { id, kernelId, log } = execution;
    const conclusion = execution.conclude(result);
    this.#inputs.endExecution(id);
    for (const tell of finished) tell(conclusion.record);
    await this.#keep(() => this.#store.finish(conclusion, log));
    this.#live.delete(id);
    execution.release();
    const { status, usage, tool } = conclusion.record;
    const by = tool === null ? {} : { tool };
    logger.info("execution ended", { executionId: id, kernelId, status, ms: usage?.wallMs, ...by });
  }

  /** A disk that is full must not end what runs: the client is answered, and the log has the loss. */
  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const reason = messageOf(error);
      logger.error("an execution cannot be kept", { reason, error });
    }
  }

  /** Returns the executions that wait or run, the newest first; only those before the one of that id. */
  async #liveBefore(id: string | undefined): Promise<LiveExecution[]> {
    const newestFirst = [...this.#live.values()].reverse();
    if (id === undefined) return newestFirst;
    const place = newestFirst.findIndex((it) => it.id === id);
    if (place >= 0) return newestFirst.slice(place + 1);
    const { createdAt } = await this.get(id);
    return newestFirst.filter(({ accepted }) => accepted.createdAt <= createdAt);
  }

  /** Resolves when nothing waits or runs. */
  async #settled(): Promise<void> {
    await this.#turns.settled();
    await Promise.all([...this.#live.values()].map(({ done }) => done));
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new ServiceError("shutting_down", "Cannot execute: the server is shutting down");
  }

  /** Returns the execution that an event is of; an execution of another kernel has no part in it. */
  #executionOf({ kernelId, executionId }: KernelEvent): LiveExecution | undefined {
    const execution = executionId === undefined ? undefined : this.#live.get(executionId);
    return execution?.kernelId === kernelId ? execution : undefined;
  }

  #onEvent(event: KernelEvent): void {
    const execution = this.#executionOf(event);
    if (!execution || execution.ended) this.#late.add(event);
    else execution.add(event);
    if (event.type === "input_request") {
      // Nobody else can answer: a request without such an execution would wait in vain.
      if (execution?.allowsStdin && !execution.answerFromStdin(event)) this.#inputs.add(event);
    } else if (event.type === "status" && isLoss(event.status)) {
      this.#inputs.endKernel(event.kernelId);
    }
  }
}

/** Tells whether a kernel's interpreter is gone when the kernel has this status. */
function isLoss(status: KernelStatus): boolean {
  return status === "dead" || status === "restarting";
}

function notFound(id: string): ServiceError {
  return new ServiceError(
    "not_found",
    `Cannot find execution "${id}": no such execution, or it ended too long ago`,
  );
}
