import { KernelError } from "../errors.ts";
import type { PackageAnswer, PackageBroker } from "../packages/request.ts";
import { toWireError, type WireError } from "./channel.ts";

/** How many packages of one kernel are under way at a time: what waits to be taken is in memory. */
const AT_A_TIME = 2;
/** How many calls may wait; no installer comes near. */
const MAX_WAITING = 1_000;

/** What a kernel is told of its call. */
export type PackageReply =
  | { type: "return"; id: number; answer: PackageAnswer }
  | { type: "throw"; id: number; error: WireError };

/** Answers a kernel's calls for packages in order, the next ones when an answer has been taken. */
export class PackageDesk {
  readonly #broker: PackageBroker | undefined;
  readonly #send: (reply: PackageReply) => Promise<void> | void;
  readonly #waiting: { id: number; request: unknown }[] = [];
  #busy = 0;

  /** What `send` returns settles when the kernel has taken the reply. */
  constructor(
    broker: PackageBroker | undefined,
    send: (reply: PackageReply) => Promise<void> | void,
  ) {
    this.#broker = broker;
    this.#send = send;
  }

  /** Takes a call; throws when there are more than any installer makes. */
  take(id: number, request: unknown): void {
    if (this.#waiting.length >= MAX_WAITING) throw new Error("it asks for too many packages");
    this.#waiting.push({ id, request });
    if (this.#busy < AT_A_TIME) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy++;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const reply = await this.#answer(next.id, next.request);
      try {
        await this.#send(reply);
      } catch {
        // The kernel is gone.
      }
    }
    this.#busy--;
  }

  async #answer(id: number, request: unknown): Promise<PackageReply> {
    try {
      if (this.#broker) return { type: "return", id, answer: await this.#broker(request) };
      throw new KernelError("permission_denied", "Packages are not to be had here");
    } catch (error) {
      return { type: "throw", id, error: toWireError(error) };
    }
  }
}
