import { ApiError, call, callJson } from "./client.ts";
import type { FileEntry } from "./types.ts";

function pathOf(id: string, route: string, path: string): string {
  const query = new URLSearchParams({ path });
  return `/api/kernels/${encodeURIComponent(id)}/files${route}?${query}`;
}

/** Lists a directory of a kernel's file system. */
export function listFiles(
  id: string,
  path: string,
  signal?: AbortSignal,
): Promise<FileEntry & { entries?: FileEntry[] }> {
  return callJson(pathOf(id, "", path), { signal });
}

/** Returns the URL of a file's content. */
export function fileUrl(id: string, path: string): string {
  return pathOf(id, "/content", path);
}

/**
 * Uploads a file into a directory; `onProgress` gets the fraction that has been sent, from 0 to 1.
 */
export function uploadFile(
  id: string,
  directory: string,
  file: File,
  onProgress: (part: number) => void = () => {},
): Promise<void> {
  // fetch() has no events for the progress of an upload.
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
  request.onload = () => {
    if (request.status < 300) return resolve();
    const { code = "http_error", message = request.statusText } = parse(request.responseText);
    reject(new ApiError(request.status, code, message));
  };
  request.onerror = () => reject(new ApiError(0, "unreachable", "The server cannot be reached"));
  request.open("PUT", pathOf(id, "/content", `${directory}/${file.name}`));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(file);
  return promise;
}

/** Removes a file, or a directory with everything in it. */
export async function removeFile(id: string, path: string): Promise<void> {
  await call(`${pathOf(id, "", path)}&recursive=true`, { method: "DELETE" });
}

/** Creates a directory. */
export async function makeDirectory(id: string, path: string): Promise<void> {
  const body = { path, type: "directory" };
  await call(`/api/kernels/${encodeURIComponent(id)}/files`, { method: "POST", body });
}

/** Renames or moves a file or directory. */
export async function renameFile(id: string, from: string, to: string): Promise<void> {
  await call(pathOf(id, "", from), { method: "PATCH", body: { path: to } });
}

function parse(text: string): { code?: string; message?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
