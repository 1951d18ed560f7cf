import { isDeepStrictEqual } from "node:util";
import { KernelError } from "../errors.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  ExecuteReply,
  ExecuteRequest,
  HostEvent,
  HostFactory,
  HostInit,
  HostUsage,
  KernelHost,
} from "../host.ts";

/** How long the kernel that took one has for itself before the next is started, in milliseconds. */
const REFILL_AFTER_MS = 100;
/**
 * A cell that leaves nothing behind. The engine compiles what running a cell takes when it first takes
 * it, which is most of what a kernel's first cell costs.
 */
const WARM_UP: ExecuteRequest = {
  id: "warm-up",
  code: "1 + 1",
  silent: false,
  storeHistory: false,
  userExpressions: {},
  allowStdin: false,
};
/** How long to wait after a start that failed, in milliseconds. */
const RETRY_MS = 5_000;

/** What tells interpreters apart when they are started; who they are is told when they are handed out. */
export type PoolInit = Pick<
  HostInit,
  "mounts" | "permissions" | "limits" | "javascript" | "packages" | "installed"
>;

/** Who they are until then. */
const NOBODY = { kernelId: "warm", env: {}, cwd: "/home/pyodide" };

/** The limits that an interpreter is started with; the others are the kernel's own affair. */
const ENGINE_LIMITS = ["memoryMb", "filesMb", "outputBytes", "openFiles"] as const;

/**
 * Interpreters that have started and have run nothing of anybody's, for kernels that ask for what they are. Each is
 * handed out once; the next is started when one has gone, one at a time.
 */
export class KernelPool implements AsyncDisposable {
  readonly #size: number;
  readonly #init: PoolInit;
  readonly #createHost: HostFactory;
  readonly #ready = new Set<WarmHost>();
  #filling: Promise<void> | undefined;
  #preparing: WarmHost | undefined;
  #refill: ReturnType<typeof setTimeout> | undefined;
  readonly #closing = new AbortController();

  /** Starts nothing yet: see `fill`. */
  constructor(size: number, init: PoolInit, createHost: HostFactory) {
    this.#size = size;
    this.#init = init;
    this.#createHost = createHost;
  }

  /** How many are ready. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Whether a kernel like that can be one of those that wait. */
  fits({ mounts, permissions, limits, javascript = false, installed = [] }: HostInit): boolean {
    const ours = this.#init;
    return javascript === (ours.javascript ?? false) &&
      ENGINE_LIMITS.every((name) => limits[name] === ours.limits[name]) &&
      isDeepStrictEqual(installed, ours.installed ?? []) &&
      isDeepStrictEqual(mounts, ours.mounts) && isDeepStrictEqual(permissions, ours.permissions);
  }

  /** One that is ready, as the host of a kernel; undefined when there is none or it does not fit. */
  take(init: HostInit): KernelHost | undefined {
    if (this.#size === 0 || this.#closing.signal.aborted || !this.fits(init)) {
      return undefined;
    }
    const [warm] = this.#ready;
    if (warm) {
      this.#ready.delete(warm);
      warm.become(init);
    }
    this.#refill ??= setTimeout(() => {
      this.#refill = undefined;
      void this.fill();
    }, REFILL_AFTER_MS);
    return warm;
  }

  /** Starts as many as are missing; resolves when that is done or the pool is closed. */
  fill(): Promise<void> {
    return this.#filling ??= this.#fill().finally(() => this.#filling = undefined);
  }

  /** Ends those that wait, and the one that starts. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#refill);
    await this.#preparing?.terminate("the pool was closed");
    await this.#filling;
    await Promise.all(Array.from(this.#ready, (warm) => warm.terminate("the pool was closed")));
    this.#ready.clear();
  }

  async #fill(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#ready.size < this.#size && !signal.aborted) {
      const warm = this.#preparing = new WarmHost(this.#createHost, this.#init);
      try {
        await warm.prepare();
        this.#ready.add(warm);
        // One that ends while it waits is replaced by the next.
        void warm.exited.then(() => this.#ready.delete(warm));
      } catch {
        // Whoever wants a kernel now is told the reason by its own start.
        await warm.terminate("it did not start");
        await pause(RETRY_MS, signal);
      } finally {
        this.#preparing = undefined;
      }
    }
  }
}

/** A host that was started before anybody knew for which kernel. */
class WarmHost implements KernelHost {
  readonly #host: KernelHost;
  #init: HostInit | undefined;

  constructor(createHost: HostFactory, init: PoolInit) {
    const onEvent = (event: HostEvent) => this.#init?.onEvent(event);
    this.#host = createHost({ ...NOBODY, ...init, onEvent });
  }

  get exited(): Promise<string> {
    return this.#host.exited;
  }

  get memoryBytes(): number | null {
    return this.#host.memoryBytes;
  }

  async prepare(): Promise<void> {
    await this.#host.start();
    await this.#host.execute(WARM_UP);
  }

  become(init: HostInit): void {
    this.#init = init;
  }

  async start(): Promise<void> {
    if (!this.#init) throw new KernelError("start_failed", "It was started for no kernel");
    await this.#host.configure(this.#init);
  }

  configure(init: HostInit): Promise<void> {
    return this.#host.configure(init);
  }

  execute(request: ExecuteRequest): Promise<ExecuteReply> {
    return this.#host.execute(request);
  }

  call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
  ): Promise<CallReplies[M]> {
    return this.#host.call(method, args, buffers);
  }

  interrupt(executionId: string): Promise<boolean> {
    return this.#host.interrupt(executionId);
  }

  meter(): () => HostUsage {
    return this.#host.meter();
  }

  ping(timeoutMs: number): Promise<boolean> {
    return this.#host.ping(timeoutMs);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#host.terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }
}

/** Resolves after a time, or at once when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => {
    clearTimeout(timer);
    resolve();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return promise.finally(() => signal.removeEventListener("abort", stop));
}
