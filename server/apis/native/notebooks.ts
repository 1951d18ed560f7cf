import { createRoute, z } from "@hono/zod-openapi";
import { DOCUMENT_BOUNDS, parseJson } from "../../http/bounded_json.ts";
import { notebookText } from "../../services/notebooks/format/notebook_text.ts";
import { fileForm } from "../../services/notebooks/format/notebook_format.ts";
import { parseNotebook } from "../../services/notebooks/notebook_file.ts";
import type { LiveNotebooks } from "../../services/notebooks/live_notebooks.ts";
import type { Notebooks } from "../../services/notebooks/notebooks.ts";
import { createRouter, emptyAnswer, errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";
import { notebookServiceOf } from "./schemas/notebook.ts";

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
const EMPTY_NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
const pathSchema = z.string().openapi({ example: "reports/may.ipynb" });
const params = z.object({
  path: pathSchema.openapi({ param: { name: "path", in: "path" } }),
});
const conditions = z.object({
  "if-match": z.string().optional().openapi({
    description: "The `ETag` of the version to replace",
  }),
  "if-none-match": z.string().optional().openapi({ description: "`*`: only a new notebook" }),
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
  summary: "Write a notebook",
  description:
    "A new notebook is written with `If-None-Match: *`, and one that was read before with " +
    "its `ETag` as `If-Match`, so that nobody's version is lost; `If-Match: *` replaces any version.",
  request: { params, headers: conditions, body: jsonBody(notebook) },
  responses: {
    200: jsonAnswer(entry, "The notebook replaces another"),
    201: jsonAnswer(entry, "The notebook is new"),
    ...errors(400, 403, 404, 412, 413, 428),
  },
});

const create = createRoute({
  method: "post",
  path: "/api/notebooks",
  tags,
  summary: "Make a notebook under a free name: with a number when there is one of that path",
  request: { body: jsonBody(z.object({ path: pathSchema, content: notebook.optional() })) },
  responses: { 201: jsonAnswer(entry, "The new notebook"), ...errors(400, 403, 404, 413) },
});

const rename = createRoute({
  method: "patch",
  path,
  tags,
  summary: "Rename a notebook",
  request: { params, body: jsonBody(z.object({ path: pathSchema })) },
  responses: {
    200: jsonAnswer(entry, "The notebook under its new path"),
    ...errors(400, 403, 404, 409),
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

const versions = createRoute({
  method: "get",
  path: "/api/notebook-versions/{path}{.+}",
  tags,
  summary: "List the kept versions of a notebook, the newest first; with `id`, read one",
  request: { params, query: z.object({ id: z.string().optional() }) },
  responses: {
    200: jsonAnswer(
      z.object({
        versions: z.array(
          z.object({ id: z.string(), replacedAt: z.iso.datetime(), size: z.int() }),
        ),
      }),
      "The versions; with `id`, a notebook in the notebook format",
    ),
    ...errors(400, 403, 404),
  },
});

/**
 * The routes of the notebooks that the page opens and saves; without a directory there are none. A notebook
 * that is open is read as it is now, and takes in what is written.
 */
export function notebookRoutes(
  notebooks: Notebooks | undefined,
  liveNotebooks: LiveNotebooks | undefined,
) {
  const existing = notebookServiceOf(notebooks);

  return createRouter()
    .openapi(list, async (c) => c.json({ notebooks: await existing().list() }, 200))
    .openapi(read, async (c) => {
      const { path } = c.req.valid("param");
      await (await liveNotebooks?.find(path))?.file.save();
      const { text, etag } = await existing().read(path);
      return c.json(fileContent(text, path), 200, { ETag: etag });
    })
    .openapi(write, async (c) => {
      const text = notebookText(c.req.valid("json"));
      const { path } = c.req.valid("param");
      const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = c.req.valid("header");
      const live = await liveNotebooks?.find(path);
      await live?.file.save();
      const condition = { ifMatch, ifNoneMatch };
      const { created, etag, ...written } = await existing().write(path, text, condition);
      await live?.file.refresh();
      return c.json(written, created ? 201 : 200, { ETag: etag });
    })
    .openapi(create, async (c) => {
      const { path, content } = c.req.valid("json");
      const written = await existing().create(path, notebookText(content ?? EMPTY_NOTEBOOK));
      return c.json(written, 201);
    })
    .openapi(rename, async (c) => {
      const { path } = c.req.valid("param");
      const { path: to } = c.req.valid("json");
      if (await liveNotebooks?.find(path)) await liveNotebooks?.rename(path, to);
      else return c.json(await existing().rename(path, to), 200);
      return c.json(await existing().describe(to), 200);
    })
    .openapi(remove, async (c) => {
      await existing().remove(c.req.valid("param").path);
      return c.body(null, 204);
    })
    .openapi(versions, async (c) => {
      const { path } = c.req.valid("param");
      const { id } = c.req.valid("query");
      if (id === undefined) return c.json({ versions: await existing().versions(path) }, 200);
      const content = fileContent(await existing().readVersion(path, id), path);
      // The answer of one version is described in the summary.
      return c.json(content, 200) as never;
    });
}

/** Returns the content of a notebook file, which anybody may have written, as nbformat 4. */
function fileContent(text: string, path: string): z.output<typeof notebook> {
  const json = parseNotebook(text, path);
  try {
    return notebook.parse(parseJson(text, DOCUMENT_BOUNDS));
  } catch {
    // An older version, or one with faults that can be mended.
    return notebook.parse(fileForm(json));
  }
}
