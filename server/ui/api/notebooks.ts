import { call, callJson } from "./client.ts";
import type { NotebookEntry } from "./types.ts";

function pathOf(path: string): string {
  return `/api/notebooks/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Lists the notebooks in the server's notebook directory. */
export async function listNotebooks(): Promise<NotebookEntry[]> {
  return (await callJson<{ notebooks: NotebookEntry[] }>("/api/notebooks")).notebooks;
}

/** Reads the text of a notebook file and its entity tag. */
export async function readNotebook(path: string): Promise<{ text: string; etag: string | null }> {
  const response = await call(pathOf(path));
  return { text: await response.text(), etag: response.headers.get("ETag") };
}

/** Makes a notebook under a free name and returns its path. */
export async function createNotebook(path: string, content: unknown): Promise<string> {
  const { path: made } = await callJson<NotebookEntry>("/api/notebooks", {
    method: "POST",
    body: { path, content },
  });
  return made;
}

/**
 * Renames a notebook.
 *
 * @throws {ApiError} with status 409 if there is one of the new path.
 */
export async function renameNotebook(from: string, to: string): Promise<void> {
  await call(pathOf(from), { method: "PATCH", body: { path: to } });
}

/** A kept version of a notebook: `replacedAt` in ISO 8601, `size` in bytes. */
export interface NotebookVersion {
  id: string;
  replacedAt: string;
  size: number;
}

/** Lists the kept versions of a notebook, the newest first. */
export async function listVersions(path: string): Promise<NotebookVersion[]> {
  return (await callJson<{ versions: NotebookVersion[] }>(versionsOf(path))).versions;
}

/** Reads the text of a kept version. */
export async function readVersion(path: string, id: string): Promise<string> {
  return await (await call(`${versionsOf(path)}?${new URLSearchParams({ id })}`)).text();
}

function versionsOf(path: string): string {
  return pathOf(path).replace("/api/notebooks/", "/api/notebook-versions/");
}
