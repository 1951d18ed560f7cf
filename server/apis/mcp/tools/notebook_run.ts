import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import type { CellOutcome } from "../../../services/notebooks/cell_runs.ts";
import type { LiveNotebook } from "../../../services/notebooks/live_notebook.ts";
import { defineTool, type ToolCall } from "../agents/tool.ts";
import { cellView, cellViewSchema, imagesOf } from "../notebooks/cell_view.ts";
import { liveNotebooksOf, notebookPath } from "../notebooks/open_notebook.ts";

/** The most Base64 of the images in one answer. */
const MAX_IMAGES = 400_000;

const input = z.strictObject({
  path: notebookPath,
  cells: z.array(z.string()).min(1).max(200).optional().describe(
    "The ids of the cells to run, in that order. Left out: all code cells",
  ),
  timeout: z.number().positive().max(86_400).optional().describe(
    "Seconds after which each cell is interrupted",
  ),
});

const output = z.object({
  path: z.string(),
  done: z.boolean().describe("False: the cells go on; notebook_read shows them"),
  cells: z.array(cellViewSchema.extend({
    status: z.string().describe("ok, error, timeout, aborted, skipped, running"),
    problem: z.string().nullable(),
  })),
});

/** Runs cells of a notebook in the notebook's own kernel. */
export const notebookRun = defineTool({
  name: "notebook_run",
  title: "Run a notebook's cells",
  description:
    "Runs cells of a notebook, all or some, in the notebook's own kernel, which a person at the " +
    "page shares. When a cell fails, those after it do not run. The outputs are saved in the notebook.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  async run({ path, cells, timeout }, call) {
    const notebook = await liveNotebooksOf(call.services).open(path);
    using _held = notebook.hold();
    const known = notebook.read().cells;
    const ids = cells ?? known.filter(({ type }) => type === "code").map(({ id }) => id);
    const unknown = ids.find((id) => !known.some((it) => it.id === id));
    if (unknown !== undefined) {
      throw new ServiceError("not_found", `cells: there is no cell "${unknown}"`);
    }
    const timeoutMs = timeout === undefined ? undefined : Math.ceil(timeout * 1_000);
    const running = notebook.run(ids, { origin: "mcp", tool: call.tool, timeoutMs });
    const outcomes = await untilDeadline(running, call);
    if (call.request.mcpReq.signal.aborted) await stop(notebook, ids, call);
    return answer(notebook, ids, outcomes, call);
  },
});

/** Waits for the outcomes, but not for longer than a call may wait; undefined when the cells go on. */
async function untilDeadline(
  running: Promise<CellOutcome[]>,
  { deadline, request }: ToolCall,
): Promise<CellOutcome[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { signal } = request.mcpReq;
  const stop = () => resolve(undefined);
  const timer = setTimeout(stop, Math.max(0, deadline - performance.now()));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([running, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Ends what a client does not want any more. */
async function stop(notebook: LiveNotebook, ids: readonly string[], call: ToolCall): Promise<void> {
  notebook.dropWaiting();
  const runs = notebook.read().cells.filter(({ id }) => ids.includes(id));
  for (const { executionId } of runs) {
    // A run that has just ended, or cannot be interrupted, has its outcome in the notebook.
    if (executionId !== null) await call.services.executions.cancel(executionId).catch(() => {});
  }
}

function answer(
  notebook: LiveNotebook,
  ids: readonly string[],
  outcomes: readonly CellOutcome[] | undefined,
  { services }: ToolCall,
) {
  const max = services.agents.outputCharacters;
  const each = Math.max(200, Math.floor(max / Math.max(1, ids.length)));
  const cells = notebook.read().cells.filter(({ id }) => ids.includes(id));
  const views = cells.map((cell) => {
    const outcome = outcomes?.find(({ cellId }) => cellId === cell.id);
    return {
      ...cellView(cell, each),
      run: outcome?.executionId ?? cell.executionId,
      status: outcome?.status ?? (cell.running ? "running" : "done"),
      problem: outcome?.problem ?? null,
    };
  });
  const lines = views.map(({ id, status, output, problem }) =>
    `[${id}: ${status}${problem === null ? "" : `, ${problem}`}]\n${output}`
  );
  if (!outcomes) lines.push("[the cells go on: notebook_read shows them]");
  let size = 0;
  const images = cells.flatMap(imagesOf).filter(({ data }) => (size += data.length) <= MAX_IMAGES);
  const failed = outcomes?.some(({ status }) => status !== "ok" && status !== "skipped") ?? false;
  return {
    content: [
      { type: "text" as const, text: lines.join("\n") || "There was nothing to run" },
      ...images.map((image) => ({ type: "image" as const, ...image })),
    ],
    structuredContent: { path: notebook.path, done: outcomes !== undefined, cells: views },
    isError: failed,
  };
}
