import { createRoute, z } from "@hono/zod-openapi";
import { cellEditsSchema } from "../../services/notebooks/cell_edits.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../services/notebooks/export/export.ts";
import type { LiveNotebooks } from "../../services/notebooks/live_notebooks.ts";
import { createRouter, errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";
import { notebookServiceOf } from "./schemas/notebook.ts";

const tags = ["Live notebooks"];
const params = z.object({
  path: z.string().openapi({ param: { name: "path", in: "path" }, example: "reports/may.ipynb" }),
});
// A notebook may be in a folder: the path takes in slashes.
const path = "/api/live-notebooks/{path}{.+}";
/** The most cells of one request to run. */
const MAX_RUN = 10_000;

const snapshot = z.object({
  path: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  cells: z.array(z.object({
    id: z.string(),
    type: z.enum(["code", "markdown", "raw"]),
    source: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    outputs: z.array(z.unknown()),
    executionCount: z.int().nullable(),
    running: z.boolean(),
    executionId: z.string().nullable(),
  })),
  saved: z.boolean(),
  conflict: z.boolean(),
}).openapi("LiveNotebook");
const formats = Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]];

const read = createRoute({
  method: "get",
  path,
  tags,
  summary:
    "Read an open notebook as it is now, saved or not; with `format`, as a file of that format",
  request: { params, query: z.object({ format: z.enum(formats).optional() }) },
  responses: { 200: jsonAnswer(snapshot, "The notebook"), ...errors(400, 403, 404) },
});

const edit = createRoute({
  method: "patch",
  path,
  tags,
  summary: "Change cells of an open notebook; all edits are made, or none",
  request: { params, body: jsonBody(z.object({ edits: cellEditsSchema })) },
  responses: {
    200: jsonAnswer(
      z.object({ ids: z.array(z.string()) }),
      "The id of the cell that each edit changed or inserted",
    ),
    ...errors(400, 403, 404, 409, 412),
  },
});

const run = createRoute({
  method: "post",
  path,
  tags,
  summary: "Run cells of an open notebook; their outputs go into the notebook",
  request: {
    params,
    body: jsonBody(z.object({
      run: z.array(z.string()).max(MAX_RUN, `use at most ${MAX_RUN} cells`),
      kernelId: z.string().optional().openapi({
        description: "Default: the notebook's own kernel",
      }),
      allowStdin: z.boolean().optional(),
      timeoutMs: z.int().min(0).optional(),
      wait: z.boolean().default(true).openapi({ description: "False: answer at once" }),
    })),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        outcomes: z.array(z.object({
          cellId: z.string(),
          executionId: z.string().nullable(),
          status: z.string(),
          problem: z.string().nullable(),
        })),
      }),
      "The cells in their order, when the last one has ended; empty when the request does not wait",
    ),
    ...errors(400, 403, 404),
  },
});

/** The routes of the notebooks that are open in the server; without a directory there are none. */
export function liveNotebookRoutes(notebooks: LiveNotebooks | undefined) {
  const existing = notebookServiceOf(notebooks);
  return createRouter()
    .openapi(read, async (c) => {
      const notebook = await existing().open(c.req.valid("param").path);
      const { format } = c.req.valid("query");
      if (format === undefined) return c.json(notebook.read(), 200);
      const name = `${notebook.path.split("/").at(-1)!.replace(/\.ipynb$/, "")}.${format}`;
      // The answer of a file is described in the summary.
      return c.body(notebook.export(format), 200, {
        "Content-Type": `${EXPORT_FORMATS[format]}; charset=utf-8`,
        "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      }) as never;
    })
    .openapi(edit, async (c) => {
      const notebook = await existing().open(c.req.valid("param").path);
      return c.json({ ids: notebook.edit(c.req.valid("json").edits) }, 200);
    })
    .openapi(run, async (c) => {
      const { run, wait, ...options } = c.req.valid("json");
      const notebook = await existing().open(c.req.valid("param").path);
      const outcomes = notebook.run(run, options);
      return c.json({ outcomes: wait ? await outcomes : [] }, 200);
    });
}
