import { fileForm, type NotebookJson } from "../format/notebook_format.ts";
import { notebookText } from "../format/notebook_text.ts";
import { languageOf } from "../format/notebook_kind.ts";
import { toScript } from "./script.ts";

/** The formats that a notebook can be exported to, each with its MIME type. */
export const EXPORT_FORMATS = {
  ipynb: "application/x-ipynb+json",
  py: "text/x-python",
  md: "text/markdown",
} as const;

/** A format that a notebook can be exported to. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** Returns a notebook as the text of a file of another format. */
export function exportNotebook(notebook: NotebookJson, format: ExportFormat): string {
  if (format === "ipynb") return notebookText(fileForm(notebook));
  return format === "py" ? toScript(notebook, "python") : toMarkdown(notebook);
}

/** Writes code as fenced blocks between the Markdown cells. */
function toMarkdown({ cells, metadata }: NotebookJson): string {
  const language = languageOf(metadata);
  const parts = cells.filter(({ source }) => source.trim() !== "").map(({ cell_type, source }) =>
    cell_type === "code" ? fenced(source, language) : source
  );
  return `${parts.join("\n\n")}\n`;
}

/** Puts a text into a block whose fence is longer than any in the text. */
function fenced(source: string, language: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${source}\n${fence}`;
}
