import { createStore, del, entries, get, set } from "idb-keyval";
import { removeDraft } from "./drafts.ts";
import type { StoredNotebook } from "./stored_notebook.ts";

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
