import { call, callJson } from "./client.ts";

/** An action on a notebook that is open in the server. */
export interface NotebookAction {
  dropWaiting?: boolean;
  /** The ids of the cells to run. */
  run?: readonly string[];
  allowStdin?: boolean;
  wait?: boolean;
  startKernel?: boolean;
  keepVersion?: boolean;
  resolve?: "mine" | "theirs";
  save?: boolean;
}

/** Acts on the notebook of a path. */
export async function actOnNotebook(path: string, action: NotebookAction): Promise<void> {
  const place = path.split("/").map(encodeURIComponent).join("/");
  await call(`/api/live-notebooks/${place}`, { method: "POST", body: action });
}

/** Makes a kernel that runs the one of the notebook of a path, unless that has one. */
export async function openSession(path: string, kernelId: string): Promise<void> {
  const name = path.split("/").at(-1)!;
  const body = { path, name, type: "notebook", kernel: { id: kernelId } };
  await call("/api/sessions", { method: "POST", body });
}

/**
 * Gives the notebook of a path another kernel, and ends the one that it had; `present` is the id of the page's
 * kernel.
 */
export async function changeSessionKernel(
  path: string,
  kernelId: string,
  present: string | null,
): Promise<void> {
  // A kernel that the page has just started is not known as the notebook's yet. One that is gone has no session.
  if (present !== null) await openSession(path, present).catch(() => {});
  const sessions = await callJson<{ id: string; path: string }[]>("/api/sessions");
  const session = sessions.find((it) => it.path === path);
  if (!session) return await openSession(path, kernelId);
  const place = `/api/sessions/${encodeURIComponent(session.id)}`;
  await call(place, { method: "PATCH", body: { kernel: { id: kernelId } } });
}
