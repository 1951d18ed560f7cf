import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import { AsyncLocalStorage } from "node:async_hooks";

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
  const line: TextFormatter = chosen === "json"
    ? getJsonLinesFormatter({ properties: "flatten" })
    : textFormatter();
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

/** Makes the formatter of lines for people. Messages are constant: the properties follow them. */
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
