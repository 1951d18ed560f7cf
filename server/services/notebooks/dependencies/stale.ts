import type { AnalysedCell, NotebookDependencies } from "./dependencies.ts";

/** The last run of a cell in the present kernel. */
export interface LastRun {
  /** The source that was run. */
  source: string;
  /** Grows with each run of any cell. */
  order: number;
}

/**
 * Returns the ids of the cells whose results are out of date, so that each comes after those that it needs:
 * cells that have changed since they were run, and cells of which something that they need was run later or
 * is out of date itself. A cell that was never run is no result and is not out of date.
 */
export function staleCells(
  cells: readonly AnalysedCell[],
  dependencies: NotebookDependencies,
  runs: ReadonlyMap<string, LastRun>,
): string[] {
  const sources = new Map(cells.map(({ id, source }) => [id, source]));
  const stale = new Set<string>();
  for (const id of dependencies.order) {
    const run = runs.get(id);
    if (!run) continue;
    const isOld = [...dependencies.cells.get(id)!.needs.keys()].some((needed) => {
      const other = runs.get(needed);
      return stale.has(needed) || (other !== undefined && other.order > run.order);
    });
    if (isOld || run.source !== sources.get(id)) stale.add(id);
  }
  return dependencies.order.filter((id) => stale.has(id));
}
