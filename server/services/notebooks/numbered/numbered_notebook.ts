import { ServiceError } from "../../../errors/service_error.ts";
import type { CellNames } from "../dependencies/cell_names.ts";
import {
  type AnalysedCell,
  type NotebookDependencies,
  notebookDependencies,
} from "../dependencies/dependencies.ts";
import { type LastRun, staleCells } from "../dependencies/stale.ts";
import { cellLanguage, statedCellLanguage } from "../format/cell_language.ts";
import { type NotebookJson, readNotebookJson } from "../format/notebook_format.ts";
import {
  type CellResults,
  type CellStore,
  MAX_CELL_NUMBER,
  type NumberedCell,
} from "./cell_store.ts";
import { MemoryCells } from "./memory_cells.ts";

/** The most cells of a notebook. */
const MAX_CELLS = 10_000;
/** The most that the sources of a notebook's cells have, in characters. */
const MAX_SOURCE = 4 * 2 ** 20;
/** A plan to run cells, and the dependencies that it is made of. */
export interface RunPlan {
  numbers: number[];
  dependencies: NotebookDependencies;
}

/** A notebook whose cells have numbers that clients choose. */
export class NumberedNotebook {
  readonly id: number;
  readonly #store: CellStore;
  readonly #names = new Map<string, CellNames>();
  /** The last run of each cell in the present interpreter, by the cell's number as a text. */
  readonly #runs = new Map<string, LastRun>();
  #runCount = 0;

  constructor(id: number, store: CellStore = new MemoryCells()) {
    this.id = id;
    this.#store = store;
  }

  /** The cells in the order in which all of them are run. */
  get cells(): NumberedCell[] {
    return this.#store.cells;
  }

  /** Returns the cell of that number; undefined when there is none. */
  find(number: number): NumberedCell | undefined {
    return this.cells.find((it) => it.number === number);
  }

  /**
   * Adds a code cell.
   *
   * @throws {ServiceError} `already_exists`, or `no_space`.
   */
  add(number: number, source: string): void {
    if (this.find(number)) {
      throw new ServiceError("already_exists", `Cannot add cell ${number}: there is one already`);
    }
    const cell = { ...EMPTY, number, source, metadata: {}, outputs: [] };
    this.#assertRoom([cell]);
    this.#store.add([cell], {});
  }

  /**
   * Gives a cell another source, and removes its outputs.
   *
   * @throws {ServiceError} `not_found`, or `no_space`.
   */
  edit(number: number, source: string): void {
    this.#assertRoom([{ ...this.#get(number), source }]);
    this.#store.edit(number, source);
  }

  /**
   * Removes a cell.
   *
   * @throws {ServiceError} `not_found`.
   */
  delete(number: number): void {
    this.#get(number);
    this.#store.delete(number);
    this.#runs.delete(String(number));
  }

  /** Takes in that a cell was run as it was then; one that is gone meanwhile has no results. */
  ran({ number, source }: Pick<NumberedCell, "number" | "source">, results: CellResults): void {
    this.noteRun(number, source);
    // The outputs would not be those of the code above them.
    if (this.find(number)?.source === source) this.#store.setResults(number, results);
  }

  /** Takes in that a cell was run as it was then, whose results are there already. */
  noteRun(number: number, source: string): void {
    const cell = this.find(number);
    if (!cell) return;
    const ran = analysedSource({ ...cell, source });
    this.#runs.set(String(number), { source: ran, order: ++this.#runCount });
  }

  /** Takes in that the interpreter is a fresh one: nothing has been run in it. */
  forgetRuns(): void {
    this.#runs.clear();
  }

  /** Returns which code cell gets its names from which; the ids are the numbers as texts. */
  dependencies(): NotebookDependencies {
    return notebookDependencies(this.#code(), this.#names);
  }

  /** Returns the numbers of the cells whose results are out of date, each after those that it needs. */
  stale(dependencies = this.dependencies()): number[] {
    return staleCells(this.#code(), dependencies, this.#runs).map(Number);
  }

  /**
   * Plans a run of a cell together with the cells that it needs and that are out of date or never ran, and
   * with the cells that ran before and need what the run changes.
   */
  plan(number: number): RunPlan {
    const dependencies = this.dependencies();
    const stale = new Set(this.stale(dependencies).map(String));
    const start = String(number);
    const needsOf = (id: string) => [...dependencies.cells.get(id)?.needs.keys() ?? []];
    const needed = reachable([start], needsOf);
    const chosen = [...needed].filter((id) => id === start || stale.has(id) || !this.#runs.has(id));
    const users = new Map<string, string[]>();
    for (const id of dependencies.cells.keys()) {
      for (const other of needsOf(id)) users.set(other, [...users.get(other) ?? [], id]);
    }
    const changed = reachable(
      chosen,
      (id) => (users.get(id) ?? []).filter((it) => this.#runs.has(it) || needed.has(it)),
    );
    const numbers = dependencies.order.filter((id) => changed.has(id)).map(Number);
    return { numbers: numbers.length > 0 ? numbers : [number], dependencies };
  }

  /** The notebook in the notebook format. */
  get json(): NotebookJson {
    return this.#store.json;
  }

  /**
   * Adds the cells of a notebook after the others, and returns their numbers.
   *
   * @throws {ServiceError} `invalid_argument`, or `no_space`.
   */
  import(json: unknown): number[] {
    const { cells, metadata } = readNotebook(json);
    let number = this.cells.reduce((most, it) => Math.max(most, it.number), 0);
    if (number + cells.length > MAX_CELL_NUMBER) {
      throw new ServiceError("no_space", `The numbers of cells end with ${MAX_CELL_NUMBER}`);
    }
    const added = cells.map(({ cell_type: type, source, metadata, outputs, execution_count }) => ({
      number: ++number,
      ...{ type, source, metadata },
      outputs: outputs ?? [],
      executionCount: execution_count ?? null,
    }));
    this.#assertRoom(added);
    this.#store.add(added, metadata);
    return added.map((it) => it.number);
  }

  #get(number: number): NumberedCell {
    const cell = this.find(number);
    if (!cell) throw new ServiceError("not_found", `There is no cell ${number}`);
    return cell;
  }

  #code(): AnalysedCell[] {
    return this.cells.filter(({ type }) => type === "code").map((cell) => ({
      id: String(cell.number),
      source: analysedSource(cell),
    }));
  }

  /** Refuses cells for which there is no room beside the others. */
  #assertRoom(cells: readonly NumberedCell[]): void {
    const after = new Map(this.cells.map((it) => [it.number, it]));
    for (const cell of cells) after.set(cell.number, cell);
    const size = after.values().reduce((sum, { source }) => sum + source.length, 0);
    if (after.size <= MAX_CELLS && size <= MAX_SOURCE) return;
    throw new ServiceError(
      "no_space",
      `A notebook has at most ${MAX_CELLS} cells and ${MAX_SOURCE} characters of code`,
    );
  }
}

const EMPTY = { type: "code", executionCount: null } as const;

/** Returns the source of a cell as far as its names are known: only those of Python are. */
function analysedSource({ metadata, source }: NumberedCell): string {
  return cellLanguage(statedCellLanguage(metadata), "python") === "python" ? source : "";
}

/** Returns everything that can be reached from some starts, with the starts. */
function reachable(starts: readonly string[], next: (id: string) => string[]): Set<string> {
  const found = new Set(starts);
  // A set yields what is added meanwhile.
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

function readNotebook(json: unknown): NotebookJson {
  try {
    return readNotebookJson(json);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ServiceError("invalid_argument", `Cannot read the notebook: ${error.message}`);
  }
}
