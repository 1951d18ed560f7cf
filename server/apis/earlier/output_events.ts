import type { KernelEvent } from "../../../kernel/mod.ts";

/** An output of an execution, as clients of earlier servers read it. */
export interface OutputEvent {
  type: string;
  /** The content of Jupyter's message of that type. */
  data: Record<string, unknown>;
}

/** Turns an event into an output; undefined when the event shows nothing. */
export function outputEvent(event: KernelEvent): OutputEvent | undefined {
  switch (event.type) {
    case "stream":
      return { type: event.type, data: { name: event.name, text: event.text } };
    case "display_data":
    case "update_display_data": {
      const { type, data, metadata, transient } = event;
      return { type, data: { data, metadata, transient } };
    }
    case "execute_result": {
      const { type, data, metadata, executionCount } = event;
      return { type, data: { data, metadata, execution_count: executionCount } };
    }
    case "execute_error": {
      const { type, ename, evalue, traceback } = event;
      return { type, data: { ename, evalue, traceback } };
    }
    case "clear_output":
      return { type: event.type, data: { wait: event.wait } };
    case "input_request": {
      const { type, requestId, prompt, password } = event;
      return { type, data: { request_id: requestId, prompt, password } };
    }
    default:
      return undefined;
  }
}

/** Returns the outputs among events, which are JSON. */
export function outputEvents(lines: readonly string[]): OutputEvent[] {
  return lines.flatMap((line) => outputEvent(JSON.parse(line)) ?? []);
}
