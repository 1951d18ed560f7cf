import type { JsonObject, NotebookJson } from "../format/notebook_format.ts";
import type { CellResults, CellStore, NumberedCell } from "./cell_store.ts";

/** The most JSON of a notebook's outputs, in characters; the outputs of the cells that ran first go first. */
const MAX_OUTPUT = 16 * 2 ** 20;

/** Cells that are kept in memory only, in the order of their numbers. */
export class MemoryCells implements CellStore {
  readonly #cells = new Map<number, NumberedCell>();
  /** The size of each cell's outputs, the cells that ran first coming first. */
  readonly #outputSizes = new Map<number, number>();
  #metadata: JsonObject = {};

  get cells(): NumberedCell[] {
    return [...this.#cells.values()].sort((a, b) => a.number - b.number);
  }

  get json(): NotebookJson {
    return {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { language_info: { name: "python" }, ...this.#metadata },
      cells: this.cells.map(({ number, type, source, metadata, outputs, executionCount }) => ({
        id: `cell-${number}`,
        cell_type: type,
        source,
        metadata,
        ...(type === "code" && { outputs, execution_count: executionCount }),
        extra: {},
      })),
      extra: {},
    };
  }

  add(cells: readonly NumberedCell[], metadata: JsonObject): void {
    this.#metadata = { ...metadata, ...this.#metadata };
    for (const cell of cells) {
      this.#cells.set(cell.number, cell);
      this.#measure(cell);
    }
    this.#dropOutputs();
  }

  edit(number: number, source: string): void {
    const cell = this.#cells.get(number)!;
    this.#cells.set(number, { ...cell, source, outputs: [], executionCount: null });
    this.#outputSizes.delete(number);
  }

  delete(number: number): void {
    this.#cells.delete(number);
    this.#outputSizes.delete(number);
  }

  setResults(number: number, results: CellResults): void {
    const cell = { ...this.#cells.get(number)!, ...results };
    this.#cells.set(number, cell);
    this.#measure(cell);
    this.#dropOutputs();
  }

  #measure({ number, outputs }: NumberedCell): void {
    this.#outputSizes.delete(number);
    this.#outputSizes.set(number, JSON.stringify(outputs).length);
  }

  #dropOutputs(): void {
    let size = this.#outputSizes.values().reduce((sum, it) => sum + it, 0);
    for (const [number, length] of this.#outputSizes) {
      if (size <= MAX_OUTPUT) return;
      size -= length;
      this.#outputSizes.delete(number);
      this.#cells.set(number, { ...this.#cells.get(number)!, outputs: [LEFT_OUT] });
    }
  }
}

const LEFT_OUT = {
  output_type: "stream",
  name: "stderr",
  text: "[The outputs are left out here: the notebook has more than the server keeps.]\n",
};
