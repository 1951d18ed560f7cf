import { lookup, type LookupAllOptions } from "node:dns";
import { LookUpQueue } from "./look_up_queue.ts";

/** The facts about the network that a kernel's own thread may not find out by itself. */
export interface HostNetwork {
  /**
   * Returns the addresses of a name; rejects when it has none or cannot be looked up. Where this process may reach
   * the name with one port only, `port` has to be that one.
   */
  lookUp(name: string, port?: number): Promise<string[]>;
  /** Returns the authorities whose signatures of certificates are trusted, in PEM. */
  authorities(): Promise<readonly string[]>;
}

/** The most characters of a name. */
export const MAX_NAME = 253;

/**
 * The look-ups of this process at a time. Each takes a thread until a name server has answered, of the 32 with which
 * Deno also reads and writes files: more look-ups that nobody answers would stop everything else.
 */
const LOOK_UPS_AT_A_TIME = 16;

/** The network of this machine, as its programs see it. */
class MachineNetwork implements HostNetwork {
  readonly #lookUps = new LookUpQueue(LOOK_UPS_AT_A_TIME);

  async lookUp(name: string, port?: number): Promise<string[]> {
    return await this.#lookUps.run(() => addressesOf(name, port));
  }

  async authorities(): Promise<readonly string[]> {
    // A plain copy can be posted to another thread.
    return [...(await import("node:tls")).rootCertificates];
  }
}

/** The network of this machine. */
export const machineNetwork: HostNetwork = new MachineNetwork();

function addressesOf(name: string, port: number | undefined): Promise<string[]> {
  // Deno's `lookup` asks for the permission to reach the name with this port; Node's does not know the option.
  const options: LookupAllOptions & { port?: number } = {
    all: true,
    ...(port !== undefined && { port }),
  };
  return new Promise((resolve, reject) => {
    lookup(name, options, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}
