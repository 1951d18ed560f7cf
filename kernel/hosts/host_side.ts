import type { Answer, CallArguments, CallMethod, CallReplies } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../cell.ts";
import type { Clock } from "../clock.ts";
import { within } from "../deadline.ts";
import { KernelError, messageOf } from "../errors.ts";
import type { HostEvent, InterruptOutcome } from "../host.ts";
import { type HostNetwork, machineNetwork } from "../network/host_network.ts";
import type { PackageBroker } from "../packages/request.ts";
import type { Grant } from "../permissions.ts";
import type { KernelIdentity } from "../start_options.ts";
import type { StreamName } from "../streams.ts";
import { Channel } from "./channel.ts";
import { NetworkDesk } from "./network_desk.ts";
import { PackageDesk } from "./package_desk.ts";
import type {
  ControlCalls,
  Envelope,
  HostMessage,
  KernelMessage,
  MessageParsers,
  Send,
} from "./protocol.ts";

/** The time that a start may take, in milliseconds. */
const START_DEADLINE_MS = 60_000;

/** Options for {@linkcode HostSide}. `E` is the form in which it hands on events. */
export interface HostSideOptions<E> {
  /** Sends a message through the transport. */
  send: Send<HostMessage>;
  /** Turns what the kernel says into types. */
  parse: MessageParsers<E>;
  /** Gives the kernel packages. */
  packages: PackageBroker | undefined;
  /** The granted hosts, and the network that they are looked up in. @default questions are refused */
  network?: { net: Grant; network: HostNetwork };
  /** Receives the kernel's events. */
  onEvent: (event: E) => void;
  /** Receives output that comes as messages; without it such messages are refused. */
  onStream?: (name: StreamName, text: string, executionId: string | undefined) => void;
  /** Called when output begins to belong to another execution; without it that message is refused. */
  onOwner?: (executionId: string | null) => void;
  /** Called when the kernel cannot go on, or breaks the protocol; it has to call `end`. */
  onFailure: (reason: string) => void;
  /** Measures deadlines. */
  clock: Clock;
}

const decoder = new TextDecoder();

/** The host's side of the conversation with a kernel, whatever the transport. */
export class HostSide<E = HostEvent> {
  /** Resolves with the reason when the conversation ends; never rejects. */
  readonly exited: Promise<string>;
  readonly #options: HostSideOptions<E>;
  readonly #channel: Channel;
  readonly #packages: PackageDesk;
  readonly #network: NetworkDesk;
  readonly #exit = Promise.withResolvers<string>();
  readonly #ready = Promise.withResolvers<void>();
  #memoryBytes: number | null = null;
  #ended = false;

  /** Sends nothing yet. */
  constructor(options: HostSideOptions<E>) {
    const { send, packages, onFailure } = options;
    this.#options = options;
    this.#channel = new Channel(
      (id, name, args, buffers) => {
        const sent = send({ type: "call", id, name, args }, buffers);
        // The caller, who waits for the answer, ends a kernel that stops reading.
        if (sent instanceof Promise) sent.catch(() => {});
      },
      onFailure,
    );
    this.#packages = new PackageDesk(packages, send);
    const { net, network } = options.network ?? { net: false, network: machineNetwork };
    this.#network = new NetworkDesk(net, network, send);
    this.exited = this.#exit.promise;
    this.#ready.promise.catch(() => {}); // Nobody may be waiting for it yet.
  }

  /** The size of the interpreter's memory in bytes, as last reported; null before it is ready. */
  get memoryBytes(): number | null {
    return this.#memoryBytes;
  }

  /** True when nothing more comes from the kernel. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the kernel says that it is ready; when that takes too long, the kernel has failed. */
  async whenReady(): Promise<void> {
    const { clock, onFailure } = this.#options;
    const ready = this.#ready.promise.then(() => true);
    if (await within(START_DEADLINE_MS, ready, { clock })) return;
    onFailure(`it did not start within ${START_DEADLINE_MS / 1000} s`);
    await this.#ready.promise;
  }

  /** Takes what the kernel has sent. */
  receive({ message, buffers }: Envelope<unknown>): void {
    if (this.#ended) return;
    try {
      this.#receive(this.#options.parse.message(message), buffers);
    } catch (error) {
      const reason = `it sent a message that is not in the protocol: ${messageOf(error)}`;
      this.#options.onFailure(reason);
    }
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { parse, onFailure } = this.#options;
    try {
      const { value: reply } = await this.#channel.ask("execute", request, parse.executeReply);
      this.#memoryBytes = reply.memoryBytes;
      return reply;
    } catch (error) {
      // A sound interpreter answers whatever the cell does.
      onFailure(`it could not run the cell: ${messageOf(error)}`);
      throw error;
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<Answer<CallReplies[M]>> {
    const { parse } = this.#options;
    return await this.#channel.ask(method, args, (it) => parse.callReply(method, it), buffers);
  }

  async configure(identity: KernelIdentity): Promise<void> {
    await this.#control("configure", identity);
  }

  /** Resolves with the outcome that the kernel tells; an answer that is none means that it was missed. */
  async interrupt(args: ControlCalls["interrupt"]): Promise<InterruptOutcome> {
    const outcome = await this.#control("interrupt", args).catch(() => "missed");
    return outcome === "delivered" || outcome === "pending" ? outcome : "missed";
  }

  /** Resolves with true when the kernel answers within the time. */
  async ping(timeoutMs: number): Promise<boolean> {
    const answer = this.#control("ping", { timeoutMs }).catch(() => false);
    return await within(timeoutMs, answer, { clock: this.#options.clock }) === true;
  }

  /** Ends the conversation: everything pending settles with the reason. Idempotent. */
  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const error = new KernelError("kernel_dead", reason);
    this.#channel.close(error);
    this.#network.end(error);
    this.#ready.reject(error);
    this.#exit.resolve(reason);
  }

  async #control<C extends keyof ControlCalls>(name: C, args: ControlCalls[C]): Promise<unknown> {
    return (await this.#channel.call(name, args)).value;
  }

  #receive(message: KernelMessage, buffers: Envelope<unknown>["buffers"]): void {
    const { parse, onEvent, onStream, onOwner } = this.#options;
    switch (message.type) {
      case "ready":
        this.#memoryBytes = message.memoryBytes;
        return this.#ready.resolve();
      case "event":
        return onEvent(parse.event(buffers));
      case "stream":
        if (!onStream) throw new Error("its output comes through its ring");
        return onStream(message.name, decoder.decode(buffers[0]), message.executionId);
      case "own":
        if (!onOwner) throw new Error("its output tells itself what it belongs to");
        return onOwner(message.executionId);
      case "return":
        this.#memoryBytes = message.memoryBytes;
        return this.#channel.return(message.id, message.value, buffers);
      case "throw":
        return this.#channel.throw(message.id, message.error);
      case "call":
        return NetworkDesk.answers(message.name)
          ? this.#network.take(message.id, message.name, message.args)
          : this.#packages.take(message.id, message.args);
      case "exited":
        return this.#options.onFailure(message.reason);
    }
  }
}
