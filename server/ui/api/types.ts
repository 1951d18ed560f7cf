import type { KernelEvent, Output, Variable } from "../../../kernel/mod.ts";
import type { ExecutionRecord, ExecutionSummary } from "../../schemas/execution.ts";
import type { KernelModel } from "../../schemas/kernel.ts";

export type { ExecutionRecord, ExecutionSummary, KernelModel, Output, Variable };

/** An event of an execution as the server sends it. */
export type ExecutionEvent =
  | (KernelEvent & { seq: number })
  | { type: "done"; seq: number; execution: ExecutionSummary }
  | { type: "gap"; after: number; resumesAt: number }
  | { type: "keepalive" };

/** A file or directory inside a kernel. */
export interface FileEntry {
  name: string;
  path: string;
  type: "file" | "directory" | "link" | "other";
  size: number;
  modified: string;
  writable: boolean;
}

/** A notebook on the server. */
export interface NotebookEntry {
  path: string;
  size: number;
  modified: string;
}

/** What the server offers. */
export interface ServerFacts {
  modes: string[];
  defaultMode: string;
  notebooks: boolean;
  limits: { maxKernels: number; maxUploadBytes: number };
}
