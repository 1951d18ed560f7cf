import { z } from "zod";
import { defineTool } from "../agents/tool.ts";
import { cellView, cellViewSchema } from "../notebooks/cell_view.ts";
import { liveNotebooksOf, notebookPath } from "../notebooks/open_notebook.ts";
import { sliceWhole } from "../results/cut.ts";

/** The most notebooks, and the most cells, in one answer. */
const MAX_LISTED = 200;
/** The most characters of an exported notebook in one answer. */
const MAX_EXPORT = 200_000;

const input = z.strictObject({
  path: notebookPath.optional().describe("Left out: the notebooks are listed"),
  format: z.enum(["cells", "ipynb", "py", "js", "ts", "sh", "md"]).default("cells").describe(
    "cells: the cells as they are now; otherwise the notebook as a file of that format",
  ),
  cells: z.array(z.string()).max(MAX_LISTED).optional().describe("Only the cells of these ids"),
  offset: z.int().min(0).default(0).describe("The cell, or the character of a file, to begin at"),
});

const output = z.object({
  notebooks: z.array(z.object({ path: z.string(), modified: z.string() })).optional(),
  path: z.string().optional(),
  cells: z.array(cellViewSchema).optional(),
  text: z.string().optional(),
  next_offset: z.int().nullable().optional().describe(
    "The offset of what follows; null at the end",
  ),
});

/** Lists notebooks, or shows one as it is now. */
export const notebookRead = defineTool({
  name: "notebook_read",
  title: "Read a notebook",
  description:
    "Lists the notebooks on the server, or shows the cells of one with their ids and outputs, " +
    "as a person sees it in the page at the same time; or exports it as .ipynb, a script of its language or Markdown.",
  input,
  output,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async run({ path, format, cells: ids, offset }, { services }) {
    const notebooks = liveNotebooksOf(services);
    if (path === undefined) {
      const listed = (await services.notebooks!.list()).slice(0, MAX_LISTED);
      const shown = listed.map(({ path, modified }) => ({ path, modified }));
      return answer(shown.map((it) => it.path).join("\n") || "There are no notebooks", {
        notebooks: shown,
      });
    }
    const notebook = await notebooks.open(path);
    if (format !== "cells") {
      const all = notebook.export(format);
      const { text, end } = sliceWhole(all, offset, offset + MAX_EXPORT);
      return answer(text, { path, text, next_offset: end < all.length ? end : null });
    }
    const wanted = ids && new Set(ids);
    const all = notebook.read().cells.filter(({ id }) => wanted?.has(id) ?? true);
    const max = services.agents.outputCharacters;
    const shown = [];
    let size = 0;
    for (const cell of all.slice(offset, offset + MAX_LISTED)) {
      const view = cellView(cell, Math.ceil(max / 4));
      size += view.source.length + view.output.length;
      if (shown.length > 0 && size > 2 * max) break;
      shown.push(view);
    }
    const end = offset + shown.length;
    const next = end < all.length ? end : null;
    const texts = shown.map(({ id, type, source, output, running }) =>
      `[${id}: ${type}${running ? ", running" : ""}]\n${source}${output && `\n[output]\n${output}`}`
    );
    const rest = next === null ? [] : [`[${all.length - end} more cells: offset=${next}]`];
    return answer([...texts, ...rest].join("\n") || "The notebook has no cells", {
      path,
      cells: shown,
      next_offset: next,
    });
  },
});

function answer(text: string, structuredContent: z.infer<typeof output>) {
  return { content: [{ type: "text" as const, text }], structuredContent };
}
