import { createRoute, z } from "@hono/zod-openapi";
import type { Executions } from "../../services/executions/executions.ts";
import { settled } from "../../services/executions/live_execution.ts";
import {
  executionSchema,
  executionStatusSchema,
  executionSummarySchema,
  submitSchema,
} from "./schemas/execution.ts";
import { streamFormat, streamResponse } from "../../http/streaming.ts";
import {
  createRouter,
  errors,
  executionPath,
  jsonAnswer,
  jsonBody,
  kernelPath,
} from "../../http/openapi.ts";

/** The longest that one request waits for an execution, in seconds. */
const MAX_WAIT_SECONDS = 3600;
const MAX_LISTED = 1000;

const tags = ["Executions"];
const eventStreams = {
  "text/event-stream": { schema: z.string() },
  "application/x-ndjson": { schema: z.string() },
};

const submit = createRoute({
  method: "post",
  path: "/api/kernels/{id}/executions",
  tags,
  summary: "Run Python",
  description: "Answers the execution's record when it is done, or at once with `wait: false`. " +
    "With `Accept: text/event-stream` or `application/x-ndjson` it answers the events instead.",
  request: { params: kernelPath, body: jsonBody(submitSchema) },
  responses: {
    200: {
      description: "It is done; a Python exception is one of its outcomes",
      content: { "application/json": { schema: executionSchema }, ...eventStreams },
    },
    202: jsonAnswer(executionSchema, "It waits or runs"),
    ...errors(400, 404, 409, 413, 429),
  },
});

const list = createRoute({
  method: "get",
  path: "/api/executions",
  tags,
  summary: "The executions, the newest first",
  request: {
    query: z.object({
      kernelId: z.string().optional(),
      status: executionStatusSchema.optional(),
      limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(100),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ executions: z.array(executionSummarySchema) }),
      "Without their outputs",
    ),
    ...errors(400),
  },
});

const get = createRoute({
  method: "get",
  path: "/api/executions/{id}",
  tags,
  summary: "An execution, with its outputs so far",
  request: {
    params: executionPath,
    query: z.object({
      wait: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0).openapi({
        description: "Seconds to wait for its end",
      }),
    }),
  },
  responses: { 200: jsonAnswer(executionSchema, "Its record"), ...errors(400, 404) },
});

const events = createRoute({
  method: "get",
  path: "/api/executions/{id}/events",
  tags,
  summary: "Follow an execution",
  description: "Every event has a number. A client that was cut off goes on after the last one " +
    "that it has. The last event has the type `done`.",
  request: {
    params: executionPath,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).optional() }),
  },
  responses: {
    200: { description: "Its events, those to come too", content: eventStreams },
    ...errors(400, 404),
  },
});

const cancel = createRoute({
  method: "delete",
  path: "/api/executions/{id}",
  tags,
  summary: "Take an execution out of the queue, or interrupt it",
  request: { params: executionPath },
  responses: {
    200: jsonAnswer(
      z.object({ id: z.string(), cancelled: z.enum(["dequeued", "interrupted"]) }),
      "It will not run, or KeyboardInterrupt was raised in it",
    ),
    ...errors(404, 409),
  },
});

const input = createRoute({
  method: "post",
  path: "/api/executions/{id}/input",
  tags,
  summary: "Answer input()",
  request: {
    params: executionPath,
    body: jsonBody(z.strictObject({
      value: z.string().nullable().openapi({ description: "null: the end of the input" }),
      requestId: z.string().optional().openapi({ description: "By default the oldest request" }),
    })),
  },
  responses: {
    200: jsonAnswer(z.object({ accepted: z.boolean() }), "Whether input() waited for it"),
    ...errors(400, 404),
  },
});

/** Executions: run code, follow it, come back for the result. */
export function executionRoutes(executions: Executions) {
  return createRouter()
    .openapi(submit, async (c) => {
      const request = c.req.valid("json");
      const execution = executions.submit(c.req.valid("param").id, request);
      const headers = { Location: `/api/executions/${encodeURIComponent(execution.id)}` };
      const format = streamFormat(c.req.header("Accept"));
      if (format) {
        return streamResponse((signal) => executions.follow(execution.id, { signal }), {
          format,
          headers,
        });
      }
      if (!request.wait) return c.json(execution.record, 202, headers);
      return c.json(await settled(execution, c.req.raw.signal), 200, headers);
    })
    .openapi(list, (c) => {
      return c.json({ executions: executions.list(c.req.valid("query")) }, 200);
    })
    .openapi(get, async (c) => {
      const { id } = c.req.valid("param");
      const { wait } = c.req.valid("query");
      const live = wait > 0 ? executions.getLive(id) : undefined;
      const record = live ? await settled(live, c.req.raw.signal, wait * 1000) : executions.get(id);
      return c.json(record, 200);
    })
    .openapi(events, (c) => {
      const { id } = c.req.valid("param");
      const after = c.req.valid("query").after ?? c.req.valid("header")["last-event-id"] ?? 0;
      const format = streamFormat(c.req.header("Accept"));
      executions.get(id);
      return streamResponse((signal) => executions.follow(id, { after, signal }), { format });
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid("param");
      return c.json({ id, cancelled: await executions.cancel(id) }, 200);
    })
    .openapi(input, async (c) => {
      const { value, requestId } = c.req.valid("json");
      const accepted = await executions.answerInput(c.req.valid("param").id, value, requestId);
      return c.json({ accepted }, 200);
    });
}
