import { KernelError, messageOf } from "../../errors.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  ExecuteReply,
  ExecuteRequest,
  HostInit,
  HostUsage,
  KernelHost,
  KernelIdentity,
} from "../../host.ts";
import type { RuntimeAssets } from "../../pyodide/assets.ts";
import { Channel } from "../channel.ts";
import { inStartTime, within } from "../../deadline.ts";
import { createInterrupts, Interrupts } from "./interrupts.ts";
import type { MessageParsers } from "../message_parsers.ts";
import { PackageDesk, type PackageReply } from "../package_desk.ts";
import { createRing, RingReader } from "./output_ring.ts";
import { type HostMessage, PROTOCOL_VERSION, type WorkerMessage } from "../protocol.ts";
import { StartSlots } from "../start_slots.ts";
import { ThreadClock } from "../thread_clock.ts";
import { threadEnd } from "./thread_lock.ts";

/** How long Python may take to notice an interrupt, in milliseconds. */
const INTERRUPT_DEADLINE_MS = 1_000;
/** How long a thread may take to end when it is asked to, in milliseconds. */
const END_DEADLINE_MS = 500;
/** How long a thread may take to end when it is terminated, in milliseconds. */
const TERMINATE_DEADLINE_MS = 1_500;

/** Where a worker host gets what interpreters start from. */
export interface AssetSource {
  assets(memoryMb: number): Promise<RuntimeAssets>;
}

/** Runs a kernel in a Web Worker of its own, which has exactly the kernel's permissions. */
export class WorkerHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit;
  readonly #source: AssetSource;
  readonly #parse: MessageParsers;
  readonly #slots: StartSlots;
  readonly #channel = new Channel(
    (id, name, args, buffers) => this.#post({ type: "call", id, name, args, buffers }),
    (reason) => this.#end(reason),
  );
  readonly #packages: PackageDesk;
  readonly #interruptMemory = createInterrupts();
  readonly #interrupts = new Interrupts(this.#interruptMemory);
  readonly #lock = `kernel-thread-${crypto.randomUUID()}`;
  readonly #exit = Promise.withResolvers<string>();
  readonly #ready = Promise.withResolvers<void>();
  /** Resolves when the thread is gone. */
  #gone: Promise<void> = Promise.resolve();
  #worker: Worker | undefined;
  #clock: ThreadClock | undefined;
  #output: RingReader | undefined;
  #memoryBytes: number | null = null;
  /** What output belongs to: it carries no id of its own. */
  #executionId: string | undefined;
  /** The same when it is not the execution that was begun last. */
  #streamOwner: string | null = null;
  #running: RunningExecution | undefined;
  #terminated: Promise<{ leaked: boolean }> | undefined;

  /** Starts nothing yet. */
  constructor(
    init: HostInit,
    source: AssetSource,
    parsers: MessageParsers,
    slots = new StartSlots(1),
  ) {
    this.#init = init;
    this.#source = source;
    this.#parse = parsers;
    this.#packages = new PackageDesk(init.packages, (reply) => this.#sendPackage(reply));
    this.#slots = slots;
    this.exited = this.#exit.promise;
    this.#ready.promise.catch(() => {}); // `start` may not be waiting for it yet.
  }

  get memoryBytes(): number | null {
    return this.#memoryBytes;
  }

  async start(): Promise<void> {
    using _slot = await this.#slots.take(this.exited);
    this.#assertWanted();
    const ring = createRing();
    this.#output = new RingReader(
      ring,
      (name, text) => this.#init.onEvent({ type: "stream", name, text, ...this.#current() }),
      (reason) => this.#end(reason),
    );
    // The thread comes up while what it starts from is made ready.
    const worker = this.#spawn();
    const { kernelId, mounts, env, cwd, limits, permissions } = this.#init;
    const assets = await this.#source.assets(limits.memoryMb);
    this.#assertWanted();
    this.#post({
      type: "start",
      version: PROTOCOL_VERSION,
      assets,
      config: { kernelId, mounts, env, cwd, limits },
      packages: this.#init.packages !== undefined,
      permissions,
      lock: this.#lock,
      output: ring,
      interrupts: this.#interruptMemory,
    }, given(assets));
    await inStartTime(this.#ready.promise, (reason) => this.#end(reason));
    this.#watch(worker);
  }

  async configure({ kernelId, env, cwd }: KernelIdentity): Promise<void> {
    await this.#channel.call("configure", { kernelId, env, cwd });
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.#executionId = request.id;
    this.#running = { id: request.id };
    try {
      const reply = await this.#channel.ask("execute", request, this.#parse.executeReply);
      this.#memoryBytes = reply.memoryBytes;
      return reply;
    } catch (error) {
      // It answers whatever the cell does, so its runtime is broken.
      this.#end(`it could not run the cell: ${messageOf(error)}`);
      throw error;
    } finally {
      this.#running = undefined;
      this.#interrupts.withdrawLast();
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<CallReplies[M]> {
    return await this.#channel.ask(
      method,
      args,
      (it) => this.#parse.callReply(method, it),
      buffers,
    );
  }

  async interrupt(executionId: string): Promise<boolean> {
    const running = this.#running;
    if (running?.id !== executionId) return false;
    // Whoever asks meanwhile asks for the same.
    running.interrupt ??= this.#interrupt(executionId).finally(() => delete running.interrupt);
    return await running.interrupt;
  }

  meter(): () => HostUsage {
    const cpuMs = this.#clock?.start();
    return () => ({ cpuMs: cpuMs?.() ?? null, peakMemoryBytes: this.#memoryBytes });
  }

  async ping(timeoutMs: number): Promise<boolean> {
    return await within(timeoutMs, this.#channel.call("ping", {}).catch(() => false)) === true;
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#end(reason);
    this.#output?.close();
    if (!this.#worker) return { leaked: false };
    // A thread that is terminated while it computes spins on for good, so it is asked to end first.
    this.#interrupts.kill();
    this.#post({ type: "end" });
    const gone = this.#gone.then(() => true);
    const ended = await within(END_DEADLINE_MS, gone);
    this.#worker.terminate();
    return { leaked: !ended && !await within(TERMINATE_DEADLINE_MS, gone) };
  }

  #assertWanted(): void {
    if (this.#terminated) throw new KernelError("kernel_dead", "It was ended while it started");
  }

  async #interrupt(executionId: string): Promise<boolean> {
    const number = this.#interrupts.raise();
    const cancelled = this.#channel.call("interrupt", { executionId, number }).then(
      (answer) => answer === true,
      () => false,
    );
    await this.#interrupts.settled(number, INTERRUPT_DEADLINE_MS);
    if (this.#interrupts.withdraw(number)) return false;
    if (this.#interrupts.hasStruck(number)) return true;
    return await within(INTERRUPT_DEADLINE_MS, cancelled) ?? false;
  }

  #spawn(): Worker {
    const { kernelId: name, permissions } = this.#init;
    const { worker, clock } = ThreadClock.ofNewWorker(() =>
      new Worker(new URL("./entry.ts", import.meta.url), {
        type: "module",
        name,
        deno: { permissions },
      })
    );
    this.#worker = worker;
    this.#clock = clock;
    worker.addEventListener("message", (event) => this.#onMessage(event.data));
    worker.addEventListener(
      "messageerror",
      () => this.#end("it sent a message that cannot be read"),
    );
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // Otherwise it ends this whole process.
      this.#end(`its worker failed: ${event.message}`);
    });
    return worker;
  }

  /** A worker that ends by itself tells nobody, but the lock that its thread held becomes free. */
  #watch(worker: Worker): void {
    this.#gone = threadEnd(this.#lock).then(() => {
      this.#end("its worker ended by itself");
      worker.terminate();
    });
  }

  #post(message: HostMessage, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #onMessage(data: unknown): void {
    if (this.#terminated) return;
    try {
      this.#receive(this.#parse.workerMessage(data));
    } catch (error) {
      this.#end(`it sent a message that is not in the protocol: ${messageOf(error)}`);
    }
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case "ready":
        this.#memoryBytes = message.memoryBytes;
        return this.#ready.resolve();
      case "event": {
        this.#output?.drainTo(message.at);
        return this.#init.onEvent(this.#parse.hostEvent(message.event));
      }
      case "own":
        this.#output?.drainTo(message.at);
        this.#streamOwner = message.executionId;
        return;
      case "return":
        this.#output?.drainTo(message.at);
        return this.#channel.return(message.id, message.value);
      case "throw":
        return this.#channel.throw(message.id, message.error);
      case "call":
        return this.#packages.take(message.id, message.args);
      case "crashed":
        return this.#end(message.reason);
    }
  }

  #sendPackage(reply: PackageReply): void {
    if (reply.type === "throw") return this.#post(reply);
    const { type, id, answer: value } = reply;
    this.#post({ type, id, value }, [value.bytes.buffer]);
  }

  #current(): { executionId?: string } {
    const executionId = this.#streamOwner ?? this.#executionId;
    return executionId === undefined ? {} : { executionId };
  }

  /** Nothing more comes from it: everything pending settles. */
  #end(reason: string): void {
    const error = new KernelError("kernel_dead", reason);
    this.#channel.close(error);
    this.#ready.reject(error);
    this.#exit.resolve(reason);
  }
}

/** What runs, and the interrupt of it that is under way. */
interface RunningExecution {
  id: string;
  interrupt?: Promise<boolean>;
}

/** The bytes that are this one kernel's and no other's. */
function given({ image }: RuntimeAssets): ArrayBuffer[] {
  const buffers = image ? [image.pages.buffer] : [];
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}
