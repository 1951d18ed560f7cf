/** An event, as far as it may belong to a widget. */
export interface CapturableEvent {
  type: string;
  executionId?: string | undefined;
  commId?: string;
  data?: Record<string, unknown>;
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
 * A `WidgetCaptures` follows one stream of events, and tells which of them belong to a widget instead of to a
 * cell. A widget captures what an execution shows from the time at which its state names the execution, as
 * inside of `with output_widget`.
 */
export class WidgetCaptures {
  /** The ids of the executions that widgets capture, by widget; the last one that began comes last. */
  readonly #executions = new Map<string, string>();

  /** Takes in the next event; returns the id of the widget that has captured it. */
  take(event: CapturableEvent): string | undefined {
    if (event.type === "comm_msg") this.#onMessage(event);
    if (!CAPTURED.has(event.type)) return undefined;
    return event.executionId === undefined ? undefined : this.widgetFor(event.executionId);
  }

  /** Returns the id of the widget that captures what an execution shows. */
  widgetFor(executionId: string): string | undefined {
    return [...this.#executions].findLast(([, it]) => it === executionId)?.[0];
  }

  #onMessage({ commId, data }: CapturableEvent): void {
    const { method, state } = data ?? {};
    if (commId === undefined || method !== "update") return;
    if (typeof state !== "object" || state === null) return;
    if (!("msg_id" in state) || typeof state.msg_id !== "string") return;
    this.#executions.delete(commId);
    if (state.msg_id !== "") this.#executions.set(commId, state.msg_id);
  }
}
