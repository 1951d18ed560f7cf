/** A position in UTF-16, as JavaScript counts, in code points, as Jupyter does. */
export function toCodePoints(text: string, position: number): number {
  let count = 0;
  for (const _ of text.slice(0, position)) count++;
  return count;
}

/** A position in code points, in UTF-16. */
export function fromCodePoints(text: string, position: number): number {
  let index = 0;
  let count = 0;
  for (const character of text) {
    if (count++ === position) return index;
    index += character.length;
  }
  return text.length;
}
