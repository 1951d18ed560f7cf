import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import { AsyncLocalStorage } from "node:async_hooks";
import { escapeControls } from "./escape.ts";

/** Options for {@linkcode configureLogging}. */
export interface LoggingOptions {
  /** Records below this level are left out. */
  level: "debug" | "info" | "warning" | "error";
  /** The form of a line: JSON for programs, or text for people. @default text on a terminal, otherwise JSON */
  format?: "json" | "text" | undefined;
  /** Called with each line. @default writes to standard error */
  write?: (line: string) => void;
}

/**
 * Sets up the loggers of this process. A record that is written inside `withContext` carries the
 * context's properties, such as `requestId`.
 */
export async function configureLogging(
  { level, format, write = writeToStderr }: LoggingOptions,
): Promise<void> {
  const chosen = format ?? (Deno.stderr.isTerminal() ? "text" : "json");
  const line: TextFormatter = chosen === "json" ? jsonFormatter() : textFormatter();
  await configure({
    sinks: { lines: (record) => write(line(record)) },
    loggers: [
      { category: "server", lowestLevel: level, sinks: ["lines"] },
      // The logging library's own records: only its failures.
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
    contextLocalStorage: new AsyncLocalStorage(),
    reset: true,
  });
}

/** Makes the formatter of JSON. JSON leaves some characters as they are that a terminal obeys. */
function jsonFormatter(): TextFormatter {
  const format = getJsonLinesFormatter({ properties: "flatten" });
  return (record: LogRecord) => `${escapeControls(format(record).trimEnd())}\n`;
}

/** Makes the formatter of lines for people. Messages are constant: the properties follow them. */
function textFormatter(): TextFormatter {
  const format = getAnsiColorFormatter({ timestamp: "time", category: "." });
  return (record: LogRecord) => {
    const rest = Object.entries(record.properties).filter(([name]) => name !== "error").map(
      ([name, value]) => escapeControls(`${name}=${value}`),
    );
    const stack = record.properties["error"] instanceof Error
      ? indented(Deno.inspect(record.properties["error"]))
      : "";
    return `${format(record).trimEnd()} ${rest.join(" ")}${stack}\n`;
  };
}

/** Returns the lines of a text below a record's line; no line of them looks like a record. */
function indented(text: string): string {
  return text.split("\n").map((line) => `\n    ${escapeControls(line)}`).join("");
}

const encoder = new TextEncoder();

function writeToStderr(line: string): void {
  Deno.stderr.writeSync(encoder.encode(line));
}
