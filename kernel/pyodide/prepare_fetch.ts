import { grantedFetch } from "../network/granted_fetch.ts";
import { machineNetwork } from "../network/host_network.ts";
import { Network } from "../network/network.ts";
import type { RuntimeInit } from "../runtime.ts";
import { brokeredFetch } from "./brokered_fetch.ts";

/** Gives this worker its `fetch`: installers use it, and in a kernel without a network the host fetches for them. */
export function prepareFetch({ packages, network = machineNetwork, options }: RuntimeInit): void {
  const { permissions, mode } = options;
  if (packages && permissions !== "inherit" && permissions.net === false) {
    globalThis.fetch = brokeredFetch(packages);
    return;
  }
  // In a process, the engine looks at each address that it connects to.
  const granted = mode === "worker"
    ? new Network({ net: permissions.net, host: network })
    : undefined;
  globalThis.fetch = grantedFetch(
    globalThis.fetch,
    granted && ((host, port) => granted.check(host, port)),
  );
}
