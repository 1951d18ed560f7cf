/** The numbers of an address: those of IPv4 have 32 bits, those of IPv6 128. */
export interface Address {
  bits: 32 | 128;
  value: bigint;
}

/** The addresses that begin with the same bits: the first one, and the number of those bits. */
export interface AddressRange extends Address {
  prefix: number;
}

/**
 * The addresses that are no public host's: of this machine, of its own networks, of carriers, of groups, and
 * those that are reserved.
 */
const PRIVATE_RANGES: readonly AddressRange[] = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4"],
  ...["240.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
].map((text) => parseRange(text)!);

/** The addresses of this machine that only it reaches. */
const LOOPBACK: readonly AddressRange[] = ["127.0.0.0/8", "::1/128"].map((it) => parseRange(it)!);

/** The ranges of IPv6 whose addresses contain one of IPv4, and the bits behind that. */
const EMBEDDING: readonly (readonly [AddressRange, bigint])[] = [
  [parseRange("::ffff:0:0/96")!, 0n],
  [parseRange("64:ff9b::/96")!, 0n],
  [parseRange("2002::/16")!, 80n],
];

/** Reads an address as it is written, without brackets; undefined when the text is none. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(":")) return parseIpv6(text);
  const value = parseIpv4(text);
  return value === undefined ? undefined : { bits: 32, value };
}

/** Reads an address, or a range as `10.0.0.0/8`; undefined when the text is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [base = "", length] = text.split("/");
  const address = parseAddress(base);
  if (!address) return undefined;
  if (length === undefined) return { ...address, prefix: address.bits };
  if (!/^\d{1,3}$/.test(length) || Number(length) > address.bits) return undefined;
  return { ...address, prefix: Number(length) };
}

/** Returns true when an address, or the one of IPv4 in it, is within a range. */
export function isWithin(address: Address, range: AddressRange): boolean {
  if (address.bits !== range.bits) {
    const inner = embedded(address);
    return inner !== undefined && isWithin(inner, range);
  }
  const rest = BigInt(range.bits - range.prefix);
  return address.value >> rest === range.value >> rest;
}

/** Returns true when an address is no public host's. */
export function isPrivate(address: Address): boolean {
  return PRIVATE_RANGES.some((range) => isWithin(address, range));
}

/** Returns true when an address is one by which this machine reaches itself alone. */
export function isLoopback(address: Address): boolean {
  return LOOPBACK.some((range) => isWithin(address, range));
}

/** Returns the private addresses of IPv4, as ranges, without those in `holes`. */
export function privateIpv4Without(holes: readonly AddressRange[]): string[] {
  const ranges = PRIVATE_RANGES.filter(({ bits }) => bits === 32);
  return ranges.flatMap((range) => without(range, holes)).map(({ value, prefix }) => {
    const bytes = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n);
    return prefix === 32 ? bytes.join(".") : `${bytes.join(".")}/${prefix}`;
  });
}

/** Returns the parts of a range that none of the holes has. */
function without(range: AddressRange, holes: readonly AddressRange[]): AddressRange[] {
  const near = holes.filter((hole) => hole.bits === range.bits && overlap(hole, range));
  if (near.length === 0) return [range];
  if (near.some((hole) => hole.prefix <= range.prefix)) return [];
  const prefix = range.prefix + 1;
  const half = 1n << BigInt(range.bits - prefix);
  const lower = (range.value >> BigInt(range.bits - range.prefix)) <<
    BigInt(range.bits - range.prefix);
  return [lower, lower + half].flatMap((value) => without({ ...range, value, prefix }, near));
}

function overlap(one: AddressRange, other: AddressRange): boolean {
  return one.prefix < other.prefix ? isWithin(other, one) : isWithin(one, other);
}

/** Returns the address of IPv4 that one of IPv6 contains. */
function embedded(address: Address): Address | undefined {
  if (address.bits !== 128) return undefined;
  const found = EMBEDDING.find(([range]) => isWithin(address, range));
  return found && { bits: 32, value: (address.value >> found[1]) & 0xffff_ffffn };
}

function parseIpv4(text: string): bigint | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(BigInt);
  if (!parts || parts.some((part) => part > 255n)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | part, 0n);
}

function parseIpv6(text: string): Address | undefined {
  // The end of an address may be written as one of IPv4; a zone names an interface of the host.
  const [, front, quad] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text.replace(/%.*$/, "")) ?? [];
  const low = quad === undefined ? undefined : parseIpv4(quad);
  if (quad !== undefined && low === undefined) return undefined;
  const plain = low === undefined
    ? text.replace(/%.*$/, "")
    : `${front}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head, tail, more] = plain.split("::");
  if (more !== undefined) return undefined;
  const groups = (part: string | undefined) => part ? part.split(":") : [];
  const [first, last] = [groups(head), groups(tail)];
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...first, ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...last];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const value = all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return { bits: 128, value };
}
