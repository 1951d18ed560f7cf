import { KernelError } from "../errors.ts";
import { isTextRequest, type PackageBroker } from "../packages/request.ts";
import { toWireError } from "./channel.ts";
import type { HostMessage, Send } from "./protocol.ts";

/** The number of packages that one kernel gets at a time: an answer is in memory until it is taken. */
const FILES_AT_A_TIME = 2;
/** The number of pages and other descriptions that one kernel gets at a time; a resolution reads very many. */
const TEXTS_AT_A_TIME = 8;
/** The number of calls that may wait; no installer makes nearly as many. */
const MAX_WAITING = 1_000;

interface Lane {
  atATime: number;
  busy: number;
  waiting: { id: number; request: unknown }[];
}

/**
 * Answers a kernel's calls for packages in their order, the next one when an answer has been taken. Files do not hold
 * up what describes packages.
 */
export class PackageDesk {
  readonly #broker: PackageBroker | undefined;
  readonly #send: Send<HostMessage>;
  readonly #files: Lane = { atATime: FILES_AT_A_TIME, busy: 0, waiting: [] };
  readonly #texts: Lane = { atATime: TEXTS_AT_A_TIME, busy: 0, waiting: [] };

  /** Answers from a broker, or refuses everything without one. */
  constructor(broker: PackageBroker | undefined, send: Send<HostMessage>) {
    this.#broker = broker;
    this.#send = send;
  }

  /** Takes a call; throws when more of them wait than any installer makes. */
  take(id: number, request: unknown): void {
    const lane = isTextRequest(request) ? this.#texts : this.#files;
    if (lane.waiting.length >= MAX_WAITING) throw new Error("it asks for too many packages");
    lane.waiting.push({ id, request });
    if (lane.busy < lane.atATime) void this.#work(lane);
  }

  async #work(lane: Lane): Promise<void> {
    lane.busy++;
    for (let next = lane.waiting.shift(); next; next = lane.waiting.shift()) {
      try {
        await this.#answer(next.id, next.request);
      } catch {
        // The kernel is gone.
      }
    }
    lane.busy--;
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
