import { withEmbeddedImages } from "../format/attachments.ts";
import { fileForm, type NotebookJson } from "../format/notebook_format.ts";
import { notebookText } from "../format/notebook_text.ts";
import { cellLanguage, statedCellLanguage } from "../format/cell_language.ts";
import { languageOf } from "../format/notebook_kind.ts";
import { toScript } from "./script.ts";

/** The formats that a notebook can be exported to, each with its MIME type. */
export const EXPORT_FORMATS = {
  ipynb: "application/x-ipynb+json",
  py: "text/x-python",
  js: "text/javascript",
  ts: "text/typescript",
  sh: "application/x-sh",
  md: "text/markdown",
} as const;

/** A format that a notebook can be exported to. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** The languages of the formats that are scripts. */
const SCRIPTS = { py: "python", js: "javascript", ts: "typescript", sh: "bash" } as const;

/** Returns a notebook as the text of a file of another format. */
export function exportNotebook(notebook: NotebookJson, format: ExportFormat): string {
  if (format === "ipynb") return notebookText(fileForm(notebook));
  return format === "md"
    ? toMarkdown(notebook)
    : toScript(notebook, SCRIPTS[format], languageOf(notebook.metadata));
}

/** Writes code as fenced blocks between the Markdown cells. */
function toMarkdown({ cells, metadata }: NotebookJson): string {
  const language = languageOf(metadata);
  const parts = cells.filter(({ source }) => source.trim() !== "").map((cell) =>
    cell.cell_type === "code"
      ? fenced(cell.source, cellLanguage(statedCellLanguage(cell.metadata), language))
      : withEmbeddedImages(cell.source, cell.attachments)
  );
  return `${parts.join("\n\n")}\n`;
}

/** Puts a text into a block whose fence is longer than any in the text. */
function fenced(source: string, language: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${source}\n${fence}`;
}
