import { cellLanguage, statedCellLanguage } from "../format/cell_language.ts";
import { scriptLanguage } from "../format/languages.ts";
import type { NotebookJson } from "../format/notebook_format.ts";

/**
 * Writes a notebook as a script in the percent format, which editors show as cells. Lines that only a
 * notebook understands, such as magics, are comments, and so are cells of another language.
 */
export function toScript(
  { cells }: Pick<NotebookJson, "cells">,
  language: string,
  notebookLanguage: string = language,
): string {
  const { comment: mark } = scriptLanguage(language);
  const comment = (line: string) => line === "" ? mark : `${mark} ${line}`;
  const parts = cells.filter(({ source }) => source.trim() !== "").map((cell) => {
    const { cell_type, source } = cell;
    const lines = source.split("\n");
    if (cell_type !== "code") {
      return [`${mark} %% [${cell_type}]`, ...lines.map(comment)].join("\n");
    }
    const own = cellLanguage(statedCellLanguage(cell.metadata), notebookLanguage);
    if (own !== language) return [`${mark} %% [${own}]`, ...lines.map(comment)].join("\n");
    const code = language === "python" ? commented(lines, comment) : lines;
    return [`${mark} %%`, ...code].join("\n");
  });
  return `${parts.join("\n\n")}\n`;
}

/** Turns a cell with a cell magic, and the lines of line magics and commands, into comments. */
function commented(lines: readonly string[], comment: (line: string) => string): string[] {
  if (/^\s*%%/.test(lines.join("\n"))) return lines.map(comment);
  return lines.map((line) => /^\s*[%!]|^\s*\?|\?\s*$/.test(line) ? comment(line) : line);
}
