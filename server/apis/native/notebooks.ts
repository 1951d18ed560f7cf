import { createRoute, z } from "@hono/zod-openapi";
import { ServiceError } from "../../errors/service_error.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../../http/bounded_json.ts";
import { notebookText } from "../../services/notebooks/notebook_text.ts";
import type { Notebooks } from "../../services/notebooks/notebooks.ts";
import { createRouter, emptyAnswer, errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";

const tags = ["Notebooks"];
const entry = z.object({
  path: z.string(),
  size: z.int(),
  modified: z.iso.datetime(),
}).openapi("NotebookEntry");
/** A notebook of a known version of the format; everything else in it is up to the client. */
const notebook = z.looseObject({
  nbformat: z.literal(4, { error: "this server keeps notebooks of nbformat 4" }),
  nbformat_minor: z.int(),
  metadata: z.record(z.string(), z.unknown()),
  cells: z.array(z.record(z.string(), z.unknown())),
}).openapi("Notebook");
const params = z.object({
  path: z.string().openapi({ param: { name: "path", in: "path" }, example: "reports/may.ipynb" }),
});
// A notebook may be in a folder: the path takes in slashes.
const path = "/api/notebooks/{path}{.+}";

const list = createRoute({
  method: "get",
  path: "/api/notebooks",
  tags,
  summary: "List the notebooks on this server",
  responses: {
    200: jsonAnswer(z.object({ notebooks: z.array(entry) }), "The notebooks by path"),
    ...errors(404),
  },
});

const read = createRoute({
  method: "get",
  path,
  tags,
  summary: "Read a notebook",
  request: { params },
  responses: {
    200: jsonAnswer(notebook, "The notebook in the notebook format; `ETag` names this version"),
    ...errors(400, 403, 404),
  },
});

const write = createRoute({
  method: "put",
  path,
  tags,
  summary: "Write a notebook; with `If-Match` only over the version of that `ETag`",
  request: { params, body: jsonBody(notebook) },
  responses: {
    200: jsonAnswer(entry, "The notebook replaces another"),
    201: jsonAnswer(entry, "The notebook is new"),
    ...errors(400, 403, 404, 412, 413),
  },
});

const remove = createRoute({
  method: "delete",
  path,
  tags,
  summary: "Remove a notebook",
  request: { params },
  responses: { 204: emptyAnswer("The notebook is removed"), ...errors(400, 403, 404) },
});

/** The routes of the notebooks that the page opens and saves; without a directory there are none. */
export function notebookRoutes(notebooks: Notebooks | undefined) {
  function existing(): Notebooks {
    if (notebooks) return notebooks;
    throw new ServiceError(
      "not_found",
      "This server keeps no notebooks: start it with NOTEBOOK_DIR",
    );
  }

  return createRouter()
    .openapi(list, async (c) => c.json({ notebooks: await existing().list() }, 200))
    .openapi(read, async (c) => {
      const { path } = c.req.valid("param");
      const { text, etag } = await existing().read(path);
      return c.json(parseNotebook(text, path), 200, { ETag: etag });
    })
    .openapi(write, async (c) => {
      const text = notebookText(c.req.valid("json"));
      const { path } = c.req.valid("param");
      const { created, etag, ...written } = await existing().write(
        path,
        text,
        c.req.header("If-Match"),
      );
      return c.json(written, created ? 201 : 200, { ETag: etag });
    })
    .openapi(remove, async (c) => {
      await existing().remove(c.req.valid("param").path);
      return c.body(null, 204);
    });
}

/** Reads the text of a notebook file, which anybody may have written. */
function parseNotebook(text: string, path: string): z.output<typeof notebook> {
  try {
    return notebook.parse(parseJson(text, DOCUMENT_BOUNDS));
  } catch (cause) {
    const message = `Cannot read "${path}": it is no notebook of nbformat 4`;
    throw new ServiceError("invalid_argument", message, { cause });
  }
}
