import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import { AsyncLocalStorage } from "node:async_hooks";

/** How a server logs. */
export interface LoggingOptions {
  level: "debug" | "info" | "warning" | "error";
  /** JSON lines for programs, or text for people. @default text on a terminal, otherwise JSON */
  format?: "json" | "text" | undefined;
  /** Takes each line. @default standard error */
  write?: (line: string) => void;
}

/**
 * Sets up the loggers of this process. Below `withContext` a record carries what was named there,
 * such as `requestId`.
 */
export async function configureLogging(
  { level, format, write = writeToStderr }: LoggingOptions,
): Promise<void> {
  const chosen = format ?? (Deno.stderr.isTerminal() ? "text" : "json");
  const line: TextFormatter = chosen === "json"
    ? getJsonLinesFormatter({ properties: "flatten" })
    : textFormatter();
  await configure({
    sinks: { lines: (record) => write(line(record)) },
    loggers: [
      { category: "server", lowestLevel: level, sinks: ["lines"] },
      // The library's own: only what keeps it from logging.
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
    contextLocalStorage: new AsyncLocalStorage(),
    reset: true,
  });
}

/** A line for people; messages are constant, so that programs can tell them apart. */
function textFormatter(): TextFormatter {
  const format = getAnsiColorFormatter({ timestamp: "time", category: "." });
  return (record: LogRecord) => {
    const rest = Object.entries(record.properties).filter(([name]) => name !== "error").map(
      ([name, value]) => `${name}=${value}`,
    );
    const stack = record.properties["error"] instanceof Error
      ? `\n${Deno.inspect(record.properties["error"])}`
      : "";
    return `${format(record).trimEnd()} ${rest.join(" ")}${stack}\n`;
  };
}

const encoder = new TextEncoder();

function writeToStderr(line: string): void {
  Deno.stderr.writeSync(encoder.encode(line));
}
