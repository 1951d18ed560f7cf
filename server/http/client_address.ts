import type { Context } from "hono";
import { isIPv6 } from "node:net";
import type { ServerEnv } from "./env.ts";

/** The name of a client whose address nobody knows: all of them share their limits. */
const UNKNOWN = "unknown";

/** Returns the address of the client that sent a request. */
export function clientAddress(c: Context<ServerEnv>): string {
  return c.env?.incoming?.socket.remoteAddress ?? UNKNOWN;
}

/**
 * Returns the name under which an address is counted: one household has 2^64 addresses of IPv6, and
 * counts as one client.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return UNKNOWN;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? networkOf(address) : address;
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
