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

/** An event of an execution as the server sends it. */
export type ExecutionEvent =
  | (KernelEvent & { seq: number })
  | { type: "done"; seq: number; execution: ExecutionSummary }
  | { type: "gap"; after: number; resumesAt: number }
  | { type: "keepalive" };

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
