import type { Cell } from "../notebook/cell.ts";
import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";

/** `LiveRuns` runs the cells of a notebook that is open in the server. */
export interface LiveRuns {
  /** Puts cells into the server's queue. */
  run(cells: readonly Cell[]): Promise<void>;
  /** Takes the cells that wait out of the server's queue. */
  dropWaiting(): Promise<void>;
  /** Starts the notebook's kernel if there is none. */
  startKernel(): Promise<void>;
  /** Gives the notebook a kernel that runs already, of a kind, in place of its own, which ends. */
  changeKernel(kernelId: string, kind?: NotebookKind): Promise<void>;
  /** Takes in again what the server says of cells. */
  refresh(cells: readonly Cell[]): void;
}

/** True if a cell has an execution, which may still wait in the kernel. */
export function isRunning(cell: Cell): boolean {
  return cell.executionId.peek() !== null || cell.state.peek() === "running";
}

/** Takes in that a run of a cell has ended; one that was asked for again waits for its next turn. */
export function settle(cell: Cell): void {
  cell.state.value = cell.runsAgain.peek() ? "queued" : "idle";
  cell.runsAgain.value = false;
}
