import { guardFetch } from "../network/guard.ts";
import { machineNetwork } from "../network/host_network.ts";
import type { RuntimeInit } from "../runtime.ts";
import { brokeredFetch } from "./brokered_fetch.ts";

/** Gives this worker its `fetch`: installers use it, and in a kernel without a network the host fetches for them. */
export function prepareFetch({ packages, network = machineNetwork, options }: RuntimeInit): void {
  const net = options.permissions === "inherit" || options.permissions.net;
  if (packages && net === false) globalThis.fetch = brokeredFetch(packages);
  else guardFetch(net, network);
}
