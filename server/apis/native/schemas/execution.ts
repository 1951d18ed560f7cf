import { z } from "@hono/zod-openapi";
import type { Output, UserExpression } from "../../../../kernel/mod.ts";
import {
  EXECUTION_ORIGINS,
  EXECUTION_STATUSES,
  type ExecutionRecord,
} from "../../../services/executions/record.ts";
import {
  executionIdSchema,
  stdinSchema,
  userExpressionsSchema,
} from "../../../services/executions/request.ts";

/** The state of an execution. */
export const executionStatusSchema = z.enum(EXECUTION_STATUSES).openapi({
  description: "`timeout`: its time limit ended it. `aborted`: it never ran, or its kernel ended " +
    "under it. `lost`: the server ended under it, and nobody knows how far it came",
});

/** The body of `POST /api/kernels/{id}/executions`. */
export const submitSchema = z.strictObject({
  code: z.string({ error: "name the Python to run, as a string" }),
  id: executionIdSchema.optional().openapi({
    description: "The execution's id, chosen by the caller; by default a random UUID",
  }),
  timeoutMs: z.int().min(0).optional().openapi({
    description: "Interrupts the execution after this many milliseconds of running; 0: never",
  }),
  wait: z.boolean().default(true).openapi({
    description: "True if the answer waits for the end of the execution",
  }),
  onDisconnect: z.enum(["continue", "interrupt"]).default("continue").openapi({
    description: "The fate of the execution when the last client that waits for it leaves",
  }),
  stdin: stdinSchema.optional().openapi({
    description: "Lines that answer input() in turn; after the last, input() raises EOFError",
  }),
  allowStdin: z.boolean().default(false).openapi({
    description: "True if a client answers input_request events; otherwise input() raises",
  }),
  silent: z.boolean().optional().openapi({
    description: "Runs the code without a count, a history entry and a displayed value",
  }),
  storeHistory: z.boolean().optional().openapi({
    description: "True if the code is counted and kept in the history; by default unless `silent`",
  }),
  userExpressions: userExpressionsSchema.optional().openapi({
    description: "Expressions to evaluate after the code, by name",
  }),
}).openapi("SubmitExecution");

const mimeBundle = z.record(z.string(), z.unknown());
const pythonError = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});

// The library makes the outputs; the schema documents their shape without checking each of them again.
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
  origin: z.enum(EXECUTION_ORIGINS).openapi({
    description: "The family of APIs by which the execution came",
  }),
  tool: z.string().nullable().openapi({
    description: "The name of the tool that an agent called to run the code",
  }),
  status: executionStatusSchema,
  executionCount: z.int().nullable().openapi({ description: "The n of In[n]" }),
  outputsTruncated: z.boolean().openapi({
    description: "True if the outputs leave out text because there was too much of it",
  }),
  result: z.object({ data: mimeBundle, metadata: mimeBundle }).nullable().openapi({
    description: "The value of the last expression in each of its formats",
  }),
  error: pythonError.nullable().openapi({
    description: "The exception that ended the execution, or the reason why it was aborted",
  }),
  usage: z.object({
    queuedMs: z.number(),
    wallMs: z.number(),
    cpuMs: z.number().nullable(),
    peakMemoryBytes: z.int().nullable(),
    memoryBytes: z.int().nullable(),
    outputBytes: z.int(),
    droppedOutputBytes: z.int(),
  }).nullable().openapi({
    description: "The resources that the execution used; null until it is done",
  }),
  kernel: z.object({
    statePreserved: z.boolean(),
    restarted: z.boolean(),
    reason: z.string().nullable(),
  }).openapi({ description: "The effect of the execution on its kernel" }),
  lost: z.string().optional().openapi({
    description:
      'The part of what it did that may be missing here, such as "outputs while disconnected" from a ' +
      "kernel of another server; absent when nothing is",
  }),
  userExpressions: z.record(
    z.string(),
    z.custom<UserExpression>().openapi({ type: "object" }),
  ),
  payload: z.array(mimeBundle),
  lastEvent: z.int().openapi({ description: "The number of the newest event" }),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
};

/** An execution in a list. */
export const listedExecutionSchema = z.object({
  ...summary,
  codeTruncated: z.boolean().optional().openapi({
    description: "True if `code` is only the beginning of the code; missing when it cannot be",
  }),
  outputs: z.array(output).optional().openapi({ description: "Only with `include=outputs`" }),
}).openapi("ListedExecution");

/** An execution with its outputs; while it runs, they are those so far. */
export const executionSchema = z.object({ ...summary, outputs: z.array(output) }).openapi(
  "Execution",
) satisfies z.ZodType<ExecutionRecord>;
