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

/**
 * Writes a notebook and returns its new entity tag. If a tag is given, the file is written only if it
 * still has this tag.
 *
 * @throws {ApiError} with status 412 if the file has changed since it was read.
 */
export async function writeNotebook(
  path: string,
  notebook: unknown,
  etag: string | null,
): Promise<string | null> {
  const headers = etag === null ? {} : { "If-Match": etag };
  const response = await call(pathOf(path), { method: "PUT", body: notebook, headers });
  return response.headers.get("ETag");
}
