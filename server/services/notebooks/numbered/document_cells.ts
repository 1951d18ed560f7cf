import { isObject, type JsonObject, type NotebookJson } from "../format/notebook_format.ts";
import {
  idOf,
  makeSharedCell,
  plain,
  readSharedCell,
  setMetadata,
  setOutputs,
  setSource,
  type SharedCell,
} from "../shared_cell.ts";
import type { SharedDocument } from "../shared_document.ts";
import {
  type CellResults,
  type CellStore,
  MAX_CELL_NUMBER,
  type NumberedCell,
} from "./cell_store.ts";

/** The member of a cell's metadata that has its number. */
const MEMBER = "jupycell";
/** The origin of the changes that are made by numbers. */
const ORIGIN = { name: "numbered cells" };

/**
 * The cells of a document that others change too. A cell keeps its number in its metadata, and is run at its
 * place in the document; one that somebody else has inserted gets the next number.
 */
export class DocumentCells implements CellStore {
  readonly #document: SharedDocument;

  constructor(document: SharedDocument) {
    this.#document = document;
  }

  get cells(): NumberedCell[] {
    const numbers = this.#numbers();
    return this.#document.cells.toArray().flatMap((shared) => {
      const cell = readSharedCell(shared);
      const number = cell && numbers.get(cell.id);
      if (!cell || number === undefined) return [];
      const { cell_type: type, source, metadata, outputs = [], execution_count = null } = cell;
      return { number, type, source, metadata, outputs, executionCount: execution_count };
    });
  }

  get json(): NotebookJson {
    return this.#document.notebook;
  }

  /** Returns the id of the cell of a number; undefined when there is none. */
  idOf(number: number): string | undefined {
    return this.#numbers().entries().find(([, it]) => it === number)?.[0];
  }

  /** Returns the number of the cell of an id; undefined when there is none. */
  numberOf(id: string): number | undefined {
    return this.#numbers().get(id);
  }

  add(cells: readonly NumberedCell[], metadata: JsonObject): void {
    const places = this.#numbers();
    const order = this.#document.cells.toArray().map((it) => places.get(idOf(it) ?? ""));
    this.#document.transact(() => {
      this.#document.setMetadata({ ...metadata, ...this.#document.metadata });
      for (const { number, type, source, metadata, outputs, executionCount } of cells) {
        const at = order.findLastIndex((it) => it !== undefined && it < number) + 1;
        const usual = `cell-${number}`;
        const shared = makeSharedCell({
          id: places.has(usual) ? crypto.randomUUID().slice(0, 8) : usual,
          cell_type: type,
          source,
          metadata: { ...metadata, [MEMBER]: { number } },
          ...(type === "code" && { outputs, execution_count: executionCount }),
          extra: {},
        });
        this.#document.cells.insert(at, [shared]);
        order.splice(at, 0, number);
        places.set(usual, number);
      }
    }, ORIGIN);
  }

  edit(number: number, source: string): void {
    this.#change(number, (cell) => {
      setSource(cell, source);
      setOutputs(cell, []);
      cell.set("execution_count", null);
    });
  }

  delete(number: number): void {
    const index = this.#document.indexOf(this.idOf(number)!);
    this.#document.transact(() => this.#document.cells.delete(index), ORIGIN);
  }

  setResults(number: number, { outputs, executionCount }: CellResults): void {
    this.#change(number, (cell) => {
      setOutputs(cell, outputs);
      cell.set("execution_count", executionCount);
    });
  }

  #change(number: number, change: (cell: SharedCell) => void): void {
    const cell = this.#document.find(this.idOf(number)!)!;
    this.#document.transact(() => change(cell), ORIGIN);
  }

  /** Returns the number of each cell by the cell's id, and gives a number to each cell that has none of its own. */
  #numbers(): Map<string, number> {
    const numbers = new Map<string, number>();
    const used = new Set<number>();
    const without: [id: string, cell: SharedCell][] = [];
    for (const shared of this.#document.cells) {
      const id = idOf(shared);
      if (id === undefined || numbers.has(id)) continue;
      const number = statedNumber(shared as SharedCell);
      if (number === undefined || used.has(number)) without.push([id, shared as SharedCell]);
      else used.add(number);
      numbers.set(id, number ?? NaN);
    }
    if (without.length === 0) return numbers;
    const most = used.values().reduce((most, it) => Math.max(most, it), 0);
    let next = most + without.length > MAX_CELL_NUMBER ? 0 : most;
    this.#document.transact(() => {
      for (const [id, cell] of without) {
        do next++; while (used.has(next));
        numbers.set(id, next);
        setMetadata(cell, { ...metadataOf(cell), [MEMBER]: { number: next } });
      }
    }, ORIGIN);
    return numbers;
  }
}

function metadataOf(cell: SharedCell): JsonObject {
  const metadata = plain(cell.get("metadata"));
  return isObject(metadata) ? metadata : {};
}

function statedNumber(cell: SharedCell): number | undefined {
  const stated = metadataOf(cell)[MEMBER];
  const number = isObject(stated) ? stated["number"] : undefined;
  const isPossible = typeof number === "number" && Number.isInteger(number) &&
    Math.abs(number) <= MAX_CELL_NUMBER;
  return isPossible ? number : undefined;
}
