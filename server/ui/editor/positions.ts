/** Converts a position in UTF-16 units, as JavaScript counts, to code points, as Jupyter counts. */
export function toCodePoints(text: string, position: number): number {
  let count = 0;
  for (const _ of text.slice(0, position)) count++;
  return count;
}

/** Converts a position in code points to UTF-16 units. */
export function fromCodePoints(text: string, position: number): number {
  let index = 0;
  let count = 0;
  for (const character of text) {
    if (count++ === position) return index;
    index += character.length;
  }
  return text.length;
}
