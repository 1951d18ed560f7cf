import { computed, effect, type ReadonlySignal } from "@preact/signals";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import type { Staleness } from "./staleness.ts";

/** The part of a session that runs the cells of a notebook, and knows which are stale. */
export interface CellSession {
  readonly notebook: Notebook;
  readonly staleness: Staleness;
  readonly isBusy: ReadonlySignal<boolean>;
  /** Runs a cell after those that wait; resolves with true if it succeeded. */
  run(cell: Cell): Promise<boolean>;
}

/** The member of a notebook's metadata that says that cells run by themselves. */
const MEMBER = "reactive_execution";

/**
 * `Reactive` runs cells by itself once something that they need has changed, each after those that it needs.
 * It waits until the reader has left the cell that changes, and stops at a failure until the reader does
 * something about it.
 */
export class Reactive implements Disposable {
  /** True if the notebook asks for it. */
  readonly isOn: ReadonlySignal<boolean>;
  readonly #session: CellSession;
  readonly #stop: () => void;
  /** The state of the notebook when the last run of stale cells failed or was stopped. */
  #failedAt: string | undefined;

  constructor(session: CellSession) {
    this.#session = session;
    const { notebook, staleness, isBusy } = session;
    this.isOn = computed(() => notebook.metadata.value[MEMBER] === true);
    this.#stop = effect(() => {
      // While nobody is at this page, another one that has the notebook open may do the same.
      if (!this.isOn.value || isBusy.value || staleness.isBehind.value) return;
      if (staleness.stale.value.length === 0) return;
      const isEditing = notebook.mode.value === "edit" &&
        staleness.stale.value.includes(notebook.selectedId.value);
      if (isEditing || !document.hasFocus()) return;
      queueMicrotask(() => void this.#run());
    });
  }

  /** Turns it on or off for the notebook. */
  toggle(): void {
    const { notebook } = this.#session;
    const { [MEMBER]: isOn, ...others } = notebook.metadata.peek();
    notebook.metadata.value = isOn === true ? others : { ...others, [MEMBER]: true };
    notebook.onEdit();
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  async #run(): Promise<void> {
    const { staleness, notebook, isBusy } = this.#session;
    if (isBusy.peek() || staleness.isBehind.peek() || this.#present() === this.#failedAt) return;
    // Cells that need each other would run for ever.
    const inCycle = new Set(staleness.cycles.peek().flat());
    const cells = staleness.stale.peek().filter((id) => !inCycle.has(id))
      .flatMap((id) => notebook.find(id) ?? []);
    const outcomes = await Promise.all(cells.map((cell) => this.#session.run(cell)));
    this.#failedAt = outcomes.every(Boolean) ? undefined : this.#present();
  }

  /** Returns what decides about stale cells: the texts, and the order of the runs. */
  #present(): string {
    const { cells } = this.#session.notebook;
    return JSON.stringify(
      cells.peek().map(({ source, lastRun }) => [source.peek(), lastRun.peek()?.order]),
    );
  }
}
