import type { Cell } from "./cell.ts";

/** A heading of a Markdown cell; `level` is 1 for the highest. */
export interface Heading {
  cell: Cell;
  level: number;
  text: string;
}

/** Returns the headings of all Markdown cells in their order. */
export function headingsOf(cells: readonly Cell[]): Heading[] {
  return cells.filter(({ type }) => type.value === "markdown")
    .flatMap((cell) => headingsIn(cell.source.value).map((heading) => ({ cell, ...heading })));
}

/** Returns the level of the heading with which a cell begins; undefined if it begins otherwise. */
export function levelOf(cell: Cell): number | undefined {
  if (cell.type.value !== "markdown") return undefined;
  const first = cell.source.value.trimStart().split("\n", 1)[0]!;
  return headingsIn(first)[0]?.level;
}

/** Returns the cells that are out of sight because a heading above them is folded. */
export function foldedCells(cells: readonly Cell[], folded: ReadonlySet<string>): Set<Cell> {
  const hidden = new Set<Cell>();
  if (folded.size === 0) return hidden;
  let until: number | undefined;
  for (const cell of cells) {
    const level = levelOf(cell);
    if (until !== undefined && level !== undefined && level <= until) until = undefined;
    if (until !== undefined) hidden.add(cell);
    else if (level !== undefined && folded.has(cell.id)) until = level;
  }
  return hidden;
}

function headingsIn(source: string): { level: number; text: string }[] {
  const found: { level: number; text: string }[] = [];
  let fence: string | undefined;
  for (const line of source.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence))) fence = fence ? undefined : mark;
    const [, signs, text] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
    if (fence === undefined && signs && text) {
      found.push({ level: signs.length, text: plain(text) });
    }
  }
  return found;
}

/** Returns a heading without the signs of its Markdown. */
function plain(text: string): string {
  return text.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[*_`]/g, "");
}
