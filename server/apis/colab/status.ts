import type { MimeBundle } from "../../../kernel/mod.ts";
import type { ExecutionRecord } from "../../services/executions/record.ts";
import { epochSeconds, streamText } from "../rest/stream_text.ts";

/** The output of an execution so far, as clients of the Colab executor read it. */
export interface ExecutionOutput {
  stdout: string;
  stderr: string;
  /** The plain text of the value, or the value or a display in each of its formats. */
  result: string | MimeBundle | null;
  /** The class of the exception. */
  error: string | null;
  traceback: string[] | null;
  /** Null until the end. */
  execution_count: number | null;
  status: "ok" | "error";
}

/** The status of an execution, as clients of the Colab executor read it. */
export interface ExecutionStatusAnswer {
  execution_id: string;
  kernel_id: string;
  status: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";
  /** In seconds since the epoch, like the other times. */
  created_at: number;
  started_at: number | null;
  completed_at: number | null;
  /** Absent while the execution waits. */
  output?: ExecutionOutput;
  /** The same as `output`, where older clients look for it. */
  results?: ExecutionOutput;
  /** The reason of a failure. */
  error?: string;
}

/** Describes an execution. An exception in the code is an output; a kernel that ended is a failure. */
export function executionStatus(record: ExecutionRecord): ExecutionStatusAnswer {
  const status = statusOf(record);
  const output = record.startedAt === null ? undefined : outputOf(record);
  return {
    execution_id: record.id,
    kernel_id: record.kernelId,
    status,
    created_at: epochSeconds(record.createdAt),
    started_at: epochSeconds(record.startedAt),
    completed_at: epochSeconds(record.finishedAt),
    ...(output && { output, results: output }),
    ...(status === "FAILED" && { error: failureOf(record) }),
  };
}

function statusOf({ status }: ExecutionRecord): ExecutionStatusAnswer["status"] {
  switch (status) {
    case "queued":
      return "PENDING";
    case "running":
      return "RUNNING";
    case "ok":
    case "error":
      return "COMPLETED";
    case "aborted":
    case "timeout":
    case "lost":
      return "FAILED";
  }
}

function outputOf({ outputs, error, executionCount, finishedAt }: ExecutionRecord) {
  const shown = outputs.findLast((it) => it.output_type === "error");
  const failed = shown ?? error;
  return {
    stdout: streamText(outputs, "stdout"),
    stderr: streamText(outputs, "stderr"),
    result: resultOf(outputs),
    error: failed?.ename ?? null,
    traceback: failed?.traceback ?? null,
    execution_count: finishedAt === null ? null : executionCount,
    status: failed ? "error" as const : "ok" as const,
  };
}

/** Returns the value of the last expression, or else what was displayed last. */
function resultOf(outputs: ExecutionRecord["outputs"]): ExecutionOutput["result"] {
  const value = outputs.findLast((it) => it.output_type === "execute_result");
  if (value) {
    const text = value.data["text/plain"];
    return typeof text === "string" ? text : value.data;
  }
  return outputs.findLast((it) => it.output_type === "display_data")?.data ?? null;
}

function failureOf({ status, error, kernel }: ExecutionRecord): string {
  if (status === "lost") return "The server ended while the execution ran";
  const reason = error ? `${error.ename}: ${error.evalue}` : "The execution did not run to its end";
  return kernel.reason === null ? reason : `${reason} (${kernel.reason})`;
}
