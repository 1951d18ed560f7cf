import { getLogger } from "@logtape/logtape";
import { setTimeout as delay } from "node:timers/promises";
import type { ExecuteResult, KernelEvent, KernelStatus } from "../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import { getKernel, type KernelDirectory } from "../kernels/handle.ts";
import { ownerOf } from "../namespaces/scope.ts";
import { Turns } from "../turns/turns.ts";
import { InputRequests } from "./input_requests.ts";
import { LateOutputs } from "./late_outputs.ts";
import { LiveExecution } from "./live_execution.ts";
import { type ExecutionRecord, withoutOutputs } from "./record.ts";
import type { ExecutionRequest } from "./request.ts";
import type { ExecutionStore } from "./store.ts";

const logger = getLogger(["server", "executions"]);

/** Called with every execution that a kernel accepts; the function that it returns gets the final record. */
export type ExecutionObserver = (execution: LiveExecution) => (record: ExecutionRecord) => void;

/** Options for {@linkcode ExecutionRegistry}. */
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
 * The executions of everybody that wait or run, and behind them the store of those that are done. An
 * execution belongs to the owner of its kernel, and two owners can have executions of one id. This is the
 * only place that runs clients' code.
 */
export class ExecutionRegistry implements AsyncDisposable {
  readonly kernels: KernelDirectory;
  readonly store: ExecutionStore;
  readonly inputs = new InputRequests();
  readonly late: LateOutputs;
  readonly #observers: readonly ExecutionObserver[];
  /** By owner and id, the oldest first. */
  readonly #live = new Map<string, LiveExecution>();
  /** By kernel: what is submitted first is queued first. */
  readonly #turns = new Turns();
  readonly #subscription: Disposable;
  #closed = false;

  constructor({ kernels, store, observers = [] }: ExecutionsInit) {
    this.kernels = kernels;
    this.store = store;
    this.#observers = observers;
    this.late = new LateOutputs({
      store,
      kept: async (id, owner) => await this.find(id, owner)?.done,
    });
    this.#subscription = kernels.on("*", (event) => this.#onEvent(event));
  }

  /** The executions that wait or run, the oldest first. */
  get live(): LiveExecution[] {
    return [...this.#live.values()];
  }

  /** Returns an execution that waits or runs; undefined when the owner has none of that id. */
  find(id: string, owner: string): LiveExecution | undefined {
    return this.#live.get(keyOf(id, owner));
  }

  /**
   * Puts code into a kernel's queue, after everything that was submitted for that kernel before. When
   * the promise resolves, the execution has a record. `isTaken` tells whether there is an execution of an id
   * that its caller has chosen.
   */
  async submit(
    kernelId: string,
    request: ExecutionRequest,
    isTaken: (id: string) => Promise<boolean>,
  ): Promise<LiveExecution> {
    this.#assertOpen();
    const { execution, inserted } = await this.#turns.take(
      kernelId,
      () => this.#start(kernelId, request, isTaken),
    );
    await inserted;
    return execution;
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
    await this.late[Symbol.asyncDispose]();
  }

  async #start(
    kernelId: string,
    request: ExecutionRequest,
    isTaken: (id: string) => Promise<boolean>,
  ): Promise<Accepted> {
    const { id = crypto.randomUUID() } = request;
    const kernel = await getKernel(this.kernels, kernelId);
    const key = keyOf(id, ownerOf(kernel.id));
    // Looked at once more after the wait: another kernel's turn may have brought the same id.
    if (request.id !== undefined && await isTaken(id) || this.#live.has(key)) {
      throw new ServiceError("already_exists", `Cannot execute: there is an execution "${id}"`);
    }
    this.#assertOpen();
    const execution = new LiveExecution(kernel, { ...request, id });
    // Before the kernel has it: its events may come at once.
    this.#live.set(key, execution);
    try {
      await execution.start();
    } catch (error) {
      this.#live.delete(key);
      throw error;
    }
    const finished = this.#observers.map((observe) => observe(execution));
    const inserted = this.#keep(() => this.store.insert(withoutOutputs(execution.accepted)));
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
    this.inputs.endExecution(id, kernelId);
    for (const tell of finished) tell(conclusion.record);
    await this.#keep(() => this.store.finish(conclusion, log));
    this.#live.delete(keyOf(id, ownerOf(kernelId)));
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

  /** Resolves when nothing waits or runs. */
  async #settled(): Promise<void> {
    await this.#turns.settled();
    await Promise.all(this.live.map(({ done }) => done));
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new ServiceError("shutting_down", "Cannot execute: the server is shutting down");
  }

  /** Returns the execution that an event is of; an execution of another kernel has no part in it. */
  #executionOf({ kernelId, executionId }: KernelEvent): LiveExecution | undefined {
    const execution = executionId === undefined
      ? undefined
      : this.find(executionId, ownerOf(kernelId));
    return execution?.kernelId === kernelId ? execution : undefined;
  }

  #onEvent(event: KernelEvent): void {
    const execution = this.#executionOf(event);
    if (!execution || execution.ended) this.late.add(event);
    else execution.add(event);
    if (event.type === "input_request") {
      // Nobody else can answer: a request without such an execution would wait in vain.
      if (execution?.allowsStdin && !execution.answerFromStdin(event)) this.inputs.add(event);
    } else if (event.type === "status" && isLoss(event.status)) {
      this.inputs.endKernel(event.kernelId);
    }
  }
}

/** Returns the key of an execution; no owner's name has a slash. */
function keyOf(id: string, owner: string): string {
  return `${owner}/${id}`;
}

/** Tells whether a kernel's interpreter is gone when the kernel has this status. */
function isLoss(status: KernelStatus): boolean {
  return status === "dead" || status === "restarting";
}
