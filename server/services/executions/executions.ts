import type { InputRequestEvent, ToolOutcome } from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { kernelNotFound, type ManagedKernel } from "../kernels/handle.ts";
import { ownerOf, Scope } from "../namespaces/scope.ts";
import { EventLog, type ExecutionEvents } from "./event_log.ts";
import type { Cancellation, LiveExecution } from "./live_execution.ts";
import {
  type ExecutionRecord,
  type ExecutionSummary,
  listed,
  type ListedExecution,
  withoutOutputs,
} from "./record.ts";
import { ExecutionRegistry, type ExecutionsInit } from "./registry.ts";
import type { ExecutionRequest } from "./request.ts";
import type { ExecutionQuery } from "./store.ts";

export type { ExecutionObserver, ExecutionsInit } from "./registry.ts";

/**
 * The executions of this server, by whichever API they came, as far as somebody may see them: an execution
 * outside of the scope is one that does not exist.
 */
export class Executions implements AsyncDisposable {
  readonly #all: ExecutionRegistry;
  readonly #scope: Scope;

  constructor(source: ExecutionsInit | ExecutionRegistry, scope = Scope.everything) {
    this.#all = source instanceof ExecutionRegistry ? source : new ExecutionRegistry(source);
    this.#scope = scope;
  }

  /** Returns the same executions as far as a scope has them; the result needs no disposal. */
  within(scope: Scope): Executions {
    return new Executions(this.#all, scope);
  }

  /**
   * Puts code into a kernel's queue, after everything that was submitted for that kernel before. When
   * the promise resolves, the execution has a record.
   *
   * @throws {KernelError} when the kernel does not take the execution.
   * @throws {ServiceError} `already_exists` or `shutting_down`.
   */
  async submit(kernelId: string, request: ExecutionRequest): Promise<LiveExecution> {
    const { id } = await this.#kernel(kernelId);
    return await this.#all.submit(id, request, (id) => this.has(id));
  }

  /** The number of executions that wait or run. */
  get liveCount(): number {
    return this.#live().length;
  }

  /** Returns the execution of that id while it waits or runs. */
  getLive(id: string): LiveExecution | undefined {
    const { namespace } = this.#scope;
    if (namespace !== undefined) return this.#all.find(id, namespace);
    return this.#all.find(id, "") ?? this.#all.live.find((it) => it.id === id);
  }

  /** Tells whether an execution has that id. */
  async has(id: string): Promise<boolean> {
    return this.getLive(id) !== undefined ||
      await this.#all.store.has(id, this.#scope.namespace);
  }

  /**
   * Returns the record of an execution.
   *
   * @throws {ServiceError} `not_found`.
   */
  async get(id: string): Promise<ExecutionRecord> {
    const owner = await this.#ownerOf(id);
    if (owner === undefined) throw notFound(id);
    await this.#all.late.flush(id, owner);
    const record = this.#all.find(id, owner)?.record ?? await this.#all.store.get(id, owner);
    if (!record) throw notFound(id);
    return record;
  }

  /**
   * Returns the record of an execution as JSON.
   *
   * @throws {ServiceError} `not_found`.
   */
  async json(id: string): Promise<string> {
    const owner = await this.#ownerOf(id);
    if (owner === undefined) throw notFound(id);
    await this.#all.late.flush(id, owner);
    const json = this.#all.find(id, owner)?.json ?? await this.#all.store.json(id, owner);
    if (json === undefined) throw notFound(id);
    return json;
  }

  /**
   * Lists executions, the newest first, without what may be large; fewer than the limit when they are
   * large. A list that continues another is asked for by the id of the other's last execution.
   *
   * @throws {ServiceError} `not_found` when there is no execution of the id `before`.
   */
  async list(
    { kernelId: asked, status, before, limit }: ExecutionQuery,
  ): Promise<ListedExecution[]> {
    if (before !== undefined && !await this.has(before)) throw notFound(before);
    const kernelId = asked === undefined ? undefined : this.#scope.fullId(asked);
    const fits = (summary: ExecutionSummary) =>
      (kernelId ?? summary.kernelId) === summary.kernelId &&
      (status ?? summary.status) === summary.status;
    const owner = this.#scope.namespace;
    const done = (await this.#all.store.list({ kernelId, status, before, limit, owner }))
      .filter((it) => !this.#all.find(it.id, ownerOf(it.kernelId)));
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
    const live = this.getLive(id);
    if (live) return live;
    const owner = await this.#ownerOf(id);
    if (owner === undefined) throw notFound(id);
    await this.#all.late.flush(id, owner);
    const events = await this.#all.store.events(id, owner);
    if (!events) throw notFound(id);
    return EventLog.of(events.lines, events.first);
  }

  /**
   * Takes an execution out of the queue or interrupts it.
   *
   * @throws {ServiceError} `not_found`, `execution_finished` or `interrupt_failed`.
   */
  async cancel(id: string): Promise<Cancellation> {
    const live = this.getLive(id);
    if (live) return await live.cancel();
    const { status } = await this.get(id);
    throw new ServiceError(
      "execution_finished",
      `Cannot cancel execution "${id}": it is done (${status})`,
    );
  }

  /** Returns the `input()` of an execution that waits for a client's answer; undefined when none does. */
  inputRequest(id: string): InputRequestEvent | undefined {
    const live = this.getLive(id);
    return live && this.#all.inputs.find(id, live.kernelId);
  }

  /**
   * Answers an execution's `input()`, with null by ending the input: the oldest request, or the one of
   * that id. False when none waits.
   *
   * @throws {ServiceError} `not_found`.
   */
  async answerInput(id: string, value: string | null, requestId?: string): Promise<boolean> {
    const live = this.getLive(id);
    if (live) {
      const taken = live.answering(value);
      const query = { executionId: id, requestId };
      const isAnswered = await this.#all.inputs.answer(live.kernel, value, query);
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
    const live = this.getLive(id);
    if (live) return await live.kernel.answerTool(requestId, outcome);
    const kernel = await this.#all.kernels.find((await this.get(id)).kernelId);
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
    const kernel = await this.#kernel(kernelId);
    return await this.#all.inputs.answer(kernel, value, { requestId });
  }

  /** Refuses new executions; resolves when those that wait or run are done, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    await this.#all.drain(timeoutMs);
  }

  /** Ends all views. The kernels must have ended: their executions are kept as aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#all[Symbol.asyncDispose]();
  }

  async #kernel(id: string): Promise<ManagedKernel> {
    const kernel = await this.#all.kernels.find(this.#scope.fullId(id));
    if (!kernel) throw kernelNotFound(id);
    return kernel;
  }

  /** Returns the executions of the scope that wait or run, the oldest first. */
  #live(): LiveExecution[] {
    return this.#all.live.filter(({ kernelId }) => this.#scope.has(kernelId));
  }

  /** Returns the owner of the execution of that id; undefined when the scope has none. */
  async #ownerOf(id: string): Promise<string | undefined> {
    const live = this.getLive(id);
    return live ? ownerOf(live.kernelId) : await this.#all.store.owner(id, this.#scope.namespace);
  }

  /** Returns the executions that wait or run, the newest first; only those before the one of that id. */
  async #liveBefore(id: string | undefined): Promise<LiveExecution[]> {
    const newestFirst = this.#live().reverse();
    if (id === undefined) return newestFirst;
    const place = newestFirst.findIndex((it) => it.id === id);
    if (place >= 0) return newestFirst.slice(place + 1);
    const { createdAt } = await this.get(id);
    return newestFirst.filter(({ accepted }) => accepted.createdAt <= createdAt);
  }
}

function notFound(id: string): ServiceError {
  return new ServiceError(
    "not_found",
    `Cannot find execution "${id}": no such execution, or it ended too long ago`,
  );
}
