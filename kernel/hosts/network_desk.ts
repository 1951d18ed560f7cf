import { KernelError } from "../errors.ts";
import { NetworkGrants } from "../network/grants.ts";
import { type HostNetwork, MAX_NAME } from "../network/host_network.ts";
import { LookUpQueue } from "../network/look_up_queue.ts";
import type { Grant } from "../permissions.ts";
import { toWireError } from "./channel.ts";
import { AUTHORITIES, type HostMessage, LOOK_UP, type Send } from "./protocol.ts";

/** The number of answers that one kernel may wait for; a program has as many as it opens connections. */
const AT_A_TIME = 64;
/** The look-ups of one kernel at a time: those of others come between them. */
const LOOK_UPS_AT_A_TIME = 4;

/**
 * Answers a kernel's questions about the network: its own thread may not look up a name that was granted with
 * a port. It tells a kernel without granted hosts nothing.
 */
export class NetworkDesk {
  readonly #grants: NetworkGrants;
  readonly #network: HostNetwork;
  readonly #send: Send<HostMessage>;
  readonly #lookUps = new LookUpQueue(LOOK_UPS_AT_A_TIME);
  #busy = 0;

  constructor(net: Grant, network: HostNetwork, send: Send<HostMessage>) {
    this.#grants = new NetworkGrants(net);
    this.#network = network;
    this.#send = send;
  }

  /** Returns true for the name of a call that is one of these questions. */
  static answers(name: string): boolean {
    return name === LOOK_UP || name === AUTHORITIES;
  }

  /** Takes a call. */
  take(id: number, name: string, args: unknown): void {
    void this.#answer(id, name, args).catch(() => {
      // The kernel is gone.
    });
  }

  /** Gives up the look-ups that wait. */
  end(reason: Error): void {
    this.#lookUps.end(reason);
  }

  async #answer(id: number, name: string, args: unknown): Promise<void> {
    try {
      if (this.#busy >= AT_A_TIME) {
        throw new KernelError("limit_exceeded", `It waits for ${AT_A_TIME} answers already`);
      }
      this.#busy++;
      const value = await this.#find(name, args).finally(() => this.#busy--);
      await this.#send({ type: "return", id, value });
    } catch (error) {
      await this.#send({ type: "throw", id, error: toWireError(error) });
    }
  }

  async #find(name: string, args: unknown): Promise<readonly string[]> {
    const granted = name === AUTHORITIES
      ? !this.#grants.none
      : typeof args === "string" && args.length <= MAX_NAME && this.#grants.coversHost(args);
    if (!granted) throw new KernelError("permission_denied", "This host was not granted");
    if (name === AUTHORITIES) return await this.#network.authorities();
    const host = String(args);
    return await this.#lookUps.run(() => this.#network.lookUp(host, this.#grants.portOf(host)));
  }
}
