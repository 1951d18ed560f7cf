/** A text of which the middle may have been left out. */
export interface CutText {
  text: string;
  /** The part that was left out, as positions in the whole text; undefined: nothing was. */
  left?: { from: number; to: number };
}

/**
 * Cuts the middle out of a text that is longer than `max` characters, where lines end if that is near.
 * `describe` makes the line that stands in for the middle.
 */
export function cutMiddle(
  text: string,
  max: number,
  describe: (left: { from: number; to: number }) => string,
): CutText {
  if (text.length <= max) return { text };
  const from = endOfLine(text, Math.floor(max * 0.6));
  const to = startOfLine(text, text.length - (max - Math.floor(max * 0.6)));
  const left = { from, to };
  return { text: `${text.slice(0, from)}\n[${describe(left)}]\n${text.slice(to)}`, left };
}

/** Returns a part of a text that ends where a line or at least a whole character ends. */
export function sliceWhole(text: string, from: number, to: number): { text: string; end: number } {
  if (to >= text.length) return { text: text.slice(from), end: text.length };
  const end = Math.max(endOfLine(text, to), from + 1);
  return { text: text.slice(from, end), end };
}

/** The characters that a cut may move to meet the end of a line. */
const NEAR = 200;

function endOfLine(text: string, position: number): number {
  const end = text.lastIndexOf("\n", position - 1) + 1;
  return position - end < NEAR && end > 0 ? end : wholeCharacter(text, position);
}

function startOfLine(text: string, position: number): number {
  const start = text.indexOf("\n", position) + 1;
  return start > 0 && start - position < NEAR ? start : wholeCharacter(text, position);
}

/** Moves a position back out of the middle of a character that takes two units. */
function wholeCharacter(text: string, position: number): number {
  const before = text.charCodeAt(position - 1);
  return before >= 0xd800 && before < 0xdc00 ? position - 1 : position;
}
