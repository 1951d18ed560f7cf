import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { apiUrl, call, callJson } from "./client.ts";
import {
  type CommEvent,
  type FollowedKernelEvent,
  isCommEvent,
  parseKernelEvent,
  type ShowingEvent,
} from "./event_schema.ts";
import type {
  Completion,
  Inspection,
  KernelChoice,
  KernelModel,
  ServerFacts,
  Variable,
} from "./types.ts";

function pathOf(id: string): string {
  return `/api/kernels/${encodeURIComponent(id)}`;
}

/** Fetches the modes, limits and features of the server. */
export function getServer(): Promise<ServerFacts> {
  return callJson("/api/server");
}

/** Lists the kernels of the server. */
export function listKernels(signal?: AbortSignal): Promise<KernelModel[]> {
  return callJson("/api/kernels", { signal });
}

/** Starts a kernel of a kind; without a name, of the server's default kind. */
export function createKernel(name?: string, choice: KernelChoice = {}): Promise<KernelModel> {
  return callJson("/api/kernels", { method: "POST", body: { name, ...choice } });
}

/** Lists the kinds of kernels that the server offers, the default one first. */
export async function listKinds(): Promise<NotebookKind[]> {
  const { default: first, kernelspecs } = await callJson<Kernelspecs>("/api/kernelspecs");
  const kinds = Object.values(kernelspecs).map(({ name, spec }) => ({
    name,
    displayName: spec.display_name,
    language: spec.language,
  }));
  return [
    ...kinds.filter(({ name }) => name === first),
    ...kinds.filter((it) => it.name !== first),
  ];
}

/** The server's answer to `GET /api/kernelspecs`, as far as the page reads it. */
interface Kernelspecs {
  default: string;
  kernelspecs: Record<string, { name: string; spec: { display_name: string; language: string } }>;
}

/**
 * Fetches the state of a kernel.
 *
 * @throws {ApiError} with status 404 if the server does not know the kernel.
 */
export function getKernel(id: string): Promise<KernelModel> {
  return callJson(pathOf(id));
}

/** Shuts a kernel down. */
export async function deleteKernel(id: string): Promise<void> {
  await call(pathOf(id), { method: "DELETE" });
}

/** Installs packages in a kernel, after the cells that wait. */
export async function installPackages(id: string, packages: readonly string[]): Promise<void> {
  await call(`${pathOf(id)}/packages`, { method: "POST", body: { packages } });
}

/** Raises KeyboardInterrupt in the running execution. */
export async function interruptKernel(id: string): Promise<void> {
  await call(`${pathOf(id)}/interrupt`, { method: "POST" });
}

/** Restarts a kernel; resolves when it is ready. */
export function restartKernel(id: string): Promise<KernelModel> {
  return callJson(`${pathOf(id)}/restart`, { method: "POST" });
}

/** Fetches the completions at a cursor position, which counts code points. */
export function complete(
  id: string,
  code: string,
  cursorPos: number,
  signal: AbortSignal,
): Promise<Completion> {
  return callJson(`${pathOf(id)}/complete`, { method: "POST", body: { code, cursorPos }, signal });
}

/** Fetches the documentation of the object at a cursor position, which counts code points. */
export function inspect(
  id: string,
  code: string,
  cursorPos: number,
  signal: AbortSignal,
): Promise<Inspection> {
  return callJson(`${pathOf(id)}/inspect`, { method: "POST", body: { code, cursorPos }, signal });
}

/** Lists the variables that cells have defined. */
export async function getVariables(id: string, signal?: AbortSignal): Promise<Variable[]> {
  const path = `${pathOf(id)}/variables`;
  return (await callJson<{ variables: Variable[] }>(path, { signal })).variables;
}

/** The callbacks of {@linkcode followKernel}. */
export interface KernelObserver {
  /** Called with each new status of the kernel. */
  onStatus(status: Extract<FollowedKernelEvent, { type: "status" }>["status"]): void;
  /** Called when the events of the kernel begin to come, the first time and after a lost connection. */
  onOpen(): void;
  /** Called with each output of an execution, also after its end. */
  onOutput(executionId: string, event: ShowingEvent): void;
  /** Called with each message on a comm. */
  onComm(event: CommEvent): void;
  /** Called when an execution has ended: what `onOutput` gets of it from now on comes after its end. */
  onExecutionEnd(executionId: string): void;
  /** Called with false when the connection is lost and with true when it is back. */
  onConnected(connected: boolean): void;
  /** Called when the server no longer knows the kernel. */
  onGone(): void;
}

/** Follows the status and the outputs of a kernel until the signal aborts or the kernel is gone. */
export function followKernel(id: string, observer: KernelObserver, signal: AbortSignal): void {
  const source = new EventSource(apiUrl(`${pathOf(id)}/events`));
  source.onopen = () => {
    observer.onConnected(true);
    observer.onOpen();
  };
  source.onmessage = ({ data }) => {
    const event = parseKernelEvent(data);
    if (!event) return;
    const { type } = event;
    if (type === "kernel_terminated") return source.close();
    if (isCommEvent(event)) return observer.onComm(event);
    if (type === "status") {
      observer.onStatus(event.status);
      if (event.executionId !== undefined && event.status !== "busy") {
        observer.onExecutionEnd(event.executionId);
      }
    } else if (event.executionId !== undefined) observer.onOutput(event.executionId, event);
  };
  source.onerror = () => {
    // An EventSource reconnects by itself unless the server refused the request.
    if (source.readyState !== EventSource.CLOSED) return observer.onConnected(false);
    observer.onConnected(true);
    observer.onGone();
  };
  signal.addEventListener("abort", () => source.close(), { once: true });
}
