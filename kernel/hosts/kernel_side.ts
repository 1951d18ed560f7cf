import type { Answer } from "../calls/methods.ts";
import type { HostNetwork } from "../network/host_network.ts";
import type { PackageAnswer, PackageBroker } from "../packages/request.ts";
import { Channel, toWireError } from "./channel.ts";
import {
  AUTHORITIES,
  type CallMessage,
  type HostMessage,
  type KernelMessage,
  LOOK_UP,
  type Send,
} from "./protocol.ts";

/** Options for {@linkcode KernelSide}. */
export interface KernelSideOptions {
  /** Sends a message through the transport. */
  send: Send<KernelMessage>;
  /** Answers a call of the host. */
  answer: (name: string, args: unknown, buffers: Uint8Array[]) => MaybePromise<Answer<unknown>>;
  /** Returns the size of the interpreter's memory, in bytes. */
  memoryBytes: () => number;
}

type MaybePromise<T> = T | Promise<T>;

/** The kernel's side of the conversation with its host, whatever the transport. It trusts the host. */
export class KernelSide {
  readonly #options: KernelSideOptions;
  readonly #channel: Channel;

  /** Sends nothing yet. */
  constructor(options: KernelSideOptions) {
    this.#options = options;
    const { send } = options;
    this.#channel = new Channel((id, name, args) => void send({ type: "call", id, name, args }));
  }

  /** Gets packages from the host, which checks what it is asked for. */
  readonly packages: PackageBroker = async (request) => {
    const { value, buffers: [bytes] } = await this.#channel.call("package", request);
    return { ...value as Omit<PackageAnswer, "bytes">, bytes: bytes! };
  };

  /** Asks the host, which is trusted, about the network. */
  readonly network: HostNetwork = {
    lookUp: async (name) => (await this.#channel.call(LOOK_UP, name)).value as string[],
    authorities: async () => (await this.#channel.call(AUTHORITIES, null)).value as string[],
  };

  /** Takes what the host has sent. */
  receive(message: HostMessage, buffers: readonly Uint8Array<ArrayBuffer>[]): void {
    switch (message.type) {
      case "call":
        return void this.#answer(message, [...buffers]);
      case "return":
        return this.#channel.return(message.id, message.value, buffers);
      case "throw":
        return this.#channel.throw(message.id, message.error);
    }
  }

  async #answer({ id, name, args }: CallMessage, buffers: Uint8Array[]): Promise<void> {
    const { send, answer, memoryBytes } = this.#options;
    try {
      const { value, buffers: bytes } = await answer(name, args, buffers);
      await send({ type: "return", id, value, memoryBytes: memoryBytes() }, bytes);
    } catch (error) {
      await send({ type: "throw", id, error: toWireError(error) });
    }
  }
}
