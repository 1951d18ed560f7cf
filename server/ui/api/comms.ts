import { call, callJson } from "./client.ts";

/** A message that the page sends over a comm; buffers are bytes that belong to the data. */
export interface CommContent {
  data: unknown;
  metadata?: unknown;
  buffers?: readonly Uint8Array[];
}

function pathOf(kernelId: string): string {
  return `/api/kernels/${encodeURIComponent(kernelId)}/comms`;
}

/** Lists the open comms of a target by id. */
export async function listComms(
  kernelId: string,
  targetName: string,
  signal: AbortSignal,
): Promise<string[]> {
  const path = `${pathOf(kernelId)}?targetName=${encodeURIComponent(targetName)}`;
  return Object.keys((await callJson<{ comms: Record<string, unknown> }>(path, { signal })).comms);
}

/** Opens a comm to a target of the kernel; resolves when the kernel has handled the message. */
export async function openComm(
  kernelId: string,
  comm: { commId: string; targetName: string } & CommContent,
  signal: AbortSignal,
): Promise<void> {
  const { commId, targetName, ...content } = comm;
  const body = { commId, targetName, ...encoded(content) };
  await call(pathOf(kernelId), { method: "POST", body, signal });
}

/** Sends a message over a comm; resolves when the kernel has handled it. */
export async function sendToComm(
  kernelId: string,
  commId: string,
  content: CommContent,
  signal: AbortSignal,
): Promise<void> {
  const path = `${pathOf(kernelId)}/${encodeURIComponent(commId)}/messages`;
  await call(path, { method: "POST", body: encoded(content), signal });
}

/** Closes a comm. */
export async function closeComm(
  kernelId: string,
  commId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `${pathOf(kernelId)}/${encodeURIComponent(commId)}`;
  await call(path, { method: "DELETE", signal });
}

function encoded({ data, metadata = {}, buffers = [] }: CommContent) {
  return { data, metadata, buffers: buffers.map((bytes) => bytes.toBase64()) };
}
