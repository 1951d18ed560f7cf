import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";
import { fileForm } from "../../services/notebooks/format/notebook_format.ts";
import type { NumberedNotebook } from "../../services/notebooks/numbered/numbered_notebook.ts";
import type { NumberedNotebooks } from "../../services/notebooks/numbered/numbered_notebooks.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { KERNEL_NOT_FOUND } from "./cells.ts";

const tags = ["JupyCell"];
const numbers = z.array(z.int());
const query = z.object({ kernel_id: z.coerce.number().int() });
const object = z.record(z.string(), z.unknown());

const dependencies = createRoute({
  method: "get",
  path: "/dependencies",
  tags,
  summary: "Show which cell needs which, approximately: nobody knows what a call changes",
  request: { query },
  responses: {
    200: jsonAnswer(
      z.object({
        cells: z.array(z.object({
          cell_number: z.int(),
          reads: z.array(z.string()),
          defines: z.array(z.string()),
          mutates: z.array(z.string()),
          needs: z.array(z.object({ cell_number: z.int(), names: z.array(z.string()) })),
          is_complete: z.boolean().openapi({ description: "True if all of the code can be read" }),
        })),
        stale: numbers.openapi({ description: "The cells whose outputs are out of date" }),
        order: numbers.openapi({ description: "The cells, each after those that it needs" }),
        cycles: z.array(numbers),
        redefinitions: z.array(z.object({ name: z.string(), cells: numbers })),
      }),
      "The dependencies",
    ),
    ...errors(404),
  },
});

const exported = createRoute({
  method: "get",
  path: "/notebook",
  tags,
  summary: "Export the cells as a notebook (.ipynb)",
  request: { query },
  responses: { 200: jsonAnswer(object, "The notebook"), ...errors(404) },
});

const imported = createRoute({
  method: "post",
  path: "/notebook",
  tags,
  summary: "Add the cells of a notebook (.ipynb) after the others",
  request: { body: jsonBody(z.object({ kernel_id: z.int(), notebook: object })) },
  responses: {
    200: jsonAnswer(z.object({ cell_numbers: numbers }), "The numbers of the new cells"),
    ...errors(400, 404),
  },
});

async function find(notebooks: NumberedNotebooks, id: number): Promise<NumberedNotebook> {
  const notebook = await notebooks.find(id);
  if (!notebook) throw new HttpError(404, "not_found", KERNEL_NOT_FOUND);
  return notebook;
}

/** The route that shows the dependencies between cells, which JupyCell itself does not have. */
export function dependencyRoutes(notebooks: NumberedNotebooks) {
  return createRestRouter()
    .openapi(dependencies, async (c) => {
      const notebook = await find(notebooks, c.req.valid("query").kernel_id);
      const found = notebook.dependencies();
      const cells = [...found.cells].map(([id, { needs, isComplete, ...names }]) => ({
        cell_number: Number(id),
        reads: [...names.reads],
        defines: [...names.defines],
        mutates: [...names.mutates],
        needs: [...needs].map(([id, names]) => ({ cell_number: Number(id), names: [...names] })),
        is_complete: isComplete,
      }));
      const { order, cycles, redefinitions } = found;
      return c.json({
        cells,
        stale: notebook.stale(found),
        order: order.map(Number),
        cycles: cycles.map((ids) => ids.map(Number)),
        redefinitions: redefinitions.map(({ name, cells }) => ({ name, cells: cells.map(Number) })),
      }, 200);
    });
}

/** The routes of the cells as a notebook, which JupyCell itself does not have. */
export function notebookRoutes(notebooks: NumberedNotebooks) {
  return createRestRouter()
    .openapi(exported, async (c) => {
      const { json } = await find(notebooks, c.req.valid("query").kernel_id);
      return c.json(fileForm(json), 200);
    })
    .openapi(imported, async (c) => {
      const { kernel_id, notebook } = c.req.valid("json");
      const found = await find(notebooks, kernel_id);
      return c.json({ cell_numbers: found.import(notebook) }, 200);
    });
}
