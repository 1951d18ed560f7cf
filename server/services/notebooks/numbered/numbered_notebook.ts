import { ServiceError } from "../../../errors/service_error.ts";
import type { CellNames } from "../dependencies/cell_names.ts";
import {
  type AnalysedCell,
  type NotebookDependencies,
  notebookDependencies,
} from "../dependencies/dependencies.ts";
import { type LastRun, staleCells } from "../dependencies/stale.ts";
import {
  type CellType,
  type JsonObject,
  type NotebookJson,
  readNotebookJson,
} from "../format/notebook_format.ts";

/** The most cells of a notebook. */
const MAX_CELLS = 10_000;
/** The most that the sources of a notebook's cells have, in characters. */
const MAX_SOURCE = 4 * 2 ** 20;
/** The most JSON of a notebook's outputs, in characters; the outputs of the cells that ran first go first. */
const MAX_OUTPUT = 16 * 2 ** 20;

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

/** A plan to run cells, and the dependencies that it is made of. */
export interface RunPlan {
  numbers: number[];
  dependencies: NotebookDependencies;
}

/** A notebook without a file, whose cells have numbers that clients choose and are in their order. */
export class NumberedNotebook {
  readonly id: number;
  readonly #cells = new Map<number, NumberedCell>();
  readonly #names = new Map<string, CellNames>();
  /** The last run of each cell in the present interpreter, by the cell's number as a text. */
  readonly #runs = new Map<string, LastRun>();
  /** The size of each cell's outputs, the cells that ran first coming first. */
  readonly #outputSizes = new Map<number, number>();
  #runCount = 0;
  #metadata: JsonObject = {};

  constructor(id: number) {
    this.id = id;
  }

  /** The cells in the order of their numbers. */
  get cells(): NumberedCell[] {
    return [...this.#cells.values()].sort((a, b) => a.number - b.number);
  }

  /** Returns the cell of that number; undefined when there is none. */
  find(number: number): NumberedCell | undefined {
    return this.#cells.get(number);
  }

  /**
   * Adds a code cell.
   *
   * @throws {ServiceError} `already_exists`, or `no_space`.
   */
  add(number: number, source: string): void {
    if (this.#cells.has(number)) {
      throw new ServiceError("already_exists", `Cannot add cell ${number}: there is one already`);
    }
    this.#put([{ ...EMPTY, number, source, metadata: {}, outputs: [] }]);
  }

  /**
   * Gives a cell another source, and removes its outputs.
   *
   * @throws {ServiceError} `not_found`, or `no_space`.
   */
  edit(number: number, source: string): void {
    const cell = this.#get(number);
    this.#put([{ ...cell, source, outputs: [], executionCount: null }]);
    this.#outputSizes.delete(number);
  }

  /**
   * Removes a cell.
   *
   * @throws {ServiceError} `not_found`.
   */
  delete(number: number): void {
    this.#get(number);
    this.#cells.delete(number);
    this.#runs.delete(String(number));
    this.#outputSizes.delete(number);
  }

  /** Takes in that a cell was run as it was then; one that is gone meanwhile has no outputs. */
  ran(
    { number, source }: Pick<NumberedCell, "number" | "source">,
    { outputs, executionCount }: Pick<NumberedCell, "outputs" | "executionCount">,
  ): void {
    const cell = this.#cells.get(number);
    if (!cell) return;
    this.#runs.set(String(number), { source, order: ++this.#runCount });
    // The outputs would not be those of the code above them.
    if (cell.source !== source) return;
    cell.outputs = outputs;
    cell.executionCount = executionCount;
    this.#outputSizes.delete(number);
    this.#outputSizes.set(number, JSON.stringify(outputs).length);
    this.#dropOutputs();
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

  /** The notebook in the notebook format; its cells say their numbers in their metadata. */
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

  /**
   * Adds the cells of a notebook after the others, and returns their numbers.
   *
   * @throws {ServiceError} `invalid_argument`, or `no_space`.
   */
  import(json: unknown): number[] {
    const { cells, metadata } = readNotebook(json);
    let number = Math.max(0, ...this.#cells.keys());
    const added = cells.map(({ cell_type: type, source, metadata, outputs, execution_count }) => ({
      number: ++number,
      ...{ type, source, metadata },
      outputs: outputs ?? [],
      executionCount: execution_count ?? null,
    }));
    this.#put(added);
    this.#metadata = { ...metadata, ...this.#metadata };
    for (const { number, outputs } of added) {
      this.#outputSizes.set(number, JSON.stringify(outputs).length);
    }
    this.#dropOutputs();
    return added.map((it) => it.number);
  }

  #get(number: number): NumberedCell {
    const cell = this.#cells.get(number);
    if (!cell) throw new ServiceError("not_found", `There is no cell ${number}`);
    return cell;
  }

  #code(): AnalysedCell[] {
    return this.cells.filter(({ type }) => type === "code").map(({ number, source }) => ({
      id: String(number),
      source,
    }));
  }

  /** Adds or replaces cells, all or none. */
  #put(cells: readonly NumberedCell[]): void {
    const after = new Map(this.#cells);
    for (const cell of cells) after.set(cell.number, cell);
    const size = [...after.values()].reduce((sum, { source }) => sum + source.length, 0);
    if (after.size > MAX_CELLS || size > MAX_SOURCE) {
      throw new ServiceError(
        "no_space",
        `A notebook has at most ${MAX_CELLS} cells and ${MAX_SOURCE} characters of code`,
      );
    }
    for (const cell of cells) this.#cells.set(cell.number, cell);
  }

  #dropOutputs(): void {
    let size = this.#outputSizes.values().reduce((sum, it) => sum + it, 0);
    for (const [number, length] of this.#outputSizes) {
      if (size <= MAX_OUTPUT) return;
      size -= length;
      this.#outputSizes.delete(number);
      this.#cells.get(number)!.outputs = [LEFT_OUT];
    }
  }
}

const EMPTY = { type: "code", executionCount: null } as const;

const LEFT_OUT = {
  output_type: "stream",
  name: "stderr",
  text: "[The outputs are left out here: the notebook has more than the server keeps.]\n",
};

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
