/** A `StoredNotebook` is a notebook as the browser's database keeps it. */
export interface StoredNotebook {
  id: string;
  /** The number of the version, which grows with every change. Versions of older pages have none. */
  revision?: number;
  title: string;
  /** The notebook in the notebook format (nbformat 4.5). */
  ipynb: Record<string, unknown>;
  kernelId: string | null;
  /** The ids of the executions that had not ended, by the id of the cell that they fill. */
  executions: Record<string, string>;
  /** The ids of the cells that waited for their turn. */
  queued?: string[];
  serverCopy: {
    path: string;
    /**
     * The texts of the cells that the file had last, by id, when it has not everything; null when it
     * has. Versions of older pages have none.
     */
    base?: Record<string, string> | null;
  } | null;
  /** The time of the last write, in milliseconds since the epoch. */
  savedAt: number;
}
