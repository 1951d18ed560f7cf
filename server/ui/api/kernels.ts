import { call, callJson } from "./client.ts";
import type { Completion, Inspection, KernelModel, ServerFacts, Variable } from "./types.ts";

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

/** What {@linkcode followKernel} tells. */
export interface KernelObserver {
  onStatus(status: string): void;
  /** The connection is lost (and tried again), or is back. */
  onConnected(connected: boolean): void;
  /** The server does not know the kernel any more. */
  onGone(): void;
}

/** Tells of a kernel until the signal aborts or the kernel is gone. */
export function followKernel(id: string, observer: KernelObserver, signal: AbortSignal): void {
  const source = new EventSource(`${pathOf(id)}/events`);
  source.onopen = () => observer.onConnected(true);
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "status") observer.onStatus(event.status);
    if (event.type === "kernel_terminated") source.close();
  };
  source.onerror = () => {
    // A browser tries again unless it was answered with a refusal.
    if (source.readyState !== EventSource.CLOSED) return observer.onConnected(false);
    observer.onConnected(true);
    observer.onGone();
  };
  signal.addEventListener("abort", () => source.close(), { once: true });
}
