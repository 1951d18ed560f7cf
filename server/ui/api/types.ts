import type {
  Completion,
  FileEntry,
  Inspection,
  KernelEvent,
  Output,
  Variable,
} from "../../../kernel/mod.ts";
import type { ExecutionRecord, ExecutionSummary } from "../../services/executions/record.ts";
import type { KernelModel } from "../../apis/native/schemas/kernel.ts";

export type {
  Completion,
  ExecutionRecord,
  ExecutionSummary,
  FileEntry,
  Inspection,
  KernelModel,
  Output,
  Variable,
};

/** An `ExecutionEvent` is one line of the server's event stream of an execution. */
export type ExecutionEvent =
  | (KernelEvent & { seq: number })
  | { type: "done"; seq: number; execution: ExecutionSummary }
  | { type: "gap"; after: number; resumesAt: number }
  | { type: "keepalive" };

/**
 * A `NotebookEntry` describes a notebook file on the server: `size` in bytes, `modified` in ISO
 * 8601.
 */
export interface NotebookEntry {
  path: string;
  size: number;
  modified: string;
}

/** `ServerFacts` are the modes, limits and features of the server. */
export interface ServerFacts {
  modes: string[];
  defaultMode: string;
  notebooks: boolean;
  limits: { maxKernels: number; maxUploadBytes: number };
}
