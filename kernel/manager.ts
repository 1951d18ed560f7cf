import type { CallOptions } from "./calls/methods.ts";
import type { LanguageInfo } from "./calls/replies.ts";
import { type Clock, systemClock } from "./clock.ts";
import { defaultEngines, defaultHosts } from "./default_hosts.ts";
import type { Engine, PackageSource } from "./engine.ts";
import { KernelError } from "./errors.ts";
import { EventBus, type KernelEventListener } from "./event_bus.ts";
import type { KernelEventType } from "./events.ts";
import type {
  ExecuteOptions,
  ExecuteResult,
  ExecutionInfo,
  ExecutionStream,
} from "./executions/result.ts";
import { createHost, type HostInit, type Hosts, type Installer, type KernelHost } from "./host.ts";
import { ImageHost } from "./image_host.ts";
import { installAtStart } from "./installation.ts";
import { KernelMode, type StartOptions } from "./start_options.ts";
import type { IsolationMeasure } from "./isolation.ts";
import { Kernel } from "./kernel.ts";
import type { KernelInfo } from "./kernel_info.ts";
import { LanguageInfos } from "./language_infos.ts";
import type { KernelOptions } from "./options.ts";
import type { NpmOptions } from "./packages/npm/npm_store.ts";
import type { PackageOptions } from "./packages/package_options.ts";
import type { PackageBroker } from "./packages/request.ts";
import { CreationPolicy, type PolicyOptions } from "./policy.ts";
import { KernelPools, type PoolProfile } from "./pool/pools.ts";
import type { RemoteKernel, RemoteKernelSpec, RemoteServerOptions } from "./remote_options.ts";

/** Options for {@linkcode KernelManager}. */
export interface KernelManagerOptions extends PolicyOptions {
  /** The languages that kernels can have; the first one is the default. @default Python */
  engines?: readonly Engine[];
  /** Makes the hosts of kernels, by mode. @default those of this library */
  hosts?: Hosts;
  /**
   * Interpreters that are kept ready, from the first kernel or `warmUp` on: a kernel that asks for exactly
   * these options takes one, and has nothing to wait for. @default none
   */
  pools?: PoolProfile[];
  /**
   * The source of Python's packages, when the engines are the default ones; `false`: kernels get none.
   * Kernels need no network for them. @default the distribution that belongs to Pyodide
   */
  packages?: PackageOptions | false;
  /** The source of JavaScript's packages, when the engines are the default ones. @default kernels get none */
  npm?: NpmOptions;
  /** The other Jupyter servers that kernels may run on, by the name that callers choose. @default none */
  servers?: Readonly<Record<string, RemoteServerOptions>>;
  /** Measures durations, timeouts and grace periods; for tests. @default the machine's time */
  clock?: Clock;
}

/**
 * Creates kernels, finds them by id, and ends them. Dispose it (`await using`) to end them all.
 *
 * @example
 * ```ts
 * import { KernelManager } from "./mod.ts";
 *
 * await using manager = new KernelManager();
 * const id = await manager.createKernel();
 * const { result } = await manager.execute(id, "6 * 7");
 * console.log(result?.data["text/plain"]); // 42
 * ```
 */
export class KernelManager implements AsyncDisposable {
  /** Every event of every kernel, in order. */
  readonly events: EventBus = new EventBus();
  readonly #kernels = new Map<string, Kernel>();
  /** Ids that are taken by kernels on their way up. */
  readonly #starting = new Map<string, Promise<void>>();
  readonly #engines: readonly Engine[];
  readonly #hosts: Hosts;
  readonly #policy: CreationPolicy;
  readonly #pools: KernelPools;
  readonly #languages = new LanguageInfos();
  /** The sources of packages, by language. */
  readonly #sources = new Map<string, PackageSource>();
  readonly #clock: Clock;
  readonly #closing = new AbortController();

  /** Starts nothing yet. */
  constructor(options: KernelManagerOptions = {}) {
    const { packages, npm, servers = {}, clock = systemClock } = options;
    const { engines = defaultEngines({ npm, ...(packages !== undefined && { packages }) }) } =
      options;
    this.#engines = engines;
    this.#clock = clock;
    this.#hosts = options.hosts ?? defaultHosts(engines, { clock, servers });
    this.#policy = new CreationPolicy(options, engines, this.#hosts);
    for (const engine of engines) {
      const source = engine.openPackages?.((init) => this.#hosts.process(init));
      if (source) this.#sources.set(engine.language, source);
    }
    this.#pools = this.#createPools(options.pools ?? []);
  }

  /** The number of interpreters that are ready to become kernels. */
  get readyKernels(): number {
    return this.#pools.ready;
  }

  /**
   * Describes the means that keep process kernels in, and those that this system lacks: a server that runs
   * as root on Linux has all of them.
   */
  async isolation(): Promise<IsolationMeasure[]> {
    return await this.#hosts.isolation?.() ?? [];
  }

  /** The names of the other servers that kernels may run on. */
  get servers(): readonly string[] {
    return this.#hosts.remote?.names ?? [];
  }

  /**
   * Lists the kernels that run on another server, whoever started them.
   *
   * @throws {KernelError} `invalid_argument` for a name that no server has, `unreachable`, `timeout`, or
   * `permission_denied` when it refuses our token.
   */
  async listRemoteKernels(server: string): Promise<RemoteKernel[]> {
    return await this.#remote(server).kernels(server);
  }

  /** Lists the kinds of kernels that another server offers; rejects as `listRemoteKernels` does. */
  async listRemoteKernelSpecs(server: string): Promise<RemoteKernelSpec[]> {
    return await this.#remote(server).kernelSpecs(server);
  }

  /**
   * Returns the description of a language; undefined before a kernel of it was started. It is kept for each
   * language, so that it can be had while kernels compute.
   */
  languageInfo(language: string): LanguageInfo | undefined {
    return this.#languages.get(language);
  }

  /** Starts the interpreters that are to be kept ready; resolves when they are. */
  async warmUp(): Promise<void> {
    this.#assertOpen("start interpreters");
    await this.#pools.fill();
  }

  /**
   * Starts a kernel and resolves with its id once it can execute code. When `signal` aborts before, the
   * start is given up and rejects with the signal's reason.
   *
   * @throws {KernelError} `invalid_argument`, `already_exists`, `permission_denied`,
   * `limit_exceeded`, `install_failed` or `start_failed`; nothing is left behind then.
   */
  async createKernel(options: KernelOptions = {}, { signal }: CallOptions = {}): Promise<string> {
    const spec = this.#policy.parse(options);
    const { id } = spec;
    this.#assertOpen("create a kernel");
    if (this.#kernels.has(id) || this.#starting.has(id)) {
      throw new KernelError(
        "already_exists",
        `Cannot create kernel: there is already one with the id "${id}"`,
      );
    }
    this.#policy.assertAllowed(spec, this.#kernels.size + this.#starting.size);
    const started = Promise.withResolvers<void>();
    this.#starting.set(id, started.promise);
    try {
      const startOptions = await this.#policy.resolve(spec);
      // The caller of `warmUp` hears of a pool that cannot be made; the kernel starts without it.
      await this.#pools.prepare().catch(() => {});
      const kernel = new Kernel({
        spec,
        options: startOptions,
        installer: this.#installerOf(startOptions),
        createHost: (init) => this.#createKernelHost(init),
        packages: this.#brokerOf(spec.language),
        languages: this.#languages,
        clock: this.#clock,
        onEvent: (event) => this.events.emit(event),
        onInactive: (idle) => void this.#end(idle, "it was inactive for too long"),
      });
      await kernel.start(AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]));
      this.#kernels.set(id, kernel);
      return id;
    } finally {
      this.#starting.delete(id);
      started.resolve();
    }
  }

  /**
   * Returns the kernel of that id.
   *
   * @throws {KernelError} `not_found`.
   */
  getKernel(id: string): Kernel {
    const kernel = this.#kernels.get(id);
    if (!kernel) throw new KernelError("not_found", `Cannot find kernel "${id}": no such kernel`);
    return kernel;
  }

  /** Describes all kernels, or those of one namespace, in the order of their creation. */
  listKernels(namespace?: string): KernelInfo[] {
    return [...this.#kernels.values()].map((kernel) => kernel.info).filter((info) =>
      namespace === undefined || info.namespace === namespace
    );
  }

  /**
   * Ends a kernel whatever it is doing and frees what it held: executions that run or wait settle as
   * aborted with the reason, and `kernel_terminated` tells it. Returns false when there is none of that id.
   */
  async terminateKernel(id: string, reason = "it was terminated"): Promise<boolean> {
    const kernel = this.#kernels.get(id);
    if (!kernel) return false;
    await this.#end(kernel, reason);
    return true;
  }

  /** Ends all kernels, or those of one namespace, whatever they are doing. */
  async terminateAll(namespace?: string): Promise<void> {
    await Promise.all(this.listKernels(namespace).map(({ id }) => this.destroyKernel(id)));
  }

  /** The older name of `terminateKernel`, without a reason. */
  async destroyKernel(id: string): Promise<boolean> {
    return await this.terminateKernel(id, "it was destroyed");
  }

  /** The older name of `terminateAll`. */
  async destroyAll(namespace?: string): Promise<void> {
    await this.terminateAll(namespace);
  }

  /** The older name of `terminateKernel`. */
  async forceTerminateKernel(id: string, reason: string): Promise<boolean> {
    return await this.terminateKernel(id, reason);
  }

  /** Executes code in a kernel and resolves with the outcome; see `Kernel.execute`. */
  async execute(id: string, code: string, options?: ExecuteOptions): Promise<ExecuteResult> {
    return await this.getKernel(id).execute(code, options);
  }

  /** Executes code and iterates over its events; see `Kernel.executeStream`. */
  executeStream(id: string, code: string, options?: ExecuteOptions): ExecutionStream {
    return this.getKernel(id).executeStream(code, options);
  }

  /** Takes a waiting execution out of a kernel's queue; false when it does not wait. */
  cancelExecution(id: string, executionId: string): boolean {
    return this.getKernel(id).cancelExecution(executionId);
  }

  /** Interrupts the running execution; false when nothing runs that can be interrupted. See `Kernel.interrupt`. */
  async interruptKernel(id: string): Promise<boolean> {
    return await this.getKernel(id).interrupt();
  }

  /** Gives a kernel a fresh interpreter under the same id and options; see `Kernel.restart`. */
  async restartKernel(id: string): Promise<void> {
    await this.getKernel(id).restart();
  }

  /** Resolves with true when a kernel answers within `timeoutMs`; one that is computing does not. */
  async pingKernel(id: string, timeoutMs?: number): Promise<boolean> {
    return await this.getKernel(id).ping(timeoutMs);
  }

  /** Calls `listener` with a kernel's events of one type (`"*"`: all) until disposed or removed. */
  onKernelEvent<T extends KernelEventType>(
    id: string,
    type: T | "*",
    listener: KernelEventListener<T>,
  ): Disposable {
    return this.getKernel(id).events.on(type, listener);
  }

  /** Removes a listener; false when it was not there. */
  offKernelEvent<T extends KernelEventType>(
    id: string,
    type: T | "*",
    listener: KernelEventListener<T>,
  ): boolean {
    return this.#kernels.get(id)?.events.off(type, listener) ?? false;
  }

  /** Shuts a kernel down after that many milliseconds without work; 0: never. Counts at once. */
  setInactivityTimeout(id: string, timeoutMs: number): void {
    this.getKernel(id).inactivityTimeoutMs = timeoutMs;
  }

  /** Returns the milliseconds without work after which a kernel is shut down; 0: never. */
  getInactivityTimeout(id: string): number {
    return this.getKernel(id).inactivityTimeoutMs;
  }

  /** Returns the milliseconds until a kernel is shut down; undefined when it works or never is. */
  getTimeUntilShutdown(id: string): number | undefined {
    return this.getKernel(id).timeUntilShutdown;
  }

  /** Describes the executions that wait and run in a kernel. */
  getExecutionInfo(id: string): ExecutionInfo {
    return this.getKernel(id).executionInfo;
  }

  /** Ends every kernel, also those that are starting. Nothing can be created afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(closedError("create a kernel"));
    await Promise.all([this.terminateAll(), ...this.#starting.values()]);
    await this.#pools[Symbol.asyncDispose]();
    await Promise.all(Array.from(this.#sources.values(), (it) => it[Symbol.asyncDispose]()));
    this.events.close();
  }

  #createPools(profiles: readonly PoolProfile[]): KernelPools {
    const wanted = profiles.map(({ size, ...options }) => ({
      size,
      spec: this.#policy.parse(options),
    }));
    return new KernelPools(() =>
      Promise.all(
        wanted.filter(({ size }) => size > 0).map(async ({ size, spec }) => ({
          size,
          options: await this.#policy.resolve(spec),
          engine: this.#engineOf(spec.language),
          packages: this.#brokerOf(spec.language),
          images: this.#sources.get(spec.language)?.images,
          createHost: (init) => this.#createHost(init, true),
          clock: this.#clock,
        })),
      )
    );
  }

  /** Makes the host of a kernel, which takes what is ready for it. */
  #createKernelHost(init: HostInit): KernelHost {
    const { language, mode, packages } = init.options;
    const images = this.#sources.get(language)?.images;
    const take = (wanted: HostInit) => this.#pools.take(wanted) ?? this.#createHost(wanted);
    const isReady = packages.length > 0 && this.#pools.has(init.options);
    if (!images || isReady || mode === KernelMode.MAIN_THREAD) return take(init);
    return new ImageHost(init, { images, createHost: take });
  }

  /** Makes a host that installs the packages of its options when it starts; an image has them already. */
  #createHost(init: HostInit, warming = false): KernelHost {
    const { language, packages, image } = init.options;
    const host = createHost(this.#hosts, init);
    if (image !== undefined || packages.length === 0) return host;
    return installAtStart(host, this.#engineOf(language), packages, warming);
  }

  #remote(server: string): NonNullable<Hosts["remote"]> {
    if (this.#hosts.remote) return this.#hosts.remote;
    throw new KernelError("invalid_argument", `Cannot find server "${server}": none is configured`);
  }

  #engineOf(language: string): Engine {
    return this.#engines.find((it) => it.language === language)!; // The policy has checked it.
  }

  /** The way in which a kernel gets packages: of its engine, or of the other server. */
  #installerOf({ mode, language }: StartOptions): Installer {
    if (mode === KernelMode.REMOTE) return this.#hosts.remote!.installer(language);
    return this.#engineOf(language);
  }

  #brokerOf(language: string): PackageBroker | undefined {
    const { packagesOf = language } = this.#engineOf(language) ?? {};
    return this.#sources.get(packagesOf)?.broker;
  }

  async #end(kernel: Kernel, reason: string): Promise<void> {
    this.#kernels.delete(kernel.id);
    await kernel.terminate(reason);
  }

  #assertOpen(action: string): void {
    if (this.#closing.signal.aborted) throw closedError(action);
  }
}

function closedError(action: string): KernelError {
  return new KernelError("closed", `Cannot ${action}: the manager was closed`);
}
