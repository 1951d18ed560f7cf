import { createStore, del, entries, get, set } from "idb-keyval";
import { removeDraft } from "./drafts.ts";

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
  serverCopy: { path: string; etag: string | null } | null;
  /** The time of the last write, in milliseconds since the epoch. */
  savedAt: number;
}

const store = createStore("deno-code-interpreter", "notebooks");

/** Reads the notebook with an id; undefined if the browser does not have it. */
export function loadNotebook(id: string): Promise<StoredNotebook | undefined> {
  return get(id, store);
}

/** Writes a notebook over the stored one with the same id. */
export function storeNotebook(notebook: StoredNotebook): Promise<void> {
  return set(notebook.id, notebook, store);
}

/** Deletes a notebook from the browser's database. */
export function forgetNotebook(id: string): Promise<void> {
  removeDraft(id);
  return del(id, store);
}

/** Lists every stored notebook, the most recently written first. */
export async function recentNotebooks(): Promise<StoredNotebook[]> {
  const all = await entries<string, StoredNotebook>(store);
  return all.map(([, notebook]) => notebook).sort((a, b) => b.savedAt - a.savedAt);
}
