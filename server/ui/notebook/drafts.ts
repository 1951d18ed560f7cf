import { z } from "zod";
import type { StoredNotebook } from "./stored_notebook.ts";

const draftSchema = z.object({
  id: z.string(),
  revision: z.int(),
  savedAt: z.number(),
  title: z.string(),
  kernelId: z.string().nullable(),
  executions: z.record(z.string(), z.string()),
  queued: z.array(z.string()).optional(),
  serverCopy: z.object({
    path: z.string(),
    base: z.record(z.string(), z.string()).nullable().optional(),
  }).nullish(),
  cells: z.array(z.object({
    id: z.string(),
    type: z.enum(["code", "markdown", "raw"]),
    source: z.string(),
  })),
});

/**
 * A `Draft` is the text of a notebook without its outputs. It is small, so it can be written often, and
 * synchronously when the page is closed.
 */
export type Draft = z.infer<typeof draftSchema>;

const PREFIX = "draft:";

/** Writes a draft over the one of the same notebook; returns false if the browser has no room for it. */
export function writeDraft(draft: Draft): boolean {
  try {
    localStorage.setItem(PREFIX + draft.id, JSON.stringify(draft));
    return true;
  } catch {
    // An older draft must not be taken for the newest text.
    removeDraft(draft.id);
    return false;
  }
}

/** Reads the draft of a notebook; undefined if there is none. */
export function readDraft(id: string): Draft | undefined {
  const text = localStorage.getItem(PREFIX + id);
  if (text === null) return undefined;
  try {
    return draftSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Removes the draft of a notebook. */
export function removeDraft(id: string): void {
  localStorage.removeItem(PREFIX + id);
}

/** Lists all drafts. */
export function listDrafts(): Draft[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => readDraft(key.slice(PREFIX.length)) ?? []);
}

/** Returns the stored notebook with the text of a draft that is newer. */
export function withDraft(
  stored: StoredNotebook | undefined,
  draft: Draft | undefined,
): StoredNotebook | undefined {
  if (!draft || (stored && (stored.revision ?? 0) >= draft.revision)) return stored;
  const { cells = [], ...ipynb } = stored?.ipynb as { cells?: StoredCell[] } | undefined ?? {};
  const known = new Map(cells.map((cell) => [cell.id, cell]));
  const { id, revision, savedAt, title, kernelId, executions } = draft;
  return {
    id,
    revision,
    savedAt,
    title,
    kernelId,
    executions,
    ...(draft.queued && { queued: draft.queued }),
    serverCopy: serverCopyOf(draft.serverCopy) ?? stored?.serverCopy ?? null,
    ipynb: {
      nbformat: 4,
      nbformat_minor: 5,
      ...ipynb,
      cells: draft.cells.map(({ id, type, source }) => ({
        ...known.get(id),
        id,
        cell_type: type,
        source,
      })),
    },
  };
}

function serverCopyOf(copy: Draft["serverCopy"]): StoredNotebook["serverCopy"] {
  return copy ? { path: copy.path, ...(copy.base !== undefined && { base: copy.base }) } : null;
}

interface StoredCell {
  id: string;
}
