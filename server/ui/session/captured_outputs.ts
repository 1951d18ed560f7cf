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

/** The events that a widget captures. */
const CAPTURED: ReadonlySet<string> = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "clear_output",
  "execute_error",
]);

/**
 * An `OutputCapture` follows one stream of events, and tells which of them belong to a widget instead of to
 * a cell. A widget captures what an execution shows from the time at which its state names the execution.
 */
export class OutputCapture {
  readonly #captured: CapturedOutputs;
  /** The ids of the executions that widgets capture, by widget; the last one that began comes last. */
  readonly #executions = new Map<string, string>();

  constructor(captured: CapturedOutputs) {
    this.#captured = captured;
  }

  /** Takes in the next event; returns true if a widget has captured it. */
  take(executionId: string | undefined, event: ExecutionEvent | ShowingEvent): boolean {
    if (event.type === "comm_msg") this.#onMessage(event.commId, event.data);
    const id = CAPTURED.has(event.type) ? this.#widgetFor(executionId) : undefined;
    if (id !== undefined) this.#captured.add(id, event);
    return id !== undefined;
  }

  /** Returns true if a widget captures what an execution shows. */
  captures(executionId: string): boolean {
    return this.#widgetFor(executionId) !== undefined;
  }

  #widgetFor(executionId: string | undefined): string | undefined {
    return [...this.#executions].findLast(([, it]) => it === executionId)?.[0];
  }

  #onMessage(id: string, { method, state }: Record<string, unknown>): void {
    if (method !== "update" || typeof state !== "object" || state === null) return;
    if (!("msg_id" in state) || typeof state.msg_id !== "string") return;
    this.#executions.delete(id);
    if (state.msg_id !== "") this.#executions.set(id, state.msg_id);
  }
}
