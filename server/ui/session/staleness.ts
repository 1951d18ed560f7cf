import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { CellNames } from "../../services/notebooks/dependencies/cell_names.ts";
import {
  type NotebookDependencies,
  notebookDependencies,
  type Redefinition,
} from "../../services/notebooks/dependencies/dependencies.ts";
import { type LastRun, staleCells } from "../../services/notebooks/dependencies/stale.ts";
import type { Cell } from "../notebook/cell.ts";

/** The time between a change and the look at the dependencies, in milliseconds. */
const LOOK_AFTER_MS = 250;

/**
 * `Staleness` knows which cells of a notebook are out of date, and how their names hang together. Only Python
 * is understood: cells of another language are never out of date.
 */
export class Staleness implements Disposable {
  /** The ids of the cells that are out of date, in the order in which to run them. */
  readonly stale: Signal<readonly string[]> = signal([]);
  /** The names that several cells define. */
  readonly redefinitions: Signal<readonly Redefinition[]> = signal([]);
  /** The ids of cells that need each other. */
  readonly cycles: Signal<readonly string[][]> = signal([]);
  /** True while something has changed that the rest does not know of. */
  readonly isBehind: Signal<boolean> = signal(false);
  readonly #known = new Map<string, CellNames>();
  readonly #stop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cells: Signal<readonly Cell[]>, language: ReadonlySignal<string>) {
    this.#stop = effect(() => {
      void language.value;
      for (const { source, type, language, lastRun } of cells.value) {
        void [source.value, type.value, language.value, lastRun.value];
      }
      this.isBehind.value = true;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#look(language.peek() === "python" ? cells.peek() : []);
        this.isBehind.value = false;
      }, LOOK_AFTER_MS);
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #look(cells: readonly Cell[]): void {
    const code = cells
      .filter(({ type, language }) => type.peek() === "code" && language.peek() === null)
      .map(({ id, source }) => ({ id, source: source.peek() }));
    const runs = new Map(cells.flatMap(({ id, lastRun }): [string, LastRun][] => {
      const run = lastRun.peek();
      return run ? [[id, run]] : [];
    }));
    const dependencies: NotebookDependencies = notebookDependencies(code, this.#known);
    set(this.stale, staleCells(code, dependencies, runs));
    set(this.redefinitions, dependencies.redefinitions);
    set(this.cycles, dependencies.cycles);
  }
}

/** Sets a list only when it is another one, so that nothing is drawn again in vain. */
function set<T>(list: Signal<T>, value: T): void {
  if (JSON.stringify(list.peek()) !== JSON.stringify(value)) list.value = value;
}
