/** A `Difference` replaces `from` to `to` of a text with `insert`, which then ends at `end`. */
export interface Difference {
  from: number;
  to: number;
  insert: string;
  end: number;
}

/**
 * Returns the smallest single replacement of whole characters that makes one text another; undefined if
 * they are the same.
 */
export function difference(before: string, after: string): Difference | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  // A shared text that holds half of a character is cut no later than before that character.
  if (isSecondHalf(before, from) || isSecondHalf(after, from)) from--;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  if (
    isSecondHalf(before, before.length - same) || isSecondHalf(after, after.length - same)
  ) same--;
  const end = after.length - same;
  return { from, to: before.length - same, insert: after.slice(from, end), end };
}

/** True when a position is between the two code units of one character. */
function isSecondHalf(text: string, at: number): boolean {
  return at > 0 && at < text.length && isBetween(text, at, 0xdc00) &&
    isBetween(text, at - 1, 0xd800);
}

function isBetween(text: string, at: number, from: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= from && unit < from + 0x400;
}
