import type { CallOptions } from "./calls/calls.ts";
import { KernelError } from "./errors.ts";
import { EventBus, type KernelEventListener } from "./event_bus.ts";
import type { KernelEventType } from "./events.ts";
import type {
  ExecuteOptions,
  ExecuteResult,
  ExecutionInfo,
  ExecutionStream,
} from "./executions/executions.ts";
import type { HostFactory, HostInit, Hosts, KernelHost } from "./host.ts";
import { defaultHosts } from "./default_hosts.ts";
import { Kernel, type KernelInfo } from "./kernel.ts";
import type { IsolationMeasure } from "./isolation.ts";
import type { KernelLimits } from "./limits/limits.ts";
import { createBroker } from "./packages/broker.ts";
import { createCompiler } from "./packages/compiler.ts";
import { createPackageStore } from "./packages/create.ts";
import { installAtStart } from "./packages/install.ts";
import type { PackageStore, PackageStoreOptions } from "./packages/package_store.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { PoolInit } from "./pool/pool.ts";
import { KernelPools, type PoolProfile } from "./pool/pools.ts";
import { resolveMounts } from "./mounts.ts";
import {
  KernelMode,
  type KernelOptions,
  parseKernelOptions,
  type ResolvedKernelOptions,
} from "./options.ts";
import {
  assertWithinCeiling,
  type GrantedPermissions,
  type PermissionOptions,
  workerPermissions,
} from "./permissions.ts";

/** Options for {@linkcode KernelManager}. */
export interface KernelManagerOptions {
  /** Kernels may mount these host directories and what is below them. @default any */
  mountRoots?: string[];
  /** What makes the host of a kernel in each mode. @default Pyodide, in this process */
  hosts?: Hosts;
  /**
   * Interpreters that are kept ready, from the first kernel or `warmUp` on: a kernel that asks for exactly
   * what one of them is takes it, and has nothing to wait for. @default none
   */
  pools?: PoolProfile[];
  /**
   * Where kernels get packages from; `false`: they get none. Kernels need no network for them.
   * @default the distribution that belongs to Pyodide
   */
  packages?: PackageStoreOptions | false;
  /** The most kernels at a time, those that start included. @default any number */
  maxKernels?: number;
  /** What kernels may use that do not say. @default see `KernelLimits` */
  limits?: Partial<KernelLimits>;
  /** The most that kernels may ask for. @default anything */
  limitCeilings?: Partial<KernelLimits>;
  /** The modes that kernels may have. @default all */
  allowedModes?: readonly KernelMode[];
  /**
   * The most that a kernel may be granted. Its mounts are a matter of `mountRoots`. Main-thread kernels
   * have all of this process's permissions: with a ceiling they are refused, unless `allowedModes`
   * names them. @default anything
   */
  permissionCeiling?: PermissionOptions;
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
  /** Everything that every kernel reports, in order. */
  readonly events: EventBus = new EventBus();
  readonly #kernels = new Map<string, Kernel>();
  /** Ids that are taken by kernels on their way up. */
  readonly #starting = new Map<string, Promise<void>>();
  readonly #options: KernelManagerOptions;
  readonly #hosts: Hosts;
  readonly #pools: KernelPools;
  /** Gives kernels packages; undefined: they get none. */
  readonly #broker: PackageBroker | undefined;
  #store: Promise<PackageStore> | undefined;
  readonly #closing = new AbortController();

  /** Starts nothing yet. */
  constructor(options: KernelManagerOptions = {}) {
    this.#options = options;
    this.#hosts = options.hosts ?? defaultHosts();
    const profiles = (options.pools ?? []).map(({ size, ...profile }) => ({
      size,
      options: this.#parse(profile),
    }));
    const { packages = {} } = options;
    if (packages !== false) {
      const compile = createCompiler((init) => this.#hosts.process(init));
      this.#broker = createBroker(() => this.#store ??= createPackageStore(packages, compile));
    }
    this.#pools = new KernelPools({
      profiles,
      resolve: (it) => this.#engineOf(it),
      createHost: (mode, init) => this.#createHost(mode, init, true),
    });
  }

  /** How many interpreters are ready to become kernels. */
  get readyKernels(): number {
    return this.#pools.ready;
  }

  /**
   * What keeps process kernels in, and what this system does not offer: a server that runs as root on
   * Linux has all of it.
   */
  async isolation(): Promise<IsolationMeasure[]> {
    return await this.#hosts.isolation?.() ?? [];
  }

  /** Starts the interpreters that are to be kept ready; resolves when they are. */
  async warmUp(): Promise<void> {
    this.#assertOpen("start interpreters");
    await this.#pools.fill();
  }

  /**
   * Starts a kernel and resolves with its id once it runs Python. When `signal` aborts before, the start
   * is given up and rejects with the signal's reason.
   *
   * @throws {KernelError} `invalid_argument`, `already_exists`, `permission_denied`,
   * `limit_exceeded`, `install_failed` or `start_failed`; nothing is left behind then.
   */
  async createKernel(options: KernelOptions = {}, { signal }: CallOptions = {}): Promise<string> {
    const resolved = this.#parse(options);
    const { id } = resolved;
    this.#assertOpen("create a kernel");
    if (this.#kernels.has(id) || this.#starting.has(id)) {
      throw new KernelError(
        "already_exists",
        `Cannot create kernel: there is already one with the id "${id}"`,
      );
    }
    this.#assertAllowed(resolved);
    const started = Promise.withResolvers<void>();
    this.#starting.set(id, started.promise);
    try {
      const { mounts, permissions, packages } = await this.#engineOf(resolved);
      // A pool that cannot be made is told to whoever warms it up, and is no reason to refuse a kernel.
      await this.#pools.prepare().catch(() => {});
      const createHost: HostFactory = (init) =>
        this.#pools.take(resolved.mode, init) ?? this.#createHost(resolved.mode, init);
      const kernel = new Kernel({
        options: resolved,
        mounts,
        permissions,
        createHost,
        packages,
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
   * The kernel of that id.
   *
   * @throws {KernelError} `not_found`.
   */
  getKernel(id: string): Kernel {
    const kernel = this.#kernels.get(id);
    if (!kernel) throw new KernelError("not_found", `Cannot find kernel "${id}": no such kernel`);
    return kernel;
  }

  /** All kernels, or those of one namespace, in the order of their creation. */
  listKernels(namespace?: string): KernelInfo[] {
    return [...this.#kernels.values()].map((kernel) => kernel.info).filter((info) =>
      namespace === undefined || info.namespace === namespace
    );
  }

  /** Ends a kernel and frees what it held; false when there is none of that id. */
  async destroyKernel(id: string): Promise<boolean> {
    return await this.forceTerminateKernel(id, "it was destroyed");
  }

  /** Ends all kernels, or those of one namespace. */
  async destroyAll(namespace?: string): Promise<void> {
    await Promise.all(this.listKernels(namespace).map(({ id }) => this.destroyKernel(id)));
  }

  /**
   * Ends a kernel whatever it is doing: what runs or waits settles as aborted with the reason, and
   * `kernel_terminated` tells it. False when there is none of that id.
   */
  async forceTerminateKernel(id: string, reason: string): Promise<boolean> {
    const kernel = this.#kernels.get(id);
    if (!kernel) return false;
    await this.#end(kernel, reason);
    return true;
  }

  /** Runs code in a kernel and resolves with what became of it; see `Kernel.execute`. */
  async execute(id: string, code: string, options?: ExecuteOptions): Promise<ExecuteResult> {
    return await this.getKernel(id).execute(code, options);
  }

  /** Runs code and iterates over its events; see `Kernel.executeStream`. */
  executeStream(id: string, code: string, options?: ExecuteOptions): ExecutionStream {
    return this.getKernel(id).executeStream(code, options);
  }

  /** Takes a waiting execution out of a kernel's queue; false when it does not wait. */
  cancelExecution(id: string, executionId: string): boolean {
    return this.getKernel(id).cancelExecution(executionId);
  }

  /** Raises KeyboardInterrupt in what runs; false when it could not be delivered. */
  async interruptKernel(id: string): Promise<boolean> {
    return await this.getKernel(id).interrupt();
  }

  /** Gives a kernel a fresh interpreter under the same id and options; see `Kernel.restart`. */
  async restartKernel(id: string): Promise<void> {
    await this.getKernel(id).restart();
  }

  /** Whether a kernel answers within `timeoutMs`; one that is computing does not. */
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

  /** Shuts a kernel down after `timeout` milliseconds without work; 0: never. Counts at once. */
  setInactivityTimeout(id: string, timeout: number): void {
    this.getKernel(id).inactivityTimeout = timeout;
  }

  /** Milliseconds; 0: never. */
  getInactivityTimeout(id: string): number {
    return this.getKernel(id).inactivityTimeout;
  }

  /** Milliseconds until a kernel is shut down; undefined when it works or never is. */
  getTimeUntilShutdown(id: string): number | undefined {
    return this.getKernel(id).timeUntilShutdown;
  }

  /** What waits and runs in a kernel, and for how long. */
  getExecutionInfo(id: string): ExecutionInfo {
    return this.getKernel(id).executionInfo;
  }

  /** Ends every kernel, also those that are starting. Nothing can be created afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(closedError("create a kernel"));
    await Promise.all([this.destroyAll(), ...this.#starting.values()]);
    await this.#pools[Symbol.asyncDispose]();
    const store = await this.#store?.catch(() => undefined);
    await store?.[Symbol.asyncDispose]();
    this.events.close();
  }

  #parse(options: KernelOptions): ResolvedKernelOptions {
    const { limits: defaults, limitCeilings: ceilings } = this.#options;
    return parseKernelOptions(options, { defaults, ceilings });
  }

  /** What a kernel's interpreter is started with. */
  async #engineOf(options: ResolvedKernelOptions): Promise<PoolInit> {
    const { mode, limits, javascript } = options;
    const mounts = await resolveMounts(options.mounts, this.#options.mountRoots);
    const permissions: GrantedPermissions = mode === KernelMode.MAIN_THREAD
      ? "inherit"
      : workerPermissions(options.permissions, mounts);
    const { packages: installed } = options;
    return { mounts, permissions, limits, javascript, installed, packages: this.#broker };
  }

  /** A host that has what it is to have installed once it has started. */
  #createHost(mode: KernelMode, init: HostInit, warming = false): KernelHost {
    return installAtStart(this.#hosts[mode](init), init.installed ?? [], warming);
  }

  async #end(kernel: Kernel, reason: string): Promise<void> {
    this.#kernels.delete(kernel.id);
    await kernel.terminate(reason);
  }

  #assertAllowed({ mode, permissions }: ResolvedKernelOptions): void {
    const { maxKernels = Infinity, allowedModes, permissionCeiling } = this.#options;
    if (this.#kernels.size + this.#starting.size >= maxKernels) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot create kernel: there are as many as there may be (limit ${maxKernels}); end one first`,
      );
    }
    const scoped = mode !== KernelMode.MAIN_THREAD || permissionCeiling === undefined;
    if (!(allowedModes?.includes(mode) ?? scoped)) {
      const modes = allowedModes?.filter((it) => it !== mode) ?? [KernelMode.WORKER];
      throw new KernelError(
        "permission_denied",
        `Cannot create kernel: mode: "${mode}" is not allowed here; use ` +
          modes.map((it) => `"${it}"`).join(" or "),
      );
    }
    if (permissionCeiling) assertWithinCeiling(permissions, permissionCeiling);
  }

  #assertOpen(action: string): void {
    if (this.#closing.signal.aborted) throw closedError(action);
  }
}

function closedError(action: string): KernelError {
  return new KernelError("closed", `Cannot ${action}: the manager was closed`);
}
