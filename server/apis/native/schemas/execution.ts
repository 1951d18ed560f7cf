import { z } from "@hono/zod-openapi";
import type { Output, PythonError, UserExpression } from "../../../../kernel/mod.ts";

/** How an execution stands. `lost`: the server ended under it, and nobody knows how far it came. */
export const executionStatusSchema = z.enum([
  "queued",
  "running",
  "ok",
  "error",
  "aborted",
  "timeout",
  "lost",
]);

/** How an execution stands. */
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

/** What `POST /api/kernels/{id}/executions` takes. */
export const submitSchema = z.strictObject({
  code: z.string({ error: "name the Python to run, as a string" }),
  id: z.string().optional().openapi({ description: "Chosen by the caller; by default a UUID" }),
  timeoutMs: z.int().min(0).optional().openapi({
    description: "Interrupts it after this many milliseconds of running; 0: never",
  }),
  wait: z.boolean().default(true).openapi({ description: "Answer when it is done" }),
  onDisconnect: z.enum(["continue", "interrupt"]).default("continue").openapi({
    description: "What happens to it when the last client that waits for it goes away",
  }),
  stdin: z.array(z.string()).optional().openapi({
    description: "Lines that answer input() in turn; after the last, input() raises EOFError",
  }),
  allowStdin: z.boolean().default(false).openapi({
    description: "A client answers input_request events",
  }),
  silent: z.boolean().optional(),
  storeHistory: z.boolean().optional(),
  userExpressions: z.record(z.string(), z.string()).optional(),
}).openapi("SubmitExecution");

/** An execution that was asked for. */
export type SubmitExecution = z.infer<typeof submitSchema>;

const mimeBundle = z.record(z.string(), z.unknown());
const pythonError = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});

// The library makes the outputs; this documents their shapes without going through each again.
const output = z.custom<Output>().openapi({
  type: "object",
  description: "An output in the notebook format (nbformat 4): stream, display_data, " +
    "execute_result or error, told apart by output_type",
  properties: { output_type: { type: "string" } },
});

const summary = {
  id: z.string(),
  kernelId: z.string(),
  code: z.string(),
  status: executionStatusSchema,
  executionCount: z.int().nullable(),
  outputsTruncated: z.boolean(),
  result: z.object({ data: mimeBundle, metadata: mimeBundle }).nullable(),
  error: pythonError.nullable(),
  usage: z.object({
    queuedMs: z.number(),
    wallMs: z.number(),
    cpuMs: z.number().nullable(),
    peakMemoryBytes: z.int().nullable(),
    memoryBytes: z.int().nullable(),
    outputBytes: z.int(),
    droppedOutputBytes: z.int(),
  }).nullable(),
  kernel: z.object({
    statePreserved: z.boolean(),
    restarted: z.boolean(),
    reason: z.string().nullable(),
  }),
  userExpressions: z.record(
    z.string(),
    z.custom<UserExpression>().openapi({ type: "object" }),
  ),
  payload: z.array(mimeBundle),
  lastEvent: z.int().openapi({ description: "The number of its newest event" }),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
};

/** An execution without its outputs. */
export const executionSummarySchema = z.object(summary).openapi("ExecutionSummary");

/** An execution. While it runs, its outputs are those so far. */
export const executionSchema = z.object({ ...summary, outputs: z.array(output) })
  .openapi("Execution");

/** An execution without its outputs. */
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

/** An execution as clients see it. */
export type ExecutionRecord = z.infer<typeof executionSchema>;

/** An execution without its outputs. */
export function withoutOutputs({ outputs: _, ...rest }: ExecutionRecord): ExecutionSummary {
  return rest;
}

/** Why an execution has no outcome, in the shape of a Python error. */
export function noOutcome(ename: string, evalue: string): PythonError {
  return { ename, evalue, traceback: [] };
}
