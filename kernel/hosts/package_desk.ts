import { KernelError } from "../errors.ts";
import type { PackageBroker } from "../packages/request.ts";
import { toWireError } from "./channel.ts";
import type { HostMessage, Send } from "./protocol.ts";

/** The number of packages that one kernel gets at a time: an answer is in memory until it is taken. */
const AT_A_TIME = 2;
/** The number of calls that may wait; no installer makes nearly as many. */
const MAX_WAITING = 1_000;

/** Answers a kernel's calls for packages in their order, the next one when an answer has been taken. */
export class PackageDesk {
  readonly #broker: PackageBroker | undefined;
  readonly #send: Send<HostMessage>;
  readonly #waiting: { id: number; request: unknown }[] = [];
  #busy = 0;

  /** Answers from a broker, or refuses everything without one. */
  constructor(broker: PackageBroker | undefined, send: Send<HostMessage>) {
    this.#broker = broker;
    this.#send = send;
  }

  /** Takes a call; throws when more of them wait than any installer makes. */
  take(id: number, request: unknown): void {
    if (this.#waiting.length >= MAX_WAITING) throw new Error("it asks for too many packages");
    this.#waiting.push({ id, request });
    if (this.#busy < AT_A_TIME) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy++;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        await this.#answer(next.id, next.request);
      } catch {
        // The kernel is gone.
      }
    }
    this.#busy--;
  }

  async #answer(id: number, request: unknown): Promise<void> {
    try {
      if (!this.#broker) {
        throw new KernelError("permission_denied", "Packages are not to be had here");
      }
      const { bytes, ...value } = await this.#broker(request);
      await this.#send({ type: "return", id, value }, [bytes], true);
    } catch (error) {
      await this.#send({ type: "throw", id, error: toWireError(error) });
    }
  }
}
