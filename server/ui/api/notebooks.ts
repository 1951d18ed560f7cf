import { call, callJson } from "./client.ts";
import type { NotebookEntry } from "./types.ts";

function pathOf(path: string): string {
  return `/api/notebooks/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The notebooks on the server. */
export async function listNotebooks(): Promise<NotebookEntry[]> {
  return (await callJson<{ notebooks: NotebookEntry[] }>("/api/notebooks")).notebooks;
}

/** A notebook's JSON, and the tag that tells later whether it has changed. */
export async function readNotebook(path: string): Promise<{ text: string; etag: string | null }> {
  const response = await call(pathOf(path));
  return { text: await response.text(), etag: response.headers.get("ETag") };
}

/**
 * Writes a notebook, over the one with the tag if one is given; answers the new tag.
 *
 * @throws {ApiError} 412 when it has changed meanwhile.
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
