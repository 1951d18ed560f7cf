import type { Answer, CallArguments, CallMethod, CallReplies } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../cell.ts";
import { type Clock, systemClock } from "../clock.ts";
import { delay } from "../deadline.ts";
import type { Engine, PackageImages } from "../engine.ts";
import { KernelError } from "../errors.ts";
import type {
  HostEvent,
  HostFactory,
  HostInit,
  HostUsage,
  InterruptOutcome,
  KernelHost,
} from "../host.ts";
import type { PackageBroker } from "../packages/request.ts";
import { type KernelIdentity, sameStart, type StartOptions } from "../start_options.ts";

/** The time between a hand-out and the next start, which the new kernel has for itself, in milliseconds. */
const REFILL_AFTER_MS = 100;
/** The time between a start that failed and the next one, in milliseconds. */
const RETRY_MS = 5_000;

/** Options for {@linkcode KernelPool}. */
export interface KernelPoolOptions {
  /** The number of interpreters to keep ready. */
  size: number;
  /** The options that they are started with. */
  options: StartOptions;
  /** Their language. */
  engine: Pick<Engine, "home" | "warmUpCode">;
  /** Gives them packages. */
  packages?: PackageBroker | undefined;
  /** The images of packages that they may start from. */
  images?: Pick<PackageImages, "warmUpCode"> | undefined;
  /** Makes their hosts. */
  createHost: HostFactory;
  /** Measures the time between starts. @default the machine's */
  clock?: Clock;
}

/**
 * Interpreters that have started and have executed nothing of anybody's, for kernels with equal start
 * options. Each is handed out once; the next one is started when one has gone, one at a time.
 */
export class KernelPool implements AsyncDisposable {
  readonly #options: KernelPoolOptions;
  readonly #ready = new Set<WarmHost>();
  #filling: Promise<void> | undefined;
  #preparing: WarmHost | undefined;
  #refill: Disposable | undefined;
  readonly #closing = new AbortController();

  /** Starts nothing yet: see `fill`. */
  constructor(options: KernelPoolOptions) {
    this.#options = options;
  }

  /** The number of interpreters that are ready. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Returns true when a kernel with these options can have one of the interpreters that wait. */
  fits(options: StartOptions): boolean {
    return sameStart(options, this.#options.options);
  }

  /** Hands out an interpreter as the host of a kernel; undefined when none is ready or none fits. */
  take(init: HostInit): KernelHost | undefined {
    const { size } = this.#options;
    if (size === 0 || this.#closing.signal.aborted || !this.fits(init.options)) return undefined;
    const [warm] = this.#ready;
    if (warm) {
      this.#ready.delete(warm);
      warm.become(init);
    }
    const { clock = systemClock } = this.#options;
    this.#refill ??= clock.after(REFILL_AFTER_MS, () => {
      this.#refill = undefined;
      void this.fill();
    });
    return warm;
  }

  /** Starts as many as are missing; resolves when that is done or the pool is closed. */
  fill(): Promise<void> {
    return this.#filling ??= this.#fill().finally(() => this.#filling = undefined);
  }

  /** Ends the interpreters that wait, and the one that starts. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#refill?.[Symbol.dispose]();
    await this.#preparing?.terminate("the pool was closed");
    await this.#filling;
    await Promise.all(Array.from(this.#ready, (warm) => warm.terminate("the pool was closed")));
    this.#ready.clear();
  }

  async #fill(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#ready.size < this.#options.size && !signal.aborted) {
      const warm = this.#preparing = new WarmHost(this.#options);
      try {
        await warm.prepare();
        this.#ready.add(warm);
        // An interpreter that ends while it waits is replaced by the next one.
        void warm.exited.then(() => this.#ready.delete(warm));
      } catch {
        // A kernel that wants such an interpreter is told the reason by its own start.
        await warm.terminate("it did not start");
        await delay(RETRY_MS, { signal, clock: this.#options.clock });
      } finally {
        this.#preparing = undefined;
      }
    }
  }
}

/** A host that was started before anybody knew for which kernel. */
class WarmHost implements KernelHost {
  readonly #host: KernelHost;
  readonly #warmUpCode: () => string | Promise<string>;
  #init: HostInit | undefined;

  constructor({ options, engine, packages, images, createHost }: KernelPoolOptions) {
    const { image } = options;
    this.#warmUpCode = () =>
      image !== undefined && images ? images.warmUpCode(image) : engine.warmUpCode;
    this.#host = createHost({
      options,
      identity: { kernelId: "warm", env: {}, cwd: engine.home },
      packages,
      onEvent: (event: HostEvent) => this.#init?.onEvent(event),
    });
  }

  get exited(): Promise<string> {
    return this.#host.exited;
  }

  get memoryBytes(): number | null {
    return this.#host.memoryBytes;
  }

  async prepare(): Promise<void> {
    await this.#host.start();
    await this.#host.execute({
      id: "warm-up",
      code: await this.#warmUpCode(),
      // A silent cell would take other ways through the interpreter than a real one.
      silent: false,
      storeHistory: false,
      userExpressions: {},
      allowStdin: false,
    });
  }

  become(init: HostInit): void {
    this.#init = init;
  }

  async start(): Promise<void> {
    if (!this.#init) throw new KernelError("start_failed", "It was started for no kernel");
    await this.#host.configure(this.#init.identity);
  }

  configure(identity: KernelIdentity): Promise<void> {
    return this.#host.configure(identity);
  }

  execute(request: ExecuteRequest): Promise<ExecuteReply> {
    return this.#host.execute(request);
  }

  call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
  ): Promise<Answer<CallReplies[M]>> {
    return this.#host.call(method, args, buffers);
  }

  interrupt(executionId: string): Promise<InterruptOutcome> {
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
