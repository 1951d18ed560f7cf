import {
  type CallOptions,
  type IsolationMeasure,
  KernelError,
  type KernelEventListener,
  type KernelEventType,
  type KernelInfo,
  type KernelOptions,
  type MountOptions,
} from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { type Grant, type ServerLimits, withinGrant } from "../namespaces/grant.ts";
import { nameInGroup, Scope } from "../namespaces/scope.ts";
import {
  type KernelDirectory,
  type KernelHandle,
  kernelNotFound,
  type ManagedKernel,
} from "./handle.ts";
import { DEFAULT_KIND, type KernelKind, type KernelKinds } from "./kinds.ts";
import { RemoteWithin } from "./remote_within.ts";
import { type KernelFollower, Supervisor } from "./supervisor.ts";

/** A kernel's state together with what the server knows of it. */
export interface KernelDescription extends KernelInfo {
  /** The name of the kernel's kind. */
  kind: string;
  /** The number of clients that are connected to the kernel. */
  connections: number;
}

/** A request for a new kernel. */
export interface StartRequest {
  /** The name of the kernel's kind. @default the kind of its language */
  kind?: string | undefined;
  /** Options that override those of the kind. */
  options?: KernelOptions;
  /** Directories of the server's own that the kernel gets besides; no token has to be allowed to mount them. */
  ownMounts?: readonly MountOptions[];
  /** True when the kernel is started again when it dies. @default as its kind says */
  autoRestart?: boolean | undefined;
}

/** Options for {@linkcode Kernels}. */
export interface KernelsInit {
  directory: KernelDirectory;
  kinds: KernelKinds;
  /** Options of kernels whose kind and creator do not set them. */
  defaults: KernelOptions;
}

/** The state that all views of the kernels share. */
interface SharedKernels {
  readonly directory: KernelDirectory;
  readonly defaults: KernelOptions;
  readonly supervisor: Supervisor;
  /** The kinds of the kernels that were started here, by the kernels' ids. */
  readonly kinds: Map<string, KernelKind>;
  /** The numbers of kernels that are starting, by namespace. */
  readonly starting: Map<string, number>;
  readonly endListeners: Set<(kernelId: string) => void>;
}

/** The rules of a view that has the kernels of one namespace. */
export interface KernelsWithin {
  scope: Scope;
  /** Returns the grant that new kernels have to be within. */
  grant: () => Grant;
  limits: ServerLimits;
}

/** The parts of a view of another object's kernels. */
interface KernelsView {
  shared: SharedKernels;
  kinds: KernelKinds;
  within: KernelsWithin;
}

/**
 * The kernels of this server, for every API: started by kind, found by id, restarted and ended. The view of
 * a namespace has the kernels of that namespace only, and finds them by their ids with and without it.
 */
export class Kernels implements Disposable {
  /** The kinds of kernels that clients can choose. */
  readonly kinds: KernelKinds;
  readonly #shared: SharedKernels;
  readonly #within: KernelsWithin | undefined;
  readonly #scope: Scope;
  /** Ends what this object has begun to listen to; a view ends nothing of the others. */
  readonly #listening = new Set<Disposable>();

  constructor(init: KernelsInit | KernelsView) {
    this.kinds = init.kinds;
    if ("shared" in init) {
      this.#shared = init.shared;
      this.#within = init.within;
      this.#scope = init.within.scope;
      return;
    }
    const { directory, defaults } = init;
    const supervisor = new Supervisor(directory);
    this.#scope = Scope.everything;
    this.#shared = {
      directory,
      defaults,
      supervisor,
      kinds: new Map(),
      starting: new Map(),
      endListeners: new Set(),
    };
    this.#listening.add(supervisor);
    this.#listening.add(directory.on("kernel_terminated", ({ kernelId }) => {
      void this.#onTermination(kernelId);
    }));
  }

  /** Returns the kernels of a namespace, and starts its kernels within its grant. */
  within(within: KernelsWithin): Kernels {
    return new Kernels({ shared: this.#shared, kinds: this.kinds.within(within.grant), within });
  }

  /**
   * Starts a kernel of a kind; gives up when the signal aborts.
   *
   * @throws {ServiceError} `not_found` when there is no such kind.
   * @throws {KernelError} see `KernelManager.createKernel`.
   */
  async start(
    { kind: asked, options = {}, ownMounts = [], autoRestart }: StartRequest,
    callOptions?: CallOptions,
  ): Promise<KernelHandle> {
    const name = asked ?? this.kinds.nameFor(options.language);
    const kind = this.kinds.get(name);
    if (!kind) {
      const known = this.kinds.list().map((it) => `"${it.name}"`).join(", ");
      throw new ServiceError(
        "not_found",
        `Cannot create kernel: name: there is no kernel "${name}"; use one of ${known}`,
      );
    }
    const kernel = await this.#create(
      { ...this.#shared.defaults, ...kind.options, ...options },
      ownMounts,
      callOptions,
    );
    this.#shared.kinds.set(kernel.id, kind);
    if (autoRestart ?? kind.autoRestart) this.#shared.supervisor.keepAlive(kernel.id);
    return kernel;
  }

  /** The other servers on which kernels may run. */
  get remote(): Pick<KernelDirectory, "listRemoteKernels" | "listRemoteKernelSpecs" | "servers"> {
    const { directory } = this.#shared;
    return this.#within ? new RemoteWithin(directory, this.#within.grant) : directory;
  }

  /** Returns the kernel of that id; undefined when there is none. */
  async find(id: string): Promise<KernelHandle | undefined> {
    return await this.#shared.directory.find(this.#scope.fullId(id));
  }

  /**
   * Returns the kernel of that id.
   *
   * @throws {KernelError} `not_found`.
   */
  async get(id: string): Promise<KernelHandle> {
    return await this.#get(id);
  }

  /** Lists all kernels, or those of one group, in the order of their creation. */
  async list(group?: string): Promise<KernelDescription[]> {
    const wanted = group === undefined ? undefined : this.#scope.group(group);
    const all = await this.#shared.directory.list(wanted);
    return all.filter(({ id }) => this.#scope.has(id)).map((info) => this.#describe(info));
  }

  /** Lists the kernels of a group in every namespace of the scope, in the order of their creation. */
  async listEverywhere(group: string): Promise<KernelDescription[]> {
    return (await this.list()).filter(({ id }) => nameInGroup(id, group) !== undefined);
  }

  /** Describes a kernel as it is now. */
  describe({ info }: KernelHandle): KernelDescription {
    return this.#describe(info);
  }

  /** Ends a kernel at once, with what runs in it; false when there is none of that id. */
  async terminate(id: string): Promise<boolean> {
    return await this.#shared.directory.terminate(this.#scope.fullId(id));
  }

  /**
   * Gives a kernel a fresh interpreter.
   *
   * @throws {KernelError} `not_found`, or `start_failed`: the kernel is then dead.
   */
  async restart(id: string): Promise<void> {
    await this.#shared.supervisor.restart(await this.#get(id));
  }

  /** Returns true while a restart at a client's request is under way. */
  isRestarting(id: string): boolean {
    return this.#shared.supervisor.isRestarting(this.#scope.fullId(id));
  }

  /** Registers a follower of a kernel until the result is disposed or the kernel ends. */
  follow(id: string, follower: KernelFollower): Disposable {
    return this.#shared.supervisor.follow(this.#scope.fullId(id), follower);
  }

  /** Returns the number of clients that are connected to all kernels together. */
  connections(): number {
    const { supervisor } = this.#shared;
    return supervisor.kernelIds.filter((id) => this.#scope.has(id))
      .reduce((sum, id) => sum + supervisor.connections(id), 0);
  }

  /** Calls `listener` with the id of every kernel that ends for good, until it is disposed. */
  onEnd(listener: (kernelId: string) => void): Disposable {
    const { endListeners } = this.#shared;
    const own = (kernelId: string) => {
      if (this.#scope.has(kernelId)) listener(kernelId);
    };
    endListeners.add(own);
    return this.#listen({ [Symbol.dispose]: () => void endListeners.delete(own) });
  }

  /** Calls `listener` with the events of every kernel until it is disposed. */
  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable {
    const subscription = this.#shared.directory.on<T>(type, (event) => {
      if (this.#scope.has(event.kernelId)) listener(event);
    });
    return this.#listen(subscription);
  }

  /** Lists the measures that isolate process kernels, and those that this system lacks. */
  async isolation(): Promise<IsolationMeasure[]> {
    return await this.#shared.directory.isolation();
  }

  /** Ends what was listened to by way of this object. */
  [Symbol.dispose](): void {
    for (const it of this.#listening) it[Symbol.dispose]();
    this.#listening.clear();
  }

  async #get(id: string): Promise<ManagedKernel> {
    const kernel = await this.#shared.directory.find(this.#scope.fullId(id));
    if (!kernel) throw kernelNotFound(id);
    return kernel;
  }

  async #create(
    options: KernelOptions,
    ownMounts: readonly MountOptions[],
    callOptions?: CallOptions,
  ): Promise<ManagedKernel> {
    const { directory, starting } = this.#shared;
    const withOwnMounts = (options: KernelOptions): KernelOptions =>
      ownMounts.length === 0
        ? options
        : { ...options, mounts: [...options.mounts ?? [], ...ownMounts] };
    if (!this.#within) return await directory.create(withOwnMounts(options), callOptions);
    const { scope, grant: grantOf, limits } = this.#within;
    const grant = grantOf();
    const allowed = await withinGrant(options, grant, limits);
    const namespace = scope.group(options.namespace)!;
    const others = (await this.list()).length + (starting.get(scope.namespace!) ?? 0);
    if (others >= (grant.maxKernels ?? Infinity)) {
      throw new KernelError(
        "limit_exceeded",
        `Cannot create kernel: there are as many as this token may have (limit ${grant.maxKernels}); ` +
          "end one first",
      );
    }
    this.#count(scope.namespace!, 1);
    try {
      return await directory.create({ ...withOwnMounts(allowed), namespace }, callOptions);
    } finally {
      this.#count(scope.namespace!, -1);
    }
  }

  /** Counts a kernel that begins to start, or has ended to do so. */
  #count(namespace: string, change: 1 | -1): void {
    const { starting } = this.#shared;
    const count = (starting.get(namespace) ?? 0) + change;
    if (count === 0) starting.delete(namespace);
    else starting.set(namespace, count);
  }

  #listen(subscription: Disposable): Disposable {
    const listening: Disposable = {
      [Symbol.dispose]: () => {
        this.#listening.delete(listening);
        subscription[Symbol.dispose]();
      },
    };
    this.#listening.add(listening);
    return listening;
  }

  #describe(info: KernelInfo): KernelDescription {
    const { kinds, supervisor } = this.#shared;
    const kind = kinds.get(info.id)?.name ?? DEFAULT_KIND;
    return { ...info, kind, connections: supervisor.connections(info.id) };
  }

  /** A kernel that died, and was not ended, terminates too: it may be restarted. */
  async #onTermination(kernelId: string): Promise<void> {
    const { directory, kinds, supervisor, endListeners } = this.#shared;
    if (await directory.find(kernelId)) return;
    kinds.delete(kernelId);
    supervisor.forget(kernelId);
    for (const listener of endListeners) listener(kernelId);
  }
}
