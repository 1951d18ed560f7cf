import type { Answer, CallArguments, CallMethod, CallReplies } from "./calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "./cell.ts";
import type { PackageImages } from "./engine.ts";
import { KernelError, messageOf } from "./errors.ts";
import type { HostEvent, HostInit, HostUsage, InterruptOutcome, KernelHost } from "./host.ts";
import type { KernelIdentity } from "./start_options.ts";

/** The calls after which an interpreter is as it was. */
const READING: ReadonlySet<CallMethod> = new Set([
  ...["complete", "inspect", "isComplete", "history", "info", "commInfo", "variables"],
  ...["packages", "fileStat", "fileList", "fileRead"],
] as CallMethod[]);

/** Options for {@linkcode ImageHost}. */
export interface ImageHostOptions {
  images: PackageImages;
  /** Makes the host of an interpreter that starts from an image if its options name one. */
  createHost: (init: HostInit) => KernelHost;
}

/**
 * A host whose interpreter starts from an image of installed packages where that saves time: of the packages
 * that the kernel is to have, or of those that its first cell imports. In the second case an interpreter is up
 * already, in which nobody has done anything; it is exchanged for one from the image before the cell runs.
 */
export class ImageHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit;
  readonly #options: ImageHostOptions;
  readonly #exit = Promise.withResolvers<string>();
  #host: KernelHost;
  /** The host that is being started in place of the other one. */
  #next: KernelHost | undefined;
  #exchanging: Promise<void> | undefined;
  /** The end of the first interpreter once another one has taken its place. */
  #dropped: Promise<{ leaked: boolean }> | undefined;
  /** Measures the interpreter that took the place of the first one. */
  #usage: (() => HostUsage) | undefined;
  #untouched: boolean;
  #terminated: Promise<{ leaked: boolean }> | undefined;

  /** Starts nothing yet. */
  constructor(init: HostInit, options: ImageHostOptions) {
    this.#init = init;
    this.#options = options;
    this.exited = this.#exit.promise;
    this.#untouched = init.options.packages.length === 0;
    this.#host = this.#follow(undefined);
  }

  get memoryBytes(): number | null {
    return this.#host.memoryBytes;
  }

  async start(): Promise<void> {
    const { options: { packages } } = this.#init;
    if (packages.length > 0) {
      const image = await this.#options.images.forPackages(packages, this.#user);
      if (image !== undefined && await this.#exchange(image)) return;
    }
    this.#assertWanted();
    await this.#host.start();
  }

  configure(identity: KernelIdentity): Promise<void> {
    return this.#host.configure(identity);
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    if (this.#untouched) {
      this.#untouched = false;
      this.#exchanging = this.#exchangeFor(request.code);
      await this.#exchanging;
      this.#exchanging = undefined;
    }
    return await this.#host.execute(request);
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
  ): Promise<Answer<CallReplies[M]>> {
    if (!READING.has(method)) this.#untouched = false;
    if (this.#exchanging) await this.#exchanging;
    return await this.#host.call(method, args, buffers);
  }

  async interrupt(executionId: string): Promise<InterruptOutcome> {
    if (this.#exchanging) await this.#exchanging;
    return await this.#host.interrupt(executionId);
  }

  meter(): () => HostUsage {
    const measured = this.#host;
    const usage = measured.meter();
    return () => this.#host === measured ? usage() : this.#usage!();
  }

  async ping(timeoutMs: number): Promise<boolean> {
    return await this.#host.ping(timeoutMs);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  get #user() {
    return { limits: this.#init.options.limits, env: this.#init.identity.env };
  }

  async #exchangeFor(code: string): Promise<void> {
    const image = await this.#options.images.forCell(code, this.#user);
    if (image !== undefined) await this.#exchange(image);
  }

  /** Starts an interpreter from an image in place of the other one; false when it does not start. */
  async #exchange(image: string): Promise<boolean> {
    if (this.#terminated) return false;
    const next = this.#next = this.#follow(image);
    try {
      await next.start();
    } catch (error) {
      await next.terminate("it did not start");
      if (!this.#terminated) {
        console.warn(`A kernel does without its image of packages: ${messageOf(error)}`);
      }
      return false;
    } finally {
      this.#next = undefined;
    }
    if (this.#terminated) {
      await next.terminate("it is not wanted");
      return false;
    }
    const before = this.#host;
    this.#host = next;
    this.#usage = next.meter();
    this.#dropped = before.terminate("another interpreter took its place");
    return true;
  }

  /** Makes a host; of the hosts made here, the one that serves the kernel is listened to. */
  #follow(image: string | undefined): KernelHost {
    const { options, onEvent } = this.#init;
    const host = this.#options.createHost({
      ...this.#init,
      options: image === undefined ? options : { ...options, image },
      onEvent: (event: HostEvent) => {
        if (host === this.#host) onEvent(event);
      },
    });
    void host.exited.then((reason) => {
      if (host === this.#host) this.#exit.resolve(reason);
    });
    return host;
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#exit.resolve(reason);
    const ends = await Promise.all([
      this.#host.terminate(reason),
      this.#next?.terminate(reason),
      this.#dropped,
    ]);
    return { leaked: ends.some((end) => end?.leaked) };
  }

  #assertWanted(): void {
    if (this.#terminated) throw new KernelError("kernel_dead", "It was ended while it started");
  }
}
