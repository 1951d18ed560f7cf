import type {
  CallOptions,
  IsolationMeasure,
  KernelEventListener,
  KernelEventType,
  KernelInfo,
  KernelOptions,
} from "../../../kernel/mod.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { getKernel, type KernelDirectory, type KernelHandle } from "./handle.ts";
import { DEFAULT_KIND, type KernelKind, type KernelKinds } from "./kinds.ts";
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

/** The kernels of this server, for every API: started by kind, found by id, restarted and ended. */
export class Kernels implements Disposable {
  /** The kinds of kernels that clients can choose. */
  readonly kinds: KernelKinds;
  readonly #directory: KernelDirectory;
  readonly #defaults: KernelOptions;
  readonly #supervisor: Supervisor;
  /** The kinds of the kernels that were started here, by the kernels' ids. */
  readonly #kinds = new Map<string, KernelKind>();
  readonly #endListeners = new Set<(kernelId: string) => void>();
  readonly #subscription: Disposable;

  constructor({ directory, kinds, defaults }: KernelsInit) {
    this.kinds = kinds;
    this.#directory = directory;
    this.#defaults = defaults;
    this.#supervisor = new Supervisor(directory);
    this.#subscription = directory.on("kernel_terminated", ({ kernelId }) => {
      void this.#onTermination(kernelId);
    });
  }

  /**
   * Starts a kernel of a kind; gives up when the signal aborts.
   *
   * @throws {ServiceError} `not_found` when there is no such kind.
   * @throws {KernelError} see `KernelManager.createKernel`.
   */
  async start(
    { kind: asked, options = {}, autoRestart }: StartRequest,
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
    const kernel = await this.#directory.create(
      { ...this.#defaults, ...kind.options, ...options },
      callOptions,
    );
    this.#kinds.set(kernel.id, kind);
    if (autoRestart ?? kind.autoRestart) this.#supervisor.keepAlive(kernel.id);
    return kernel;
  }

  /** The other servers on which kernels may run. */
  get remote(): Pick<KernelDirectory, "listRemoteKernels" | "listRemoteKernelSpecs" | "servers"> {
    return this.#directory;
  }

  /** Returns the kernel of that id; undefined when there is none. */
  async find(id: string): Promise<KernelHandle | undefined> {
    return await this.#directory.find(id);
  }

  /**
   * Returns the kernel of that id.
   *
   * @throws {KernelError} `not_found`.
   */
  async get(id: string): Promise<KernelHandle> {
    return await getKernel(this.#directory, id);
  }

  /** Lists all kernels, or those of one namespace, in the order of their creation. */
  async list(namespace?: string): Promise<KernelDescription[]> {
    return (await this.#directory.list(namespace)).map((info) => this.#describe(info));
  }

  /** Describes a kernel as it is now. */
  describe({ info }: KernelHandle): KernelDescription {
    return this.#describe(info);
  }

  /** Ends a kernel at once, with what runs in it; false when there is none of that id. */
  async terminate(id: string): Promise<boolean> {
    return await this.#directory.terminate(id);
  }

  /**
   * Gives a kernel a fresh interpreter.
   *
   * @throws {KernelError} `not_found`, or `start_failed`: the kernel is then dead.
   */
  async restart(id: string): Promise<void> {
    await this.#supervisor.restart(await getKernel(this.#directory, id));
  }

  /** Returns true while a restart at a client's request is under way. */
  isRestarting(id: string): boolean {
    return this.#supervisor.isRestarting(id);
  }

  /** Registers a follower of a kernel until the result is disposed or the kernel ends. */
  follow(id: string, follower: KernelFollower): Disposable {
    return this.#supervisor.follow(id, follower);
  }

  /** Returns the number of clients that are connected to all kernels together. */
  connections(): number {
    return this.#supervisor.connections();
  }

  /** Calls `listener` with the id of every kernel that ends for good, until it is disposed. */
  onEnd(listener: (kernelId: string) => void): Disposable {
    this.#endListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#endListeners.delete(listener) };
  }

  /** Calls `listener` with the events of every kernel until it is disposed. */
  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable {
    return this.#directory.on(type, listener);
  }

  /** Lists the measures that isolate process kernels, and those that this system lacks. */
  async isolation(): Promise<IsolationMeasure[]> {
    return await this.#directory.isolation();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#supervisor[Symbol.dispose]();
  }

  #describe(info: KernelInfo): KernelDescription {
    const kind = this.#kinds.get(info.id)?.name ?? DEFAULT_KIND;
    return { ...info, kind, connections: this.#supervisor.connections(info.id) };
  }

  /** A kernel that died, and was not ended, terminates too: it may be restarted. */
  async #onTermination(kernelId: string): Promise<void> {
    if (await this.#directory.find(kernelId)) return;
    this.#kinds.delete(kernelId);
    this.#supervisor.forget(kernelId);
    for (const listener of this.#endListeners) listener(kernelId);
  }
}
