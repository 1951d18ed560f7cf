import { lookup } from "node:dns/promises";

/** Returns the addresses of a name; rejects when it has none or cannot be looked up. */
export type LookUp = (name: string) => Promise<string[]>;

/** The most characters of a name. */
export const MAX_NAME = 253;

/** Looks a name up as the machine's programs do: in its list of hosts, and then with its name servers. */
export async function lookUpName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}
