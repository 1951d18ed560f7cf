import { abortable, type CallOptions, KernelCalls } from "./calls/calls.ts";
import { KernelError } from "./errors.ts";
import { EventBus } from "./event_bus.ts";
import type { KernelEvent, KernelStatus } from "./events.ts";
import { lossOf, runExecution } from "./executions/run.ts";
import {
  abortError,
  type ExecuteOptions,
  type ExecuteResult,
  Execution,
  type ExecutionInfo,
  ExecutionQueue,
  type ExecutionStream,
  type SubmittedExecution,
} from "./executions/executions.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  HostEvent,
  HostFactory,
  InstalledPackage,
} from "./host.ts";
import { assertInstalled, installCode } from "./packages/install.ts";
import type { PackageBroker } from "./packages/request.ts";
import { IdleTimer } from "./limits/idle_timer.ts";
import { Lifecycle } from "./lifecycle.ts";
import type { KernelLimits } from "./limits/limits.ts";
import type { Mount } from "./mounts.ts";
import type { KernelMode, ResolvedKernelOptions } from "./options.ts";
import { parseDelay, parseExecuteOptions } from "./options.ts";
import { OutputLimit } from "./limits/output_limit.ts";
import type { GrantedPermissions } from "./permissions.ts";

/** A kernel at a glance. */
export interface KernelInfo {
  /** Unique in its manager; `namespace:id` when it has a namespace. */
  id: string;
  /** The namespace, if any. */
  namespace: string | null;
  /** Where it runs. */
  mode: KernelMode;
  /** What it is doing. */
  status: KernelStatus;
  /** When it was created, ISO 8601. */
  created: string;
  /** When it last began or ended working, ISO 8601. */
  lastActivity: string;
  /** How many cells it has run since it started. */
  executionCount: number;
  /** The size of its interpreter's memory in bytes, as last heard of; null when it has none. */
  memoryBytes: number | null;
  /** The host directories that it sees. */
  mounts: Mount[];
  /** What it was granted. */
  permissions: GrantedPermissions;
  /** Milliseconds; 0: never. */
  inactivityTimeout: number;
  /** Milliseconds; 0: never. */
  maxExecutionTime: number;
  /** What it may use. */
  limits: KernelLimits;
}

/** What a kernel is made of; the manager fills it in. */
export interface KernelInit {
  options: ResolvedKernelOptions;
  mounts: Mount[];
  permissions: GrantedPermissions;
  createHost: HostFactory;
  /** Gives it packages. */
  packages: PackageBroker | undefined;
  /** Receives every event besides the kernel's own listeners. */
  onEvent: (event: KernelEvent) => void;
  /** Called when the kernel has been inactive for its timeout. */
  onInactive: (kernel: Kernel) => void;
}

/**
 * One Python interpreter with an identity: executions queue for it, its events pass through
 * `events`, and it can be restarted under the same id. Made by a `KernelManager`.
 */
export class Kernel extends KernelCalls {
  /** Everything that the kernel reports. */
  readonly events: EventBus = new EventBus();
  readonly #init: KernelInit;
  readonly #created = new Date();
  readonly #idle: IdleTimer;
  readonly #output: OutputLimit;
  readonly #queue = new ExecutionQueue((execution) => this.#run(execution));
  #lastActivity = this.#created;
  #status: KernelStatus = "starting";
  #executionCount = 0;
  readonly #lifecycle: Lifecycle;

  /** Does nothing yet: see `start`. */
  constructor(init: KernelInit) {
    super();
    this.#init = init;
    this.events.on("*", init.onEvent);
    this.#idle = new IdleTimer(init.options.inactivityTimeout, () => init.onInactive(this));
    const { mounts, permissions, createHost, options } = init;
    const { env, cwd, limits, javascript } = options;
    this.#output = new OutputLimit(limits.outputBytes);
    this.#lifecycle = new Lifecycle({
      createHost: (onEvent) =>
        createHost({
          kernelId: this.id,
          mounts,
          permissions,
          limits,
          javascript,
          packages: init.packages,
          installed: options.packages,
          env,
          cwd,
          onEvent,
        }),
      onEvent: (event) => this.#forward(event),
      onStatus: (status) => this.#onStatus(status),
      onLoss: () => this.#onLoss(),
      onEnd: (reason, threadLeaked) =>
        this.events.emit({ type: "kernel_terminated", kernelId: this.id, reason, threadLeaked }),
    });
  }

  /** Unique in its manager; `namespace:id` when it has a namespace. */
  get id(): string {
    return this.#init.options.id;
  }

  /** Where it runs. */
  get mode(): KernelMode {
    return this.#init.options.mode;
  }

  /** What it is doing. */
  get status(): KernelStatus {
    return this.#status;
  }

  /** What it was granted: exactly what its worker runs with. */
  get permissions(): GrantedPermissions {
    return this.#init.permissions;
  }

  /** What it may use. */
  get limits(): Readonly<KernelLimits> {
    return this.#init.options.limits;
  }

  /** The host directories that it sees. */
  get mounts(): readonly Mount[] {
    return this.#init.mounts;
  }

  /** The kernel at a glance. */
  get info(): KernelInfo {
    const { options, mounts, permissions } = this.#init;
    return {
      id: options.id,
      namespace: options.namespace ?? null,
      mode: options.mode,
      status: this.#status,
      created: this.#created.toISOString(),
      lastActivity: this.#lastActivity.toISOString(),
      executionCount: this.#executionCount,
      memoryBytes: this.#lifecycle.host?.memoryBytes ?? null,
      mounts: structuredClone(mounts),
      permissions: structuredClone(permissions),
      inactivityTimeout: this.#idle.timeoutMs,
      maxExecutionTime: options.maxExecutionTime,
      limits: { ...options.limits },
    };
  }

  /** Milliseconds without work after which it is shut down; 0: never. A change counts at once. */
  get inactivityTimeout(): number {
    return this.#idle.timeoutMs;
  }

  set inactivityTimeout(value: number) {
    this.#idle.timeoutMs = parseDelay(value, "Cannot set the inactivity timeout");
  }

  /** Milliseconds until it is shut down; undefined when it works or is never shut down. */
  get timeUntilShutdown(): number | undefined {
    return this.#idle.remainingMs;
  }

  /** The executions that wait or run. */
  get executionInfo(): ExecutionInfo {
    const executions = this.#queue.list();
    const longestRunningTime = Math.max(0, ...executions.map((it) => it.runningTime));
    const limit = this.#init.options.maxExecutionTime;
    return {
      count: executions.length,
      isStuck: limit > 0 && longestRunningTime > limit,
      longestRunningTime,
      executions,
    };
  }

  /**
   * Starts the interpreter; the manager calls it once. When `signal` aborts, the kernel is ended and the
   * start rejects with the signal's reason.
   *
   * @throws {KernelError} `start_failed`, with the cause.
   */
  async start(signal: AbortSignal): Promise<void> {
    const giveUp = () => this.terminate("its start was given up");
    signal.addEventListener("abort", giveUp);
    try {
      if (!signal.aborted) await this.#lifecycle.start();
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
    if (signal.aborted) await giveUp();
    signal.throwIfAborted();
    this.#assertUp("start");
  }

  /**
   * Runs `code` after everything that was asked for before, and resolves with what became of it. A
   * Python exception is such a result. Rejects only when the kernel is dead or an option is wrong.
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    return await this.submit(code, options).result;
  }

  /**
   * Puts `code` in the queue and returns at once; what happens is told by `events`.
   *
   * @throws {KernelError} when the kernel is dead, the queue is full or an option is wrong.
   */
  submit(code: string, options: ExecuteOptions = {}): SubmittedExecution {
    const { id, result } = this.#submit(code, options);
    return { id, result };
  }

  /**
   * Runs `code` and iterates over its events as they happen, from `status: busy` to `status: idle`;
   * leaving the loop does not stop the execution.
   */
  executeStream(code: string, options: ExecuteOptions = {}): ExecutionStream {
    const ended = new AbortController();
    const id = options.id ?? crypto.randomUUID();
    const events = this.events.stream({
      signal: ended.signal,
      filter: (event) => event.executionId === id,
    });
    let execution: Execution;
    try {
      execution = this.#submit(code, { ...options, id });
    } catch (error) {
      ended.abort();
      throw error;
    }
    void execution.result.then(() => ended.abort());
    return {
      id,
      result: execution.result,
      cancel: () => this.cancelExecution(id),
      [Symbol.asyncIterator]: () => events,
    };
  }

  /**
   * Installs packages after everything that was asked for before: names, perhaps with versions, or the
   * text of a `requirements.txt`. Events tell how far it is; resolves with all that is installed then.
   *
   * @throws {KernelError} `install_failed`, with the reason; the kernel is as it was.
   */
  async installPackages(requirements: readonly string[] | string): Promise<InstalledPackage[]> {
    const result = await this.execute(installCode(requirements), { silent: true });
    assertInstalled(result);
    return await this.packages();
  }

  /** Takes a waiting execution out of the queue; false when it is not waiting. */
  cancelExecution(executionId: string): boolean {
    return this.#queue.cancel(
      executionId,
      abortError("ExecutionCancelled", "It was cancelled while it waited"),
    );
  }

  /**
   * Raises KeyboardInterrupt in the running execution. False when it could not be delivered: nothing
   * runs (or not the execution that was named), C code is computing, or the kernel computes on the
   * main thread.
   */
  async interrupt(executionId?: string): Promise<boolean> {
    const { current } = this.#queue;
    const { host } = this.#lifecycle;
    if (!current?.running || !host) return false;
    if (executionId !== undefined && current.id !== executionId) return false;
    return await host.interrupt(current.id);
  }

  /**
   * Replaces the interpreter by a fresh one; what ran or waited is aborted. Also brings a dead kernel
   * back.
   *
   * @throws {KernelError} `start_failed` when the fresh one does not start: the kernel is then dead.
   */
  async restart(): Promise<void> {
    if (this.#lifecycle.terminated) throw this.#deadError("Cannot restart");
    await this.#lifecycle.replace("it was restarted");
    this.#assertUp("restart");
  }

  /** Whether the kernel answers within `timeoutMs`; one that is computing does not. */
  async ping(timeoutMs = 1_000): Promise<boolean> {
    return await this.#lifecycle.host?.ping(parseDelay(timeoutMs, "Cannot ping")) ?? false;
  }

  /** Ends the kernel for good: everything pending is settled with the reason. Idempotent. */
  async terminate(reason: string): Promise<void> {
    await this.#lifecycle.terminate(reason);
    this.events.close();
  }

  #submit(code: string, options: ExecuteOptions): Execution {
    if (typeof code !== "string") {
      throw new KernelError("invalid_argument", "Cannot execute: code: use a string");
    }
    if (this.#status === "dead" || this.#lifecycle.terminated) {
      throw this.#deadError("Cannot execute");
    }
    const { queue: maxQueue } = this.limits;
    if (this.#queue.size >= maxQueue) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot execute: the queue of kernel "${this.id}" is full (limit ${maxQueue}); try again ` +
          "when something has ended",
      );
    }
    const execution = new Execution(this.id, code, parseExecuteOptions(options));
    this.#idle.pause();
    this.#queue.add(execution);
    this.#obey(execution, options.signal);
    return execution;
  }

  #obey(execution: Execution, signal: AbortSignal | undefined): void {
    if (!signal) return;
    const stop = () => {
      if (!this.cancelExecution(execution.id)) void this.interrupt();
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    void execution.result.then(() => signal.removeEventListener("abort", stop));
  }

  async #run(execution: Execution): Promise<void> {
    await this.#lifecycle.ready;
    const { host } = this.#lifecycle;
    if (!host) return execution.finish(lossOf(this.#lifecycle, "never ran", false));
    execution.start();
    this.#touch();
    this.#setStatus("busy", execution.id);
    this.#output.reset();
    const { used, ...end } = await runExecution(execution, host, {
      lifecycle: this.#lifecycle,
      limits: this.limits,
      maxExecutionTime: this.#init.options.maxExecutionTime,
      onStalled: () => this.#reportStall(execution),
    });
    if (end.reply) this.#executionCount = end.reply.executionCount;
    const droppedByKernel = end.reply?.droppedBytes ?? 0;
    if (droppedByKernel > 0) {
      this.#show(this.#output.notice({ kernelId: this.id, executionId: execution.id }));
    }
    const usage = {
      ...used,
      outputBytes: this.#output.produced + droppedByKernel,
      droppedOutputBytes: this.#output.dropped + droppedByKernel,
    };
    this.#touch();
    if (this.#status === "busy") this.#setStatus("idle", execution.id);
    execution.finish({ ...end, usage });
    if (this.#queue.size <= 1 && this.#lifecycle.host) this.#idle.resume();
  }

  #onStatus(status: KernelStatus): void {
    this.#setStatus(status);
    if (status !== "idle") return;
    this.#executionCount = 0;
    if (this.#queue.size === 0) this.#idle.resume();
  }

  #onLoss(): void {
    this.#idle.pause();
    this.#queue.abortWaiting(lossOf(this.#lifecycle, "never ran", false));
  }

  #forward(event: HostEvent): void {
    this.#show(this.#output.pass({ ...event, kernelId: this.id }));
  }

  #show(events: KernelEvent[]): void {
    const { current } = this.#queue;
    for (const event of events) {
      if (current && current.id === event.executionId) current.collect(event);
      this.events.emit(event);
    }
  }

  #setStatus(status: KernelStatus, executionId?: string): void {
    this.#status = status;
    this.events.emit({
      type: "status",
      kernelId: this.id,
      status,
      ...(executionId !== undefined && { executionId }),
    });
  }

  #reportStall(execution: Execution): void {
    this.events.emit({
      type: "execution_stalled",
      kernelId: this.id,
      executionId: execution.id,
      code: execution.code,
      maxExecutionTime: this.#init.options.maxExecutionTime,
      runningTime: execution.runningTime,
    });
  }

  /** See `KernelCalls`. */
  protected override async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
    options: CallOptions = {},
  ): Promise<CallReplies[M]> {
    await this.#lifecycle.ready;
    const { host } = this.#lifecycle;
    if (!host) throw this.#deadError(`Cannot call ${method}`);
    this.#touch();
    if (method.startsWith("comm") && this.#status === "idle") this.#output.reset();
    return await abortable(host.call(method, args, buffers), options.signal);
  }

  #touch(): void {
    this.#lastActivity = new Date();
    if (this.#queue.size === 0 && this.#lifecycle.host) this.#idle.resume();
  }

  #assertUp(action: string): void {
    if (this.#lifecycle.host) return;
    const { endReason, endCause: cause } = this.#lifecycle;
    const unable = cause instanceof KernelError && cause.code === "install_failed";
    const code = unable ? cause.code : "start_failed";
    throw new KernelError(code, `Cannot ${action} kernel "${this.id}": ${endReason}`, { cause });
  }

  #deadError(action: string): KernelError {
    return new KernelError(
      "kernel_dead",
      `${action}: kernel "${this.id}" is dead (${this.#lifecycle.endReason}); restart it or create another`,
    );
  }
}
