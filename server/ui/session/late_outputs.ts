import type { CommEvent, ShowingEvent } from "../api/event_schema.ts";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { OutputList } from "../notebook/outputs.ts";
import { type CapturedOutputs, OutputCapture } from "./captured_outputs.ts";

/** An execution that has ended, whose tasks may show more. */
interface EndedExecution {
  execution: string;
  /** True if this page has run it by itself, so that the server does not add to its cell. */
  isOwn: boolean;
  /** The outputs of its cell with those that wait for the next frame. */
  drawing?: OutputList;
}

/** Adds what tasks show after the end of their cells to these cells, or to the widgets that capture it. */
export class LateOutputs {
  readonly #notebook: Notebook;
  /** The last execution of each cell that has ended. */
  readonly #ended = new WeakMap<Cell, EndedExecution>();
  /**
   * The executions whose events have all come by way of the kernel too. That way is slower than the one by
   * which a run is followed: what comes of others has been shown already.
   */
  readonly #over = new Set<string>();
  /** Tells which of the outputs belong to widgets. */
  readonly #capture: OutputCapture;

  constructor(notebook: Notebook, captured: CapturedOutputs) {
    this.#notebook = notebook;
    this.#capture = new OutputCapture(captured);
  }

  /** Takes in that another run of a cell has begun. */
  begin(cell: Cell): void {
    this.#ended.delete(cell);
  }

  /** Takes in that an execution has been followed to its end; `isOwn`: this page has run it by itself. */
  end(cell: Cell, execution: string, isOwn: boolean): void {
    this.#ended.set(cell, { execution, isOwn });
  }

  /** Takes in that all events of an execution have come by way of the kernel. */
  endEvents(execution: string): void {
    this.#over.add(execution);
  }

  /** Takes in that the kernel's events begin to come: what they have of runs that were followed is late. */
  open(): void {
    for (const cell of this.#notebook.cells.peek()) {
      const ended = this.#ended.get(cell);
      if (ended) this.#over.add(ended.execution);
    }
  }

  takeComm(event: CommEvent): void {
    this.#capture.take(undefined, event);
  }

  /** Takes an output of the kernel. The server adds it to the cells that it has run. */
  take(execution: string, event: ShowingEvent): void {
    if (this.#capture.captures(execution)) {
      const isFollowed = this.#notebook.cells.peek().some((it) =>
        it.executionId.peek() === execution
      );
      if (isFollowed || this.#capture.take(execution, event)) return;
    }
    if (!this.#over.has(execution)) return;
    for (const cell of this.#notebook.cells.peek()) {
      const ended = this.#ended.get(cell);
      if (ended?.execution === execution && ended.isOwn) this.#add(cell, ended, event);
    }
  }

  #add(cell: Cell, ended: EndedExecution, event: ShowingEvent): void {
    if (ended.drawing) return void ended.drawing.add(event);
    // The reader may have cleared the outputs, and another cell may have updated a display.
    const list = ended.drawing = new OutputList(cell.outputs.peek());
    list.add(event);
    requestAnimationFrame(() => {
      delete ended.drawing;
      if (this.#ended.get(cell) !== ended) return;
      cell.outputs.value = list.outputs;
      // The server may keep the notebook by now.
      this.#notebook.onEdit();
    });
  }
}
