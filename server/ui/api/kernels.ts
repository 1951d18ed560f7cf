import { call, callJson } from "./client.ts";
import type { KernelModel, ServerFacts, Variable } from "./types.ts";

/** What could stand at the cursor; positions are in code points. */
export interface Completion {
  matches: string[];
  cursorStart: number;
  cursorEnd: number;
  metadata: Record<string, unknown>;
}

/** What is known of the thing at the cursor. */
export interface Inspection {
  found: boolean;
  data: Record<string, unknown>;
}

function pathOf(id: string): string {
  return `/api/kernels/${encodeURIComponent(id)}`;
}

/** What the server offers. */
export function getServer(): Promise<ServerFacts> {
  return callJson("/api/server");
}

/** All kernels of the server. */
export function listKernels(signal?: AbortSignal): Promise<KernelModel[]> {
  return callJson("/api/kernels", { signal });
}

/** Starts a kernel. */
export function createKernel(): Promise<KernelModel> {
  return callJson("/api/kernels", { method: "POST", body: {} });
}

/** @throws {ApiError} 404 when it is gone. */
export function getKernel(id: string): Promise<KernelModel> {
  return callJson(pathOf(id));
}

/** Ends a kernel. */
export async function deleteKernel(id: string): Promise<void> {
  await call(pathOf(id), { method: "DELETE" });
}

/** Raises KeyboardInterrupt in what runs. */
export async function interruptKernel(id: string): Promise<void> {
  await call(`${pathOf(id)}/interrupt`, { method: "POST" });
}

/** Gives a kernel a fresh interpreter. */
export function restartKernel(id: string): Promise<KernelModel> {
  return callJson(`${pathOf(id)}/restart`, { method: "POST" });
}

/** What could stand at the cursor. */
export function complete(
  id: string,
  code: string,
  cursorPos: number,
  signal: AbortSignal,
): Promise<Completion> {
  return callJson(`${pathOf(id)}/complete`, { method: "POST", body: { code, cursorPos }, signal });
}

/** What is known of the thing at the cursor. */
export function inspect(
  id: string,
  code: string,
  cursorPos: number,
  signal: AbortSignal,
): Promise<Inspection> {
  return callJson(`${pathOf(id)}/inspect`, { method: "POST", body: { code, cursorPos }, signal });
}

/** The variables that cells have made. */
export async function getVariables(id: string, signal?: AbortSignal): Promise<Variable[]> {
  const path = `${pathOf(id)}/variables`;
  return (await callJson<{ variables: Variable[] }>(path, { signal })).variables;
}

/** Calls `onStatus` with a kernel's status until the signal aborts or the kernel is gone. */
export function followKernel(
  id: string,
  onStatus: (status: string) => void,
  signal: AbortSignal,
): void {
  const source = new EventSource(`${pathOf(id)}/events`);
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "status") onStatus(event.status);
    if (event.type === "kernel_terminated") source.close();
  };
  signal.addEventListener("abort", () => source.close(), { once: true });
}
