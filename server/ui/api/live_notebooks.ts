import { call } from "./client.ts";

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
