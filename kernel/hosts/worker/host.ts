import type { Answer, CallArguments, CallMethod, CallReplies } from "../../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../../cell.ts";
import { type Clock, systemClock } from "../../clock.ts";
import { within } from "../../deadline.ts";
import type { Engine } from "../../engine.ts";
import { KernelError, messageOf } from "../../errors.ts";
import type { HostEvent, HostInit, HostUsage, InterruptOutcome, KernelHost } from "../../host.ts";
import { type HostNetwork, machineNetwork } from "../../network/host_network.ts";
import type { KernelIdentity, ProcessOptions, WorkerOptions } from "../../start_options.ts";
import type { StreamName } from "../../streams.ts";
import { HostSide } from "../host_side.ts";
import {
  type Envelope,
  type HostMessage,
  type MessageParsers,
  PROTOCOL_VERSION,
} from "../protocol.ts";
import { StartSlots } from "../start_slots.ts";
import { ThreadClock } from "../thread_clock.ts";
import { createInterrupts, Interrupts } from "./interrupts.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";
import { createRing, RingReader } from "./output_ring.ts";
import { threadEnd } from "./thread_lock.ts";

/** The time in which an interpreter that computes notices an interrupt, in milliseconds. */
const INTERRUPT_NOTICE_MS = 500;
/** The time that a thread has to end when it is asked to, in milliseconds. */
const END_DEADLINE_MS = 500;
/** The time that a thread has to end when it is terminated, in milliseconds. */
const TERMINATE_DEADLINE_MS = 1_500;

/** The part of an engine that a worker needs. */
export type WorkerEngine = Pick<Engine, "workerEntry" | "assets">;

/** Options for {@linkcode WorkerHost}. */
export interface WorkerHostOptions<E> {
  /** Turns what the worker says into types. */
  parse: WorkerParsers<E>;
  /** Lets starts go on in turns. @default each at once */
  slots?: StartSlots;
  /** Measures deadlines. @default the machine's */
  clock?: Clock;
  /** The network that the kernel's host sees. @default this machine's */
  network?: HostNetwork;
  /**
   * True when this process may reach what the kernel may and nothing else: the worker has the same permission then. Deno
   * cannot give a part of a range of addresses. @default false
   */
  sharesNetwork?: boolean;
}

/** Parsers for what comes through a worker's port. */
export interface WorkerParsers<E> extends MessageParsers<E> {
  envelope(value: unknown): Envelope<unknown> & Pick<FromWorker, "at">;
}

/** Output as an event: it comes through the ring, whatever form the other events have. */
export type OutputEvent = Extract<HostEvent, { type: "stream" }>;

/**
 * Runs an interpreter in a Web Worker of its own, which has exactly the kernel's permissions. `E` is the
 * form in which it hands on events besides output.
 */
export class WorkerHost<E = HostEvent> implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit<WorkerOptions | ProcessOptions, E | OutputEvent>;
  readonly #engine: WorkerEngine;
  readonly #parse: WorkerParsers<E>;
  readonly #slots: StartSlots;
  readonly #clock: Clock;
  readonly #sharesNetwork: boolean;
  readonly #side: HostSide<E>;
  readonly #interruptMemory = createInterrupts();
  readonly #interrupts = new Interrupts(this.#interruptMemory);
  readonly #lock = `kernel-thread-${crypto.randomUUID()}`;
  /** Resolves when the thread is gone. */
  #gone: Promise<void> = Promise.resolve();
  #worker: Worker | undefined;
  #cpu: ThreadClock | undefined;
  #output: RingReader | undefined;
  /** The execution that was begun last: output carries no id of its own. */
  #executionId: string | undefined;
  /** The execution that output belongs to when it is not the one that was begun last. */
  #streamOwner: string | null = null;
  #running: RunningExecution | undefined;
  #terminated: Promise<{ leaked: boolean }> | undefined;

  /** Starts nothing yet. */
  constructor(
    init: HostInit<WorkerOptions | ProcessOptions, E | OutputEvent>,
    engine: WorkerEngine,
    {
      parse,
      clock = systemClock,
      slots = new StartSlots(1, clock),
      network = machineNetwork,
      sharesNetwork = false,
    }: WorkerHostOptions<E>,
  ) {
    this.#init = init;
    this.#engine = engine;
    this.#parse = parse;
    this.#slots = slots;
    this.#clock = clock;
    this.#sharesNetwork = sharesNetwork;
    this.#side = new HostSide({
      send: (message, buffers, transfer) => this.#post(message, buffers, transfer),
      parse,
      packages: init.packages,
      network: { net: init.options.permissions.net, network },
      onEvent: init.onEvent,
      onOwner: (executionId) => this.#streamOwner = executionId,
      onFailure: (reason) => this.#side.end(reason),
      clock,
    });
    this.exited = this.#side.exited;
  }

  get memoryBytes(): number | null {
    return this.#side.memoryBytes;
  }

  async start(): Promise<void> {
    using _slot = await this.#slots.take(this.exited);
    this.#assertWanted();
    const { options, identity, packages } = this.#init;
    const ring = createRing();
    this.#output = new RingReader(
      ring,
      (name, text) => this.#onOutput(name, text),
      (reason) => this.#side.end(reason),
    );
    // The thread comes up while what the interpreter starts from is made ready.
    const worker = this.#spawn();
    const { value: assets, transfer } = await this.#engine.assets(options);
    this.#assertWanted();
    const message: WorkerStart = {
      type: "start",
      version: PROTOCOL_VERSION,
      options,
      identity,
      packages: packages !== undefined,
      assets,
      lock: this.#lock,
      output: ring,
      interrupts: this.#interruptMemory,
    };
    this.#send({ message, buffers: [] }, transfer);
    await this.#side.whenReady();
    this.#watch(worker);
  }

  async configure(identity: KernelIdentity): Promise<void> {
    await this.#side.configure(identity);
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.#executionId = request.id;
    this.#running = { id: request.id };
    try {
      return await this.#side.execute(request);
    } finally {
      this.#running = undefined;
      this.#interrupts.withdrawLast();
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<Answer<CallReplies[M]>> {
    return await this.#side.call(method, args, buffers);
  }

  async interrupt(executionId: string): Promise<InterruptOutcome> {
    const running = this.#running;
    if (running?.id !== executionId) return "missed";
    // Several requests are one interrupt until it is taken.
    running.interrupt ??= this.#interrupt(executionId).finally(() => delete running.interrupt);
    const clock = this.#clock;
    return await within(INTERRUPT_NOTICE_MS, running.interrupt, { clock }) ?? "pending";
  }

  meter(): () => HostUsage {
    const cpuMs = this.#cpu?.start();
    return () => ({ cpuMs: cpuMs?.() ?? null, peakMemoryBytes: this.memoryBytes });
  }

  async ping(timeoutMs: number): Promise<boolean> {
    return await this.#side.ping(timeoutMs);
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#side.end(reason);
    this.#output?.close();
    if (!this.#worker) return { leaked: false };
    // A thread that is terminated while it computes spins on for good, so it is asked to end first.
    this.#interrupts.kill();
    this.#post({ type: "end" });
    const gone = this.#gone.then(() => true);
    const clock = this.#clock;
    const ended = await within(END_DEADLINE_MS, gone, { clock });
    this.#worker.terminate();
    return { leaked: !ended && !await within(TERMINATE_DEADLINE_MS, gone, { clock }) };
  }

  #assertWanted(): void {
    if (this.#terminated) throw new KernelError("kernel_dead", "It was ended while it started");
  }

  /** Resolves when the interpreter has taken an interrupt, or the execution is over. */
  async #interrupt(executionId: string): Promise<InterruptOutcome> {
    const number = this.#interrupts.raise();
    const answer = this.#side.interrupt({ executionId, number });
    await this.#interrupts.settled(number);
    return this.#interrupts.hasStruck(number) ? "delivered" : await answer;
  }

  #spawn(): Worker {
    const { identity: { kernelId: name }, options } = this.#init;
    const permissions: Deno.PermissionOptionsObject = this.#sharesNetwork
      ? { ...options.permissions, net: "inherit" }
      : options.permissions;
    const { worker, clock: cpu } = ThreadClock.ofNewWorker(() =>
      new Worker(this.#engine.workerEntry, { type: "module", name, deno: { permissions } })
    );
    this.#worker = worker;
    this.#cpu = cpu;
    worker.addEventListener("message", (event) => this.#onMessage(event.data));
    worker.addEventListener(
      "messageerror",
      () => this.#side.end("it sent a message that cannot be read"),
    );
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // Otherwise the error ends this whole process.
      this.#side.end(`its worker failed: ${event.message}`);
    });
    return worker;
  }

  /** Notices the end of a worker by the lock of its thread: a worker that ends by itself sends no event. */
  #watch(worker: Worker): void {
    this.#gone = threadEnd(this.#lock).then(() => {
      this.#side.end("its worker ended by itself");
      worker.terminate();
    });
  }

  #post(message: HostMessage, buffers: readonly Uint8Array[] = [], transfer = false): void {
    const bytes = buffers as readonly Uint8Array<ArrayBuffer>[]; // Copied while they are posted.
    this.#send({ message, buffers: bytes }, transfer ? bytes.map(({ buffer }) => buffer) : []);
  }

  #send(envelope: ToWorker, transfer: ArrayBuffer[]): void {
    this.#worker?.postMessage(envelope, transfer);
  }

  #onOutput(name: StreamName, text: string): void {
    try {
      this.#init.onEvent({ type: "stream", name, text, ...this.#current() });
    } catch (error) {
      this.#side.end(`its output is not in the protocol: ${messageOf(error)}`);
    }
  }

  #onMessage(data: unknown): void {
    if (this.#terminated) return;
    try {
      const envelope = this.#parse.envelope(data);
      this.#output?.drainTo(envelope.at);
      this.#side.receive(envelope);
    } catch (error) {
      this.#side.end(`it sent a message that is not in the protocol: ${messageOf(error)}`);
    }
  }

  #current(): { executionId?: string } {
    const executionId = this.#streamOwner ?? this.#executionId;
    return executionId === undefined ? {} : { executionId };
  }
}

/** The execution that is under way, and the interrupt of it. */
interface RunningExecution {
  id: string;
  interrupt?: Promise<InterruptOutcome>;
}
