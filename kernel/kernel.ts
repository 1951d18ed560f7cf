import { KernelCalls } from "./calls/calls.ts";
import type {
  Answer,
  CallArguments,
  CallMethod,
  CallOptions,
  CallReplies,
} from "./calls/methods.ts";
import type { InstalledPackage, LanguageInfo } from "./calls/replies.ts";
import type { Clock } from "./clock.ts";
import { abortable } from "./deadline.ts";
import { KernelError } from "./errors.ts";
import { EventBus } from "./event_bus.ts";
import type { KernelEvent, KernelStatus } from "./events.ts";
import { Executor } from "./executions/executor.ts";
import type {
  ExecuteOptions,
  ExecuteResult,
  ExecutionInfo,
  ExecutionStream,
  SubmittedExecution,
} from "./executions/result.ts";
import type { HostFactory, Installer } from "./host.ts";
import { assertInstalled, installCode } from "./installation.ts";
import type { KernelInfo } from "./kernel_info.ts";
import type { LanguageInfos } from "./language_infos.ts";
import { Lifecycle } from "./lifecycle.ts";
import { IdleTimer } from "./limits/idle_timer.ts";
import { type ShownLimits, UNKEPT_LIMITS, withOlderNames } from "./limits/limits.ts";
import type { Mount } from "./mounts.ts";
import { type KernelSpec, parseDelay } from "./options.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { GrantedPermissions } from "./permissions.ts";
import { KernelMode, type StartOptions } from "./start_options.ts";
import { ToolCalls } from "./tools/tool_calls.ts";
import { describeTools, type ToolOutcome } from "./tools/tools.ts";

/** The parts of a kernel; the manager puts them together. */
export interface KernelInit {
  /** The options that were asked for. */
  spec: KernelSpec;
  /** The options that its interpreters are started with. */
  options: StartOptions;
  /** Installs packages. */
  installer: Installer;
  /** Makes the hosts of its interpreters. */
  createHost: HostFactory;
  /** Gives it packages. */
  packages: PackageBroker | undefined;
  /** The descriptions of languages, to which a kernel adds that of its own. */
  languages: LanguageInfos;
  /** Receives every event, besides the kernel's own listeners. */
  onEvent: (event: KernelEvent) => void;
  /** Called when the kernel has been inactive for its timeout. */
  onInactive: (kernel: Kernel) => void;
  /** Measures durations and limits of time. */
  clock: Clock;
}

/**
 * One interpreter with an identity: executions queue for it, its events pass through `events`, and it
 * can be restarted under the same id. A `KernelManager` makes them.
 */
export class Kernel extends KernelCalls {
  /** Every event of the kernel. */
  readonly events: EventBus = new EventBus();
  readonly #init: KernelInit;
  readonly #created = new Date();
  readonly #idle: IdleTimer;
  readonly #lifecycle: Lifecycle;
  readonly #executor: Executor;
  readonly #tools: ToolCalls;
  #lastActivity = this.#created;
  #status: KernelStatus = "starting";

  /** Does nothing yet: see `start`. */
  constructor(init: KernelInit) {
    super();
    this.#init = init;
    const { id: kernelId, env, cwd, limits, inactivityTimeoutMs, maxExecutionTimeMs } = init.spec;
    const { tools } = init.spec;
    this.#tools = new ToolCalls({
      tools,
      kernelId,
      clock: init.clock,
      reply: async (requestId, outcome) =>
        (await this.call("toolReply", { requestId, outcome })).value.accepted,
    });
    // Before every other listener, which may answer at once.
    this.events.on("tool_call", (event) => this.#tools.take(event));
    this.events.on("*", init.onEvent);
    this.#idle = new IdleTimer(inactivityTimeoutMs, () => init.onInactive(this), init.clock);
    this.#lifecycle = new Lifecycle({
      createHost: (onEvent, onReachable) =>
        init.createHost({
          options: init.options,
          identity: { kernelId, env, cwd, tools: describeTools(tools) },
          packages: init.packages,
          onEvent,
          onReachable,
        }),
      onReachable: (reachable) => this.#onReachable(reachable),
      clock: init.clock,
      onEvent: (event) => this.#executor.show(event),
      onStatus: (status) => this.#onStatus(status),
      onLoss: () => this.#onLoss(),
      onEnd: (reason, threadLeaked) => {
        this.#tools.abort(reason);
        this.events.emit({ type: "kernel_terminated", kernelId, reason, threadLeaked });
      },
    });
    this.#executor = new Executor({
      kernelId,
      limits,
      maxExecutionTimeMs,
      lifecycle: this.#lifecycle,
      events: this.events,
      clock: init.clock,
      onQueued: () => this.#idle.pause(),
      onBegin: (executionId) => this.#onBegin(executionId),
      onEnd: (executionId) => this.#onEnd(executionId),
    });
  }

  /** The id, unique in its manager; `namespace:id` when it has a namespace. */
  get id(): string {
    return this.#init.spec.id;
  }

  /** The name of its language. */
  get language(): string {
    return this.#init.options.language;
  }

  /** The place where it runs. */
  get mode(): KernelMode {
    return this.#init.options.mode;
  }

  /** Its state. */
  get status(): KernelStatus {
    return this.#status;
  }

  /** Its permissions: exactly those that its interpreter runs with. */
  get permissions(): GrantedPermissions {
    return this.#init.options.permissions;
  }

  /** Its limits; null is one that nobody keeps, as in a kernel of another server. */
  get limits(): Readonly<ShownLimits> {
    const limits = withOlderNames(this.#init.spec.limits);
    if (this.mode !== KernelMode.REMOTE) return limits;
    return { ...limits, ...Object.fromEntries(UNKEPT_LIMITS.map((name) => [name, null])) };
  }

  /** The directories of this machine that it sees. */
  get mounts(): readonly Mount[] {
    return this.#init.options.mounts;
  }

  /** A description of the kernel, as it is now. */
  get info(): KernelInfo {
    const { namespace, maxExecutionTimeMs } = this.#init.spec;
    return {
      id: this.id,
      namespace: namespace ?? null,
      language: this.language,
      mode: this.mode,
      status: this.#status,
      created: this.#created.toISOString(),
      lastActivity: this.#lastActivity.toISOString(),
      executionCount: this.#executor.executionCount,
      memoryBytes: this.#lifecycle.host?.memoryBytes ?? null,
      mounts: structuredClone(this.#init.options.mounts),
      permissions: structuredClone(this.permissions),
      inactivityTimeoutMs: this.#idle.timeoutMs,
      inactivityTimeout: this.#idle.timeoutMs,
      maxExecutionTimeMs,
      maxExecutionTime: maxExecutionTimeMs,
      limits: this.limits,
      remote: this.#remoteInfo,
    };
  }

  get #remoteInfo(): KernelInfo["remote"] {
    const { options } = this.#init;
    if (options.mode !== KernelMode.REMOTE) return null;
    const { server, kernelName, path = null } = options.remote;
    return { server, kernelName, path };
  }

  /** Milliseconds without work after which it is shut down; 0: never. A change counts at once. */
  get inactivityTimeoutMs(): number {
    return this.#idle.timeoutMs;
  }

  set inactivityTimeoutMs(value: number) {
    this.#idle.timeoutMs = parseDelay(value, "Cannot set the inactivity timeout");
  }

  /** The older name of `inactivityTimeoutMs`. */
  get inactivityTimeout(): number {
    return this.inactivityTimeoutMs;
  }

  set inactivityTimeout(value: number) {
    this.inactivityTimeoutMs = value;
  }

  /** Milliseconds until it is shut down; undefined when it works or is never shut down. */
  get timeUntilShutdown(): number | undefined {
    return this.#idle.remainingMs;
  }

  /** The executions that wait or run. */
  get executionInfo(): ExecutionInfo {
    return this.#executor.info;
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
    // A kernel of another server may be of another version, and somebody else may have used it.
    if (this.mode === KernelMode.REMOTE) return;
    void this.#init.languages.learn(this.language, this.#lifecycle.host!);
  }

  /**
   * Executes `code` after everything that was asked for before, and resolves with the outcome, of which an
   * exception of the language is one. Rejects only when the kernel is dead or an option is wrong.
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    return await this.submit(code, options).result;
  }

  /**
   * Puts `code` in the queue and returns at once; `events` tell its course.
   *
   * @throws {KernelError} when the kernel is dead, the queue is full or an option is wrong.
   */
  submit(code: string, options: ExecuteOptions = {}): SubmittedExecution {
    this.#assertAlive("Cannot execute");
    return this.#executor.submit(code, options);
  }

  /**
   * Executes `code` and iterates over its events as they happen, from `status: busy` to `status: idle`;
   * leaving the loop does not stop the execution.
   */
  executeStream(code: string, options: ExecuteOptions = {}): ExecutionStream {
    this.#assertAlive("Cannot execute");
    return this.#executor.stream(code, options);
  }

  /**
   * Installs packages after everything that was asked for before: names, perhaps with versions, or the
   * text of a `requirements.txt`. Events tell the progress; resolves with all packages that are installed
   * then.
   *
   * @throws {KernelError} `install_failed`, with the reason; the kernel is as it was.
   */
  async installPackages(requirements: readonly string[] | string): Promise<InstalledPackage[]> {
    const code = installCode(this.#init.installer, { requirements, importing: false });
    assertInstalled(await this.execute(code, { silent: true }));
    return await this.packages();
  }

  /** Describes the language, its version and the implementation, also while the kernel computes. */
  override async languageInfo(options?: CallOptions): Promise<LanguageInfo> {
    const known = this.mode === KernelMode.REMOTE
      ? undefined
      : this.#init.languages.get(this.language);
    return known ?? await super.languageInfo(options);
  }

  /**
   * Answers a `tool_call` of a tool that has no function of its own: with a JSON value, or with the message
   * of a failure. False when nobody waits for the answer any more.
   */
  async answerTool(requestId: string, outcome: ToolOutcome): Promise<boolean> {
    return await this.#tools.answer(requestId, outcome);
  }

  /** Takes a waiting execution out of the queue; false when it does not wait. */
  cancelExecution(executionId: string): boolean {
    return this.#executor.cancel(executionId);
  }

  /**
   * Raises KeyboardInterrupt, or what the language has for it, in the running execution. While C code
   * computes, the interrupt waits for its end, and the execution says so on stderr. False when nothing
   * runs (or not the execution that was named), or when the kernel computes on the main thread.
   */
  async interrupt(executionId?: string): Promise<boolean> {
    return await this.#executor.interrupt(executionId);
  }

  /**
   * Replaces the interpreter by a fresh one; executions that ran or waited are aborted. A dead kernel
   * comes back.
   *
   * @throws {KernelError} `start_failed` when the fresh one does not start: the kernel is then dead.
   */
  async restart(): Promise<void> {
    if (this.#lifecycle.terminated) throw this.#deadError("Cannot restart");
    await this.#lifecycle.replace("it was restarted");
    this.#assertUp("restart");
  }

  /** Resolves with true when the kernel answers within `timeoutMs`; one that is computing does not. */
  async ping(timeoutMs = 1_000): Promise<boolean> {
    return await this.#lifecycle.host?.ping(parseDelay(timeoutMs, "Cannot ping")) ?? false;
  }

  /** Ends the kernel for good: everything pending is settled with the reason. Idempotent. */
  async terminate(reason: string): Promise<void> {
    await this.#lifecycle.terminate(reason);
    this.events.close();
  }

  /** See `KernelCalls`. */
  protected override async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
    options: CallOptions = {},
  ): Promise<Answer<CallReplies[M]>> {
    await this.#lifecycle.ready;
    const { host } = this.#lifecycle;
    if (!host) throw this.#deadError(`Cannot call ${method}`);
    this.#touch();
    if (method.startsWith("comm") && this.#status === "idle") this.#executor.resetOutput();
    if ("requestId" in args && args.requestId !== undefined) this.#executor.expect(args.requestId);
    return await abortable(host.call(method, args, buffers), options.signal);
  }

  #onBegin(executionId: string): void {
    this.#touch();
    this.#setStatus("busy", executionId);
  }

  #onEnd(executionId: string): void {
    this.#touch();
    if (this.#status === "busy") this.#setStatus("idle", executionId);
    // The execution that ends is still counted.
    if (this.#executor.size <= 1 && this.#lifecycle.host) this.#idle.resume();
  }

  #onStatus(status: KernelStatus): void {
    this.#setStatus(status);
    if (status !== "idle") return;
    this.#executor.reset();
    if (this.#executor.size === 0) this.#idle.resume();
  }

  #onReachable(reachable: boolean): void {
    if (!reachable) return this.#setStatus("unreachable");
    if (this.#status !== "unreachable") return;
    const running = this.#executor.runningId;
    this.#setStatus(running === undefined ? "idle" : "busy", running);
  }

  #onLoss(): void {
    this.#tools.abort("the interpreter is gone");
    this.#idle.pause();
    this.#executor.abortWaiting();
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

  #touch(): void {
    this.#lastActivity = new Date();
    if (this.#executor.size === 0 && this.#lifecycle.host) this.#idle.resume();
  }

  #assertAlive(action: string): void {
    if (this.#status === "dead" || this.#lifecycle.terminated) throw this.#deadError(action);
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
