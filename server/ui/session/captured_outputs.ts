import { WidgetCaptures } from "../../services/notebooks/widget_captures.ts";
import type { ExecutionEvent, ShowingEvent } from "../api/event_schema.ts";
import type { CellOutput } from "../notebook/output_schema.ts";
import { OutputList } from "../notebook/outputs.ts";

/** The outputs that widgets have captured: those of cells that print inside of `with output_widget`. */
export class CapturedOutputs {
  readonly #lists = new Map<string, OutputList>();
  readonly #observers = new Set<(id: string) => void>();

  /** Returns the outputs that a widget has. */
  of(id: string): CellOutput[] {
    return this.#lists.get(id)?.outputs ?? [];
  }

  /** Takes the outputs that a widget has in the kernel. */
  set(id: string, outputs: readonly CellOutput[]): void {
    this.#lists.set(id, new OutputList(outputs));
  }

  /** Adds an event that shows something to the outputs of a widget. */
  add(id: string, event: ExecutionEvent | ShowingEvent): void {
    const list = this.#lists.get(id) ?? new OutputList();
    this.#lists.set(id, list);
    if (!list.add(event)) return;
    for (const observer of this.#observers) observer(id);
  }

  /** Calls `observer` with the id of each widget whose captured outputs change. */
  observe(observer: (id: string) => void): void {
    this.#observers.add(observer);
  }

  /** Forgets the outputs of a kernel that has ended. */
  clear(): void {
    this.#lists.clear();
  }
}

/** An `OutputCapture` puts what widgets capture of one stream of events into the outputs of these. */
export class OutputCapture {
  readonly #captured: CapturedOutputs;
  readonly #captures = new WidgetCaptures();

  constructor(captured: CapturedOutputs) {
    this.#captured = captured;
  }

  /** Takes in the next event; returns true if a widget has captured it. */
  take(executionId: string | undefined, event: ExecutionEvent | ShowingEvent): boolean {
    const id = this.#captures.take({ ...event, executionId });
    if (id !== undefined) this.#captured.add(id, event);
    return id !== undefined;
  }

  /** Returns true if a widget captures what an execution shows. */
  captures(executionId: string): boolean {
    return this.#captures.widgetFor(executionId) !== undefined;
  }
}
