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

const act = createRoute({
  method: "post",
  path,
  tags,
  summary: "Run cells of an open notebook, and act on its kernel and its file",
  request: {
    params,
    body: jsonBody(z.object({
      dropWaiting: z.boolean().optional().openapi({
        description: "Takes the cells that wait out of the queue, before anything else",
      }),
      run: z.array(z.string()).max(MAX_RUN, `use at most ${MAX_RUN} cells`).default([]).openapi({
        description: "The ids of cells to run in this order, until one fails",
      }),
      kernelId: z.string().optional().openapi({
        description: "Default: the notebook's own kernel",
      }),
      allowStdin: z.boolean().optional().openapi({
        description: "True: somebody answers `input()`",
      }),
      timeoutMs: z.int().min(0).optional(),
      wait: z.boolean().default(true).openapi({ description: "False: answer before the runs end" }),
      startKernel: z.boolean().optional().openapi({
        description: "Starts the notebook's kernel if there is none",
      }),
      keepVersion: z.boolean().optional().openapi({
        description: "Keeps the notebook as it is now among its versions",
      }),
      resolve: z.enum(["mine", "theirs"]).optional().openapi({
        description: "Ends a conflict: keeps the open notebook, or takes what the file has",
      }),
      save: z.boolean().optional().openapi({ description: "Writes the file now" }),
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
    .openapi(act, async (c) => {
      const { dropWaiting, run, wait, startKernel, keepVersion, resolve, save, ...options } = c.req
        .valid("json");
      const notebook = await existing().open(c.req.valid("param").path);
      if (dropWaiting) notebook.dropWaiting();
      if (keepVersion) await notebook.file.keepVersion();
      if (resolve) await notebook.file.resolve(resolve);
      if (startKernel) await notebook.kernel();
      const outcomes = notebook.run(run, options);
      if (save) await notebook.file.save();
      return c.json({ outcomes: wait ? await outcomes : [] }, 200);
    });
}
