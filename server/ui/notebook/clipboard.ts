import type { CellJson } from "../../services/notebooks/format/notebook_format.ts";
import { readNotebookJson } from "../../services/notebooks/format/notebook_format.ts";
import { type Cell, createCell } from "./cell.ts";
import { cellOf, toCellJson } from "./ipynb.ts";

const KEY = "copied-cells";

/** The copied cells, if the browser has no room for them. */
let copied: CellJson[] = [];

/** Keeps copies of cells, for every notebook of this browser. */
export function copyCells(cells: readonly Cell[]): void {
  copied = cells.map((cell) => toCellJson(cell));
  try {
    // Older copies must not be taken for these when there is no room.
    localStorage.removeItem(KEY);
    localStorage.setItem(KEY, JSON.stringify(copied));
  } catch {
    // They stay in this tab.
  }
}

/** Returns new cells that are copies of those that were copied last. */
export function copiedCells(): Cell[] {
  return (stored() ?? copied).map((json) => cellOf({ ...json, id: createCell("code").id }));
}

function stored(): CellJson[] | undefined {
  try {
    const cells: unknown = JSON.parse(localStorage.getItem(KEY) ?? "");
    return readNotebookJson({ nbformat: 4, cells }).cells;
  } catch {
    return undefined;
  }
}
