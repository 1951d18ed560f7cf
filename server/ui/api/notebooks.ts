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
 * Writes a notebook and returns its new entity tag. A notebook without a tag is a new one; with the tag "*"
 * it replaces whatever is there.
 *
 * @throws {ApiError} with status 412 if the file has changed since it was read, or if there is one already.
 */
export async function writeNotebook(
  path: string,
  notebook: unknown,
  etag: string | null,
): Promise<string | null> {
  const headers: Record<string, string> = etag === null
    ? { "If-None-Match": "*" }
    : { "If-Match": etag };
  const response = await call(pathOf(path), { method: "PUT", body: notebook, headers });
  return response.headers.get("ETag");
}
