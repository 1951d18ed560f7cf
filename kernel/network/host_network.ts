import { lookup } from "node:dns/promises";

/** The facts about the network that a kernel's own thread may not find out by itself. */
export interface HostNetwork {
  /** Returns the addresses of a name; rejects when it has none or cannot be looked up. */
  lookUp(name: string): Promise<string[]>;
  /** Returns the authorities whose signatures of certificates are trusted, in PEM. */
  authorities(): Promise<readonly string[]>;
}

/** The most characters of a name. */
export const MAX_NAME = 253;

/** The network of this machine, as its programs see it. */
export const machineNetwork: HostNetwork = {
  async lookUp(name) {
    const found = await lookup(name, { all: true });
    return found.map(({ address }) => address);
  },
  async authorities() {
    // A plain copy can be posted to another thread.
    return [...(await import("node:tls")).rootCertificates];
  },
};
