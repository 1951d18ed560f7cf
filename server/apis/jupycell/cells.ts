import { createRoute, z } from "@hono/zod-openapi";
import { jsonAnswer, jsonBody } from "../../http/openapi.ts";
import { MAX_CELL_NUMBER } from "../../services/notebooks/numbered/cell_store.ts";
import type { NumberedNotebook } from "../../services/notebooks/numbered/numbered_notebook.ts";
import type {
  NumberedNotebooks,
  RunCell,
} from "../../services/notebooks/numbered/numbered_notebooks.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { messageContents } from "./outputs.ts";

const TOO_LARGE = `use a number from -${MAX_CELL_NUMBER} to ${MAX_CELL_NUMBER}`;

const tags = ["JupyCell"];
const number = z.int("use a whole number").min(-MAX_CELL_NUMBER, TOO_LARGE)
  .max(MAX_CELL_NUMBER, TOO_LARGE);
const outputs = z.array(z.record(z.string(), z.unknown()));
const ran = z.array(z.object({ cell_number: number, outputs }));

/** A refusal, which JupyCell answers with status 200. */
const refusalSchema = z.object({ error: z.string() });

const start = createRoute({
  method: "post",
  path: "/start",
  tags,
  summary: "Start a kernel with an empty list of cells",
  responses: {
    200: jsonAnswer(
      z.object({
        kernel_id: z.int(),
        path: z.string().optional().openapi({
          description: "The notebook's file, on a server that keeps notebooks",
        }),
      }),
      "The kernel",
    ),
  },
});

const cell = createRoute({
  method: "post",
  path: "/cell",
  tags,
  summary: "Add, edit, run or delete a cell, or run all",
  request: {
    body: jsonBody(z.object({
      kernel_id: z.int("use a whole number"),
      cell_number: number.nullish(),
      code: z.string().nullish(),
      action: z.string().openapi({ description: "`add`, `edit`, `run`, `run_all` or `delete`" }),
      dependencies: z.boolean().nullish().openapi({
        description: "True if `run` also runs the cells that an edit has made stale, in order",
      }),
    })),
  },
  responses: {
    200: jsonAnswer(
      z.union([
        z.object({ status: z.string() }),
        z.object({
          outputs: z.union([outputs, ran]),
          ran: ran.optional(),
          cycles: z.array(z.array(number)).optional(),
          redefinitions: z.array(z.object({ name: z.string(), cells: z.array(number) })).optional(),
        }),
        refusalSchema,
      ]),
      "The outcome; `error` says why there is none",
    ),
  },
});
type CellRequest = z.infer<typeof cell["request"]["body"]["content"]["application/json"]["schema"]>;

const cellOutputs = createRoute({
  method: "get",
  path: "/cell_outputs",
  tags,
  summary: "Show the outputs of a cell",
  request: {
    query: z.object({ kernel_id: z.coerce.number().int(), cell_number: z.coerce.number().int() }),
  },
  responses: { 200: jsonAnswer(z.union([z.object({ outputs }), refusalSchema]), "The outputs") },
});

/** The routes of cells. */
export function cellRoutes(notebooks: NumberedNotebooks) {
  const actions = cellActions(notebooks);
  return createRestRouter()
    .openapi(start, async (c) => {
      const notebook = await notebooks.start();
      const path = notebooks.pathOf(notebook);
      return c.json({ kernel_id: notebook.id, ...(path !== undefined && { path }) }, 200);
    })
    .openapi(cell, async (c) => {
      const body = c.req.valid("json");
      const notebook = await notebooks.find(body.kernel_id);
      if (!notebook) return c.json({ error: KERNEL_NOT_FOUND }, 200);
      if (!Object.hasOwn(actions, body.action)) return c.json({ error: INVALID_ACTION }, 200);
      return c.json(await actions[body.action]!(notebook, body), 200);
    })
    .openapi(cellOutputs, async (c) => {
      const { kernel_id, cell_number } = c.req.valid("query");
      const notebook = await notebooks.find(kernel_id);
      if (!notebook) return c.json({ error: KERNEL_NOT_FOUND }, 200);
      const found = notebook.find(cell_number);
      if (!found) return c.json({ error: NO_CELL }, 200);
      return c.json({ outputs: messageContents(found.outputs) }, 200);
    });
}

/** The refusal of a kernel that is not there. */
export const KERNEL_NOT_FOUND = "Kernel not found";
const NO_CELL = "Cell number does not exist.";
const INVALID_ACTION = "Invalid action. Use 'add', 'edit', 'run', 'run_all' or 'delete'.";
const INCOMPLETE = "cell_number and code are required for add/edit actions.";

/** The answer to an action, as JSON. */
type Answer = z.infer<typeof cell["responses"][200]["content"]["application/json"]["schema"]>;
type Action = (notebook: NumberedNotebook, request: CellRequest) => Promise<Answer> | Answer;

/** Returns what each action does. */
function cellActions(notebooks: NumberedNotebooks): Readonly<Record<string, Action>> {
  /** Makes an action of a cell that has to be there. */
  function onCell(
    name: string,
    act: (notebook: NumberedNotebook, number: number, request: CellRequest) => Promise<Answer>,
  ): Action {
    return async (notebook, request) => {
      const { cell_number } = request;
      if (cell_number == null) return { error: `cell_number is required for ${name} action.` };
      if (!notebook.find(cell_number)) return { error: NO_CELL };
      return await act(notebook, cell_number, request);
    };
  }
  return {
    add(notebook, { cell_number, code }) {
      if (cell_number == null || code == null) return { error: INCOMPLETE };
      if (notebook.find(cell_number)) {
        return { error: "Cell number already exists. Use 'edit' to modify it." };
      }
      notebook.add(cell_number, code);
      return { status: `Cell ${cell_number} added.` };
    },
    edit(notebook, { cell_number, code }) {
      if (cell_number == null || code == null) return { error: INCOMPLETE };
      if (!notebook.find(cell_number)) {
        return { error: "Cell number does not exist. Use 'add' to create it." };
      }
      notebook.edit(cell_number, code);
      return { status: `Cell ${cell_number} updated.` };
    },
    run: onCell("run", async ({ id }, number, { dependencies }) => {
      if (!dependencies) {
        return { outputs: messageContents((await notebooks.run(id, number, "jupycell")).outputs) };
      }
      const { ran, ...found } = await notebooks.runDependent(id, number, "jupycell");
      const own = ran.find((it) => it.number === number)?.outputs ?? [];
      return { outputs: messageContents(own), ran: ran.map(ranCell), ...found };
    }),
    async run_all(notebook) {
      return { outputs: (await notebooks.runAll(notebook.id, "jupycell")).map(ranCell) };
    },
    delete: onCell("delete", (notebook, number) => {
      notebook.delete(number);
      return Promise.resolve({ status: `Cell ${number} deleted.` });
    }),
  };
}

function ranCell({ number, outputs }: RunCell) {
  return { cell_number: number, outputs: messageContents(outputs) };
}
