import type { Grant } from "../permissions.ts";
import {
  type Address,
  type AddressRange,
  isLoopback,
  isPrivate,
  isWithin,
  parseAddress,
  parseRange,
  privateIpv4Without,
} from "./addresses.ts";

/** One entry of a grant: a name, all names below one (`*.example.com`), or addresses; a port or all ports. */
interface Entry {
  /** In lower case, without a dot at its end; undefined for addresses. */
  name: string | undefined;
  range: AddressRange | undefined;
  port: number | undefined;
}

/** The private addresses of IPv6 that are denied one by one, as the engine knows no ranges of IPv6. */
const PRIVATE_IPV6 = ["::1", "::", "fd00:ec2::254"];

/** The name of this machine for itself. */
const LOCALHOST = "localhost";

/** The hosts that a kernel may reach. */
export class NetworkGrants {
  /** True when every host is granted. */
  readonly all: boolean;
  readonly #entries: readonly Entry[];

  /** Reads the permission `net`. */
  constructor(net: Grant) {
    this.all = net === true;
    this.#entries = Array.isArray(net) ? net.map(parseEntry) : [];
  }

  /** True when no host is granted. */
  get none(): boolean {
    return !this.all && this.#entries.length === 0;
  }

  /** Returns true when a host, as a name or an address, is granted with that port. */
  covers(host: string, port: number): boolean {
    return this.all || this.#entries.some((entry) => matches(entry, host) && hasPort(entry, port));
  }

  /** Returns true when a host is granted with some port. */
  coversHost(host: string): boolean {
    return this.all || this.#entries.some((entry) => matches(entry, host));
  }

  /**
   * Returns true when an address that a granted name has led to may be used: it is public, or is granted
   * itself. `localhost` grants the addresses by which this machine reaches itself.
   */
  admits(address: string, port: number): boolean {
    if (this.all) return true;
    const parsed = parseAddress(address);
    if (!parsed) return false;
    return !isPrivate(parsed) ||
      this.#entries.some((entry) => hasPort(entry, port) && grantsAddress(entry, parsed));
  }

  /** Does the same as `admits`, for some port. */
  admitsHost(address: string): boolean {
    const ports = this.#entries.map(({ port }) => port ?? 0);
    return this.admits(address, 0) || ports.some((port) => this.admits(address, port));
  }

  /** Returns the private addresses that are granted with no port, in the words of `--deny-net`. */
  deniedAddresses(): string[] {
    if (this.all) return [];
    const isGranted = (address: Address) =>
      this.#entries.some((entry) => grantsAddress(entry, address));
    const holes = this.#entries.flatMap(({ name, range }) =>
      range ? [range] : isLocal(name) ? [parseRange("127.0.0.0/8")!] : []
    );
    return [
      ...privateIpv4Without(holes),
      ...PRIVATE_IPV6.filter((it) => !isGranted(parseAddress(it)!)).map((it) => `[${it}]`),
    ];
  }

  /** Returns the granted names without their ports, which looking up a name needs. */
  names(): string[] {
    return [...new Set(this.#entries.flatMap(({ name }) => name === undefined ? [] : [name]))];
  }
}

function parseEntry(text: string): Entry {
  const [, bracketed, plain = "", digits] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const range = parseRange(host);
  return {
    name: range ? undefined : plainName(host),
    range,
    port: digits === undefined ? undefined : Number(digits),
  };
}

function matches({ name, range }: Entry, host: string): boolean {
  if (range) {
    const address = parseAddress(host);
    return address !== undefined && isWithin(address, range);
  }
  const asked = plainName(host);
  return name!.startsWith("*.") ? asked.endsWith(name!.slice(1)) : asked === name;
}

function hasPort(entry: Entry, port: number): boolean {
  return entry.port === undefined || entry.port === port;
}

function grantsAddress({ name, range }: Entry, address: Address): boolean {
  return range ? isWithin(address, range) : isLocal(name) && isLoopback(address);
}

function isLocal(name: string | undefined): boolean {
  return name === LOCALHOST || name?.endsWith(`.${LOCALHOST}`) === true;
}

function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}
