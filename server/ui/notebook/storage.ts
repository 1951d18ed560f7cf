import { createStore, del, entries, get, set } from "idb-keyval";

/** A notebook as the browser keeps it. */
export interface StoredNotebook {
  id: string;
  title: string;
  /** In the notebook format. */
  ipynb: Record<string, unknown>;
  kernelId: string | null;
  /** The executions that were not done, by cell. */
  executions: Record<string, string>;
  serverCopy: { path: string; etag: string | null } | null;
  /** When it was kept, in milliseconds since the epoch. */
  savedAt: number;
}

const store = createStore("deno-code-interpreter", "notebooks");

/** The notebook of that id, if the browser has it. */
export function loadNotebook(id: string): Promise<StoredNotebook | undefined> {
  return get(id, store);
}

/** Keeps a notebook. */
export function storeNotebook(notebook: StoredNotebook): Promise<void> {
  return set(notebook.id, notebook, store);
}

/** Forgets a notebook. */
export function forgetNotebook(id: string): Promise<void> {
  return del(id, store);
}

/** Every notebook that the browser has, the newest first. */
export async function recentNotebooks(): Promise<StoredNotebook[]> {
  const all = await entries<string, StoredNotebook>(store);
  return all.map(([, notebook]) => notebook).sort((a, b) => b.savedAt - a.savedAt);
}
