import { type InputRequests, inputRequired } from "@modelcontextprotocol/server";
import type { InputRequestEvent } from "../../../../kernel/mod.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";

/** The name of the extension of MCP by which long calls become tasks. */
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** The time after which a call becomes a task, in milliseconds. */
export const TASK_AFTER_MS = 1_000;
/** The time for which a task can be asked for at least, in milliseconds. */
const TTL_MS = 3_600_000;
const POLL_INTERVAL_MS = 1_000;

/** The values of a task's status. */
export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** The members that all answers about a task have. */
export interface Task {
  /** The id of the run. */
  taskId: string;
  status: TaskStatus;
  createdAt: string;
  lastUpdatedAt: string;
  ttlMs: number;
  pollIntervalMs: number;
}

/** Describes a run as a task; `isAsking` tells that `input()` waits for the client. */
export function taskOf(record: ExecutionRecord, isAsking: boolean): Task {
  return {
    taskId: record.id,
    status: statusOf(record, isAsking),
    createdAt: record.createdAt,
    lastUpdatedAt: record.finishedAt ?? new Date().toISOString(),
    ttlMs: TTL_MS,
    pollIntervalMs: POLL_INTERVAL_MS,
  };
}

/** Returns the questions of a task, by the keys under which the client answers. */
export function questionsOf({ requestId, prompt }: InputRequestEvent): InputRequests {
  return { [requestId]: elicitation(prompt) };
}

/** Makes the question that `input()` asks. */
export function elicitation(prompt: string) {
  return inputRequired.elicit({
    message: prompt.slice(0, 4_000) || "The code asks for a line of input",
    requestedSchema: {
      type: "object",
      properties: { value: { type: "string", title: "Input" } },
      required: ["value"],
    },
  });
}

function statusOf({ status, error }: ExecutionRecord, isAsking: boolean): TaskStatus {
  if (status === "queued" || status === "running") return isAsking ? "input_required" : "working";
  const cancelled = ["KeyboardInterrupt", "ExecutionCancelled"].includes(error?.ename ?? "");
  return cancelled ? "cancelled" : "completed";
}
