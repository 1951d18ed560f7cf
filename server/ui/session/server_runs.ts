import type { Cell } from "../notebook/cell.ts";
import { isRunning, type LiveRuns, settle } from "./runs.ts";

type Resolve = (succeeded: boolean) => void;

/** The requests for runs of a notebook whose cells the server runs. */
export class ServerRuns {
  readonly #onFailure: (error: unknown) => void;
  /** The cells that go into the server's queue together. */
  #batch: Cell[] | undefined;
  /** The cells that are on their way into the server's queue. */
  readonly #sent = new Set<Cell>();
  /** The requests that wait for the end of a cell's run, and those that wait for its next one. */
  readonly #awaited = new Map<Cell, Resolve[]>();
  readonly #awaitedAgain = new Map<Cell, Resolve[]>();

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /**
   * Puts a cell into the server's queue, together with those of the same moment; one that runs already runs
   * once more, and one that waits does not. `around` is called with the request to the server.
   */
  run(
    cell: Cell,
    live: LiveRuns,
    around: (request: () => Promise<void>) => Promise<void>,
  ): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const isAgain = isRunning(cell);
    add(isAgain ? this.#awaitedAgain : this.#awaited, cell, resolve);
    const isAskedFor = isAgain ? cell.runsAgain.peek() : cell.state.peek() === "queued";
    if (isAskedFor) return promise;
    if (isAgain) cell.runsAgain.value = true;
    else cell.state.value = "queued";
    if (!this.#batch) queueMicrotask(() => void this.#send(live, around));
    (this.#batch ??= []).push(cell);
    return promise;
  }

  /** Takes in that a cell waits in the server's queue, or that it does not. */
  setWaiting(cell: Cell, isWaiting: boolean): void {
    if (isWaiting) cell.state.value = "queued";
    else if (!this.#batch?.includes(cell) && !this.#sent.has(cell)) {
      cell.state.value = "idle";
      this.end(cell, true);
    }
  }

  /** Answers the requests for a run that has ended; the next run answers the later ones. */
  end(cell: Cell, succeeded: boolean): void {
    for (const resolve of this.#awaited.get(cell) ?? []) resolve(succeeded);
    this.#awaited.delete(cell);
    const again = this.#awaitedAgain.get(cell);
    this.#awaitedAgain.delete(cell);
    if (!again) return;
    if (cell.state.peek() === "queued") this.#awaited.set(cell, again);
    else for (const resolve of again) resolve(false);
  }

  async #send(
    live: LiveRuns,
    around: (request: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const cells = this.#batch!;
    this.#batch = undefined;
    for (const cell of cells) this.#sent.add(cell);
    try {
      await around(() => live.run(cells));
    } catch (error) {
      for (const cell of cells) {
        cell.runsAgain.value = false;
        if (isRunning(cell)) continue;
        settle(cell);
        this.end(cell, false);
      }
      this.#onFailure(error);
    } finally {
      for (const cell of cells) this.#sent.delete(cell);
      live.refresh(cells);
    }
  }
}

function add(map: Map<Cell, Resolve[]>, cell: Cell, resolve: Resolve): void {
  map.set(cell, [...map.get(cell) ?? [], resolve]);
}
