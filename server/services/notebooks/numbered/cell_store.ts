import type { CellType, JsonObject, NotebookJson } from "../format/notebook_format.ts";

/** The largest number that a cell can have, and the smallest one without its sign. */
export const MAX_CELL_NUMBER = 1_000_000_000;

/** A cell that clients name by its number. */
export interface NumberedCell {
  number: number;
  type: CellType;
  source: string;
  metadata: JsonObject;
  /** The outputs in the form of the notebook format. */
  outputs: unknown[];
  executionCount: number | null;
}

/** The results of a cell's run. */
export type CellResults = Pick<NumberedCell, "outputs" | "executionCount">;

/** The cells of a numbered notebook, wherever they are kept. The numbers of calls are those of cells that are there. */
export interface CellStore {
  /** The cells in the order in which all of them are run. */
  readonly cells: NumberedCell[];
  /** The notebook in the notebook format. */
  readonly json: NotebookJson;
  /** Adds cells, each after those of smaller numbers, and metadata that the notebook does not have. */
  add(cells: readonly NumberedCell[], metadata: JsonObject): void;
  /** Gives a cell another source, and removes its results. */
  edit(number: number, source: string): void;
  delete(number: number): void;
  /** Gives a cell the results of its run. */
  setResults(number: number, results: CellResults): void;
}
