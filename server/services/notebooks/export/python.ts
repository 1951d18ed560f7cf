import type { NotebookJson } from "../format/notebook_format.ts";

/**
 * Writes a notebook as a Python file in the percent format, which editors show as cells. Lines that only a
 * notebook understands, such as magics, are comments.
 */
export function toPython({ cells }: Pick<NotebookJson, "cells">): string {
  const parts = cells.filter(({ source }) => source.trim() !== "").map(({ cell_type, source }) =>
    cell_type === "code"
      ? `# %%\n${commented(source)}`
      : `# %% [${cell_type}]\n${source.split("\n").map(comment).join("\n")}`
  );
  return `${parts.join("\n\n")}\n`;
}

/** Turns a cell with a cell magic, and the lines of line magics and commands, into comments. */
function commented(source: string): string {
  const lines = source.split("\n");
  if (/^\s*%%/.test(source)) return lines.map(comment).join("\n");
  return lines.map((line) => /^\s*[%!]|^\s*\?|\?\s*$/.test(line) ? comment(line) : line).join("\n");
}

function comment(line: string): string {
  return line === "" ? "#" : `# ${line}`;
}
