import { ServiceError } from "../../../errors/service_error.ts";
import type { ExecutionOrigin } from "../../executions/record.ts";
import type { CellOutcome } from "../cell_runs.ts";
import type { LiveNotebook } from "../live_notebook.ts";

/**
 * Runs a cell of an open notebook, whose outputs it gets. Others run cells there too: when one of theirs fails,
 * all that wait are dropped, and this one is put into the queue again.
 *
 * @throws {ServiceError} `conflict` when the cell cannot be run.
 */
export async function runLiveCell(
  notebook: LiveNotebook,
  cellId: string,
  origin: ExecutionOrigin,
): Promise<CellOutcome> {
  for (;;) {
    const waiting = othersRun(notebook, cellId);
    const [outcome] = await notebook.run([cellId], { origin });
    if (outcome!.status !== "skipped") {
      if (outcome!.executionId !== null) return outcome!;
      throw new ServiceError("conflict", outcome!.problem ?? "The cell could not be run");
    }
    const cell = notebook.read().cells.find(({ id }) => id === cellId);
    // Somebody has removed its code meanwhile, or there never was any.
    if (cell?.type !== "code" || cell.source.trim() === "") return outcome!;
    await waiting;
  }
}

/** Resolves when a run of the cell that somebody else has asked for is over; at once when there is none. */
function othersRun(notebook: LiveNotebook, cellId: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cell = notebook.read().cells.find(({ id }) => id === cellId);
  if (!cell?.running) return Promise.resolve();
  const subscription = notebook.subscribe((event) => {
    if (event.type !== "run" || event.cellId !== cellId) return;
    if (event.status === "queued" || event.status === "running") return;
    subscription[Symbol.dispose]();
    resolve();
  });
  return promise;
}
