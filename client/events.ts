import type { components } from "./openapi.ts";

/** Forms of a value by MIME type. */
export type MimeBundle = Record<string, unknown>;

/** The record of an execution without its outputs. */
export type ExecutionSummary =
  & Omit<components["schemas"]["Execution"], "outputs" | "lost">
  & {
    lost?: string | undefined;
  };

interface Numbered {
  /** The number of the event in its execution. */
  seq: number;
  kernelId: string;
  executionId?: string;
}

/** An event of an execution, told apart by `type`. The last one is `done`. */
export type ExecutionEvent =
  | (
    & Numbered
    & (
      | { type: "stream"; name: "stdout" | "stderr"; text: string }
      | {
        type: "display_data" | "update_display_data";
        data: MimeBundle;
        metadata: Record<string, unknown>;
        transient: { display_id?: string };
      }
      | { type: "clear_output"; wait: boolean }
      | { type: "execute_input"; code: string; executionCount: number }
      | {
        type: "execute_result";
        data: MimeBundle;
        metadata: Record<string, unknown>;
        executionCount: number;
      }
      | {
        type: "execute_error";
        ename: string;
        evalue: string;
        traceback: string[];
      }
      | {
        type: "input_request";
        requestId: string;
        prompt: string;
        password: boolean;
      }
      | {
        type: "tool_call";
        requestId: string;
        name: string;
        arguments: Record<string, unknown>;
      }
      | {
        type: "package_progress";
        name: string;
        bytes: number | null;
        done: boolean;
      }
      | { type: "kernel_terminated"; reason: string; threadLeaked: boolean }
      | { type: "status"; status: components["schemas"]["Kernel"]["status"] }
    )
  )
  | {
    type: "done";
    seq: number;
    execution: ExecutionSummary;
  }
  /** The events after `after` and before `resumesAt` are no longer kept. */
  | { type: "gap"; after: number; resumesAt: number };
