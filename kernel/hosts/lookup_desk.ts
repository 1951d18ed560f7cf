import { KernelError } from "../errors.ts";
import { NetworkGrants } from "../network/grants.ts";
import { type LookUp, MAX_NAME } from "../network/lookup.ts";
import type { Grant } from "../permissions.ts";
import { toWireError } from "./channel.ts";
import type { HostMessage, Send } from "./protocol.ts";

/** The number of look-ups that one kernel may have under way; a program has as many as it opens connections. */
const AT_A_TIME = 64;

/**
 * Looks up the names of the hosts that a kernel was granted. The kernel's own thread may not look up a name that
 * was granted with a port.
 */
export class LookUpDesk {
  readonly #grants: NetworkGrants;
  readonly #lookUp: LookUp;
  readonly #send: Send<HostMessage>;
  #busy = 0;

  constructor(net: Grant, lookUp: LookUp, send: Send<HostMessage>) {
    this.#grants = new NetworkGrants(net);
    this.#lookUp = lookUp;
    this.#send = send;
  }

  /** Takes a call, whose argument should be a name. */
  take(id: number, name: unknown): void {
    void this.#answer(id, name).catch(() => {
      // The kernel is gone.
    });
  }

  async #answer(id: number, name: unknown): Promise<void> {
    try {
      const value = await this.#find(name);
      await this.#send({ type: "return", id, value });
    } catch (error) {
      await this.#send({ type: "throw", id, error: toWireError(error) });
    }
  }

  async #find(name: unknown): Promise<string[]> {
    if (typeof name !== "string" || name.length > MAX_NAME || !this.#grants.coversHost(name)) {
      throw new KernelError("permission_denied", "This host was not granted");
    }
    if (this.#busy >= AT_A_TIME) {
      throw new KernelError("limit_exceeded", `More than ${AT_A_TIME} names are being looked up`);
    }
    this.#busy++;
    try {
      return await this.#lookUp(name);
    } finally {
      this.#busy--;
    }
  }
}
