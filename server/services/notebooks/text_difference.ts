/** A `Difference` replaces `from` to `to` of a text with `insert`, which then ends at `end`. */
export interface Difference {
  from: number;
  to: number;
  insert: string;
  end: number;
}

/** Returns the smallest single replacement that makes one text another; undefined if they are the same. */
export function difference(before: string, after: string): Difference | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  const end = after.length - same;
  return { from, to: before.length - same, insert: after.slice(from, end), end };
}
