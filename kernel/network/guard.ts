/**
 * Changes the globals of a worker that connect to hosts, so that a granted name leads to no private address that
 * was not granted itself: the engine denies a worker no addresses, and a process only those of IPv4.
 */
import type { Grant } from "../permissions.ts";
import { grantedEventSource } from "./granted_event_source.ts";
import { grantedFetch } from "./granted_fetch.ts";
import { grantedSockets, type SocketFunctions } from "./granted_sockets.ts";
import { grantedWebSocket } from "./granted_web_socket.ts";
import type { HostNetwork } from "./host_network.ts";
import { Network } from "./network.ts";

/** Makes the global `fetch` reach nothing but the granted hosts. */
export function guardFetch(net: Grant, host: HostNetwork): void {
  const network = new Network({ net, host });
  globalThis.fetch = grantedFetch(
    globalThis.fetch,
    isGuarded(net) ? (name, port) => network.check(name, port) : undefined,
  );
}

/**
 * Makes `WebSocket` and `EventSource` reach nothing but the granted hosts; the latter uses the global `fetch`.
 * Returns the members of `Deno` that take the place of the engine's.
 */
export function guardConnections(net: Grant, host: HostNetwork): Partial<SocketFunctions> {
  if (!isGuarded(net)) return {};
  const network = new Network({ net, host });
  globalThis.WebSocket = grantedWebSocket((name, port) => network.check(name, port));
  globalThis.EventSource = grantedEventSource(globalThis.fetch);
  return grantedSockets(network, Deno);
}

/** Returns false when every host is granted, or none is. */
function isGuarded(net: Grant): boolean {
  return Array.isArray(net) && net.length > 0;
}
