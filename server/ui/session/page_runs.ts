import type { Cell } from "../notebook/cell.ts";
import { isRunning } from "./runs.ts";

/** A cell that waits for its turn. */
interface Waiting {
  cell: Cell;
  done: Promise<boolean>;
  resolve: (succeeded: boolean) => void;
}

/** Options for {@linkcode PageRuns}. */
export interface PageRunsInit {
  /** Runs a cell whose turn has come; resolves with true if it succeeded. */
  execute: (cell: Cell) => Promise<boolean>;
  /** Resolves when the run of a cell has ended that an earlier visit has begun. */
  ended: (cell: Cell) => Promise<void>;
}

/**
 * The runs of a notebook that this page runs by itself, one after the other in the order of their requests:
 * the kernel does not stop at a failed execution, so each cell is sent when the last has ended. When one
 * fails, those that wait do not run.
 */
export class PageRuns {
  readonly #init: PageRunsInit;
  readonly #waiting: Waiting[] = [];
  /** The cells that this page runs, from their request on. */
  readonly #own = new Set<Cell>();
  #current: Waiting | undefined;
  #isRunning = false;

  constructor(init: PageRunsInit) {
    this.#init = init;
  }

  /** True from the request for a cell until its end. */
  has(cell: Cell): boolean {
    return this.#own.has(cell);
  }

  /** Runs a cell after those that wait; one that runs already runs once more, and one that waits does not. */
  run(cell: Cell): Promise<boolean> {
    const done = this.#add(cell);
    if (!this.#isRunning) void this.#runWaiting(Promise.resolve(true));
    return done;
  }

  /** Runs the cells that waited in an earlier visit, unless one of `runs`, which that has begun, fails. */
  resume(runs: readonly Promise<boolean>[], queued: readonly Cell[]): void {
    for (const cell of queued) void this.#add(cell);
    if (runs.length === 0 && queued.length === 0) return;
    void this.#runWaiting(Promise.all(runs).then((succeeded) => succeeded.every(Boolean)));
  }

  #add(cell: Cell): Promise<boolean> {
    const known = this.#waiting.find((it) => it.cell === cell) ??
      (this.#current?.cell === cell && !isRunning(cell) ? this.#current : undefined);
    if (known) return known.done;
    if (isRunning(cell)) cell.runsAgain.value = true;
    else cell.state.value = "queued";
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#own.add(cell);
    this.#waiting.push({ cell, done: promise, resolve });
    return promise;
  }

  async #runWaiting(before: Promise<boolean>): Promise<void> {
    this.#isRunning = true;
    if (!await before) this.#drop();
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#current = next;
      const { cell, resolve } = next;
      await this.#init.ended(cell);
      const succeeded = cell.state.peek() === "queued" && await this.#init.execute(cell);
      this.#current = undefined;
      if (!this.#waiting.some((it) => it.cell === cell)) this.#own.delete(cell);
      resolve(succeeded);
      if (!succeeded) this.#drop();
    }
    this.#isRunning = false;
  }

  #drop(): void {
    for (const { cell, resolve } of this.#waiting.splice(0)) {
      this.#own.delete(cell);
      cell.runsAgain.value = false;
      if (!isRunning(cell)) cell.state.value = "idle";
      resolve(false);
    }
  }
}
