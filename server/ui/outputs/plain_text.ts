import type { CellOutput } from "../notebook/output_schema.ts";

/** The most characters of an output that are shown as plain text in place of its view. */
const MAX_PLAIN = 10_000;

/** Returns the text of a MIME bundle's value; JSON for a value that is not text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((it) => typeof it === "string")) return value.join("");
  return JSON.stringify(value, null, 1) ?? "";
}

/** Returns the beginning of an output as plain text, for outputs that cannot be shown otherwise. */
export function plainTextOf(output: CellOutput): string {
  return cut(wholeText(output), MAX_PLAIN);
}

/** Shortens text to `length` characters and an ellipsis. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function wholeText(output: CellOutput): string {
  switch (output.output_type) {
    case "stream":
      return output.text;
    case "error":
      return [`${output.ename}: ${output.evalue}`, ...output.traceback].join("\n");
    case "unreadable":
      return textOf(output.original);
    default:
      return textOf(output.data["text/plain"] ?? output.data);
  }
}
