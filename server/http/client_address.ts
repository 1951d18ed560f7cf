import { isIP, isIPv6 } from "node:net";
import type { ServerEnv } from "./env.ts";

/** The name of a client whose address nobody knows: all of them share their limits. */
const UNKNOWN = "unknown";

/** Returns the address at the other end of a request's connection; undefined when nobody knows it. */
export function connectionAddress(env: ServerEnv["Bindings"] | undefined): string | undefined {
  const address = env?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : withoutMapping(address);
}

/**
 * Returns the client that `X-Forwarded-For` names: the last address that is no trusted proxy, because
 * each proxy adds the address that it has seen, and clients may begin the list with anything.
 */
export function forwardedClient(
  header: string | undefined,
  trusted: ReadonlySet<string>,
): string | undefined {
  const addresses = (header ?? "").split(",").map((it) => withoutMapping(it.trim()));
  const client = addresses.findLast((it) => !trusted.has(it));
  return client !== undefined && isIP(client) ? client : undefined;
}

/**
 * Returns the name under which an address is counted: one household has 2^64 addresses of IPv6, and
 * counts as one client.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return UNKNOWN;
  const plain = withoutMapping(address);
  return isIPv6(plain) ? networkOf(plain) : plain;
}

/** Returns an address of IPv4 as itself that a socket for both families shows as one of IPv6. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1] ?? address;
}

/** Returns the first 64 bits of an address of IPv6. */
function networkOf(address: string): string {
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after];
  return `${groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":")}::/64`;
}
