import type { MimeBundle } from "../../../kernel/mod.ts";
import type { FollowedEvent, FollowedLine } from "../../services/executions/event_log.ts";

/** The fields of a result, by MIME type. */
const FORMATS: Readonly<Record<string, string>> = {
  "text/plain": "text",
  "text/html": "html",
  "text/markdown": "markdown",
  "image/svg+xml": "svg",
  "image/png": "png",
  "image/jpeg": "jpeg",
  "application/pdf": "pdf",
  "text/latex": "latex",
  "application/json": "json",
  "application/javascript": "javascript",
  "e2b/data": "data",
  "e2b/chart": "chart",
};

/** Turns the events of an execution into the lines that E2B's clients read, whose last one says that it ended. */
export async function* executionLines(
  lines: AsyncIterable<FollowedLine>,
): AsyncGenerator<FollowedLine> {
  let failed = false;
  for await (const { json } of lines) {
    const event = JSON.parse(json) as FollowedEvent;
    for (const line of linesOf(event, failed)) {
      failed ||= line["type"] === "error";
      yield { json: JSON.stringify(line) };
    }
  }
  yield { json: JSON.stringify({ type: "end_of_execution" }) };
}

function linesOf(event: FollowedEvent, failed: boolean): Record<string, unknown>[] {
  switch (event.type) {
    case "keepalive":
      return [{ type: "keepalive" }];
    case "execute_input":
      return [{ type: "number_of_executions", execution_count: event.executionCount }];
    case "stream":
      return [{ type: event.name, text: event.text, timestamp: Date.now() * 1e6 }];
    case "display_data":
      return [result(event.data, false)];
    case "execute_result":
      return [result(event.data, true)];
    case "execute_error": {
      const { ename, evalue, traceback } = event;
      return [{ type: "error", name: ename, value: evalue, traceback: traceback.join("\n") }];
    }
    case "gap":
      return [{
        type: "stderr",
        text: "[Output is missing here: it came faster than it was read]\n",
        timestamp: Date.now() * 1e6,
      }];
    case "done": {
      const { status, error } = event.execution;
      if (status === "ok" || failed) return [];
      return [{
        type: "error",
        name: error?.ename ?? "UnexpectedEndOfExecution",
        value: error?.evalue ?? `The execution ended without a result (${status})`,
        traceback: error?.traceback.join("\n") ?? "",
      }];
    }
    default:
      return [];
  }
}

/** Makes a result of a MIME bundle; types without a field of their own are in `extra`. */
export function result(data: MimeBundle, isMain: boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const [mime, value] of Object.entries(data)) {
    const field = FORMATS[mime];
    if (field === undefined) extra[mime] = value;
    else fields[field] = field === "text" ? unquoted(String(value)) : value;
  }
  const more = Object.keys(extra).length > 0 ? { extra } : {};
  return { type: "result", is_main_result: isMain, ...fields, ...more };
}

/** Takes the quotes from the text of a string, as E2B does. */
function unquoted(text: string): string {
  const quote = text.at(0);
  const isString = text.length > 1 && (quote === "'" || quote === '"') && text.endsWith(quote);
  return isString ? text.slice(1, -1) : text;
}
