import { isIP, isIPv6 } from "node:net";
import type { ServerEnv } from "./env.ts";

/** The name of every client whose address is unknown; such clients share their limits. */
const UNKNOWN = "unknown";

/** Returns the address at the other end of a request's connection; undefined when it is unknown. */
export function connectionAddress(env: ServerEnv["Bindings"] | undefined): string | undefined {
  const address = env?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : withoutMapping(address);
}

/**
 * Returns the client that `X-Forwarded-For` names: the last address that is not a trusted proxy's. Each
 * proxy appends the address that it has seen; the entries before may be a client's invention.
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
 * Returns the name under which the requests of an address are counted. All IPv6 addresses of one network
 * share a name, because one household has 2^64 of them.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return UNKNOWN;
  const plain = withoutMapping(address);
  return isIPv6(plain) ? networkOf(plain) : plain;
}

/** Returns the IPv4 address in an address such as `::ffff:10.0.0.1`; other addresses as they are. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1] ?? address;
}

/** Returns the first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after];
  return `${groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":")}::/64`;
}
