import { diff3Merge } from "node-diff3";

/**
 * Merges two texts that were both made from a third one. What only one of them has changed is taken from it.
 * If both have changed the same place, the result has both, theirs first: nothing that anybody wrote is
 * lost.
 */
export function mergeText(base: string, mine: string, theirs: string): string {
  if (mine === theirs || base === theirs) return mine;
  if (base === mine) return theirs;
  return merge(
    lines(base),
    lines(mine),
    lines(theirs),
    (conflict) => withinLines(conflict) ?? both(conflict),
  ).join("");
}

interface Conflict {
  base: string[];
  mine: string[];
  theirs: string[];
}

/** Resolves a conflict; undefined when it cannot. */
type Resolve = (conflict: Conflict) => string[] | undefined;

function merge(base: string[], mine: string[], theirs: string[], resolve: Resolve): string[] {
  const regions = diff3Merge(mine, base, theirs, { excludeFalseConflicts: true });
  return regions.flatMap(({ ok, conflict }) =>
    ok ?? resolve({ base: conflict!.o, mine: conflict!.a, theirs: conflict!.b }) ?? []
  );
}

/** Merges by characters; undefined when both have replaced the same characters. */
function withinLines({ base, mine, theirs }: Conflict): string[] | undefined {
  let isMerged = true;
  const characters = ({ length }: string[], all: string[]) => length === 0 ? [] : [...all.join("")];
  const [o, a, b] = [base, mine, theirs].map((it) => characters(it, it));
  // The merge by characters takes time with the product of the lengths.
  if (o!.length + a!.length + b!.length > MAX_CHARACTERS) return undefined;
  const merged = merge(o!, a!, b!, (conflict) => {
    const added = conflict.base.length === 0 ? bothAdded(conflict) : undefined;
    isMerged &&= added !== undefined;
    return added;
  });
  return isMerged ? merged : undefined;
}

/** The most characters of a place that is merged by characters. */
const MAX_CHARACTERS = 5_000;

/** Returns what both have added at one place; what is the beginning of the other's was sent before. */
function bothAdded({ mine, theirs }: Conflict): string[] {
  const [a, b] = [mine.join(""), theirs.join("")];
  if (a.startsWith(b)) return mine;
  if (b.startsWith(a)) return theirs;
  return [...theirs, ...mine];
}

function both({ mine, theirs }: Conflict): string[] {
  const last = theirs.at(-1);
  const needsBreak = last !== undefined && mine.length > 0 && !last.endsWith("\n");
  return [...theirs, ...(needsBreak ? ["\n"] : []), ...mine];
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}
