import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import { cellEditSchema } from "../../../services/notebooks/cell_edits.ts";
import { defineTool } from "../agents/tool.ts";
import { liveNotebooksOf, notebookPath } from "../notebooks/open_notebook.ts";

const input = z.strictObject({
  path: notebookPath,
  create: z.boolean().default(false).describe(
    "True: a new notebook is made, with a path that is free",
  ),
  edits: z.array(cellEditSchema).max(1_000).default([]).describe(
    "Edits in turn, all of them or none: insert (after a cell's id; null: first; left out: last), " +
      "replace (give expected, the source that you have read, so that nobody's work is lost), delete, move, " +
      "set_type, clear_outputs",
  ),
});

const output = z.object({
  path: z.string().describe("The path, which for a new notebook may have got a number"),
  ids: z.array(z.string()).describe("The id of the cell of each edit"),
});

/** Changes the cells of a notebook. */
export const notebookEdit = defineTool({
  name: "notebook_edit",
  title: "Edit a notebook",
  description:
    "Inserts, replaces, moves and deletes cells of a notebook, or makes a new one. People who " +
    "have the notebook open see each change at once; the server saves it.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async run({ path, create, edits }, { services, agent }) {
    const notebooks = liveNotebooksOf(services);
    if (!create && edits.length === 0) {
      throw new ServiceError("invalid_argument", "edits: there is nothing to do");
    }
    const notebook = create ? await notebooks.create(path) : await notebooks.open(path);
    using _held = notebook.hold();
    const ids = notebook.edit(edits, agent);
    await notebook.file.save();
    const done = `${create ? `Made ${notebook.path}. ` : ""}${ids.length} edits: ${ids.join(", ")}`;
    return {
      content: [{ type: "text", text: done }],
      structuredContent: { path: notebook.path, ids },
    };
  },
});
