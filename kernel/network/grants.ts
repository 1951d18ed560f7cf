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
import { MAX_NAME } from "./host_network.ts";

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

  /** Returns a port with which a host is granted; undefined when it is granted with all ports, or not at all. */
  portOf(host: string): number | undefined {
    const own = this.#entries.filter((entry) => matches(entry, host));
    return own.some(({ port }) => port === undefined) ? undefined : own[0]?.port;
  }
}

/** A host or a range of addresses, in brackets or not, and its port. */
const ENTRY = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/;
/** A name, or all names below one. */
const NAME = /^(\*\.)?[\w-]+(\.[\w-]+)*\.?$/;
const MAX_PORT = 65_535;

/**
 * Returns true for an entry that the permission `net` can have: a name, all names below one, an address, or a range of
 * those of IPv4, perhaps with a port. An address of IPv6 is in brackets.
 */
export function isHostEntry(text: string): boolean {
  const [, bracketed, plain = "", digits] = ENTRY.exec(text) ?? [];
  if (Number(digits ?? 0) > MAX_PORT) return false;
  if (bracketed !== undefined) return parseAddress(bracketed)?.bits === 128;
  return parseRange(plain)?.bits === 32 || plain.length <= MAX_NAME && NAME.test(plain);
}

function parseEntry(text: string): Entry {
  const [, bracketed, plain = "", digits] = ENTRY.exec(text) ?? [];
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
