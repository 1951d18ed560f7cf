import { createRoute, z } from "@hono/zod-openapi";
import {
  createRouter,
  errors,
  executionPath,
  jsonAnswer,
  jsonBody,
  jsonText,
  kernelPath,
} from "../../http/openapi.ts";
import { streamFormat, streamResponse } from "../../http/streaming.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { recordJson } from "../../services/executions/json.ts";
import { settled } from "../../services/executions/live_execution.ts";
import {
  executionSchema,
  executionStatusSchema,
  listedExecutionSchema,
  submitSchema,
} from "./schemas/execution.ts";

/** The longest time that one request waits for an execution, in seconds. */
const MAX_WAIT_SECONDS = 3600;
/** The most executions that one request lists. */
const MAX_LISTED = 1000;

/** The most JSON of whole records that one request lists, in characters. */
const MAX_LISTED_SIZE = 32 * 2 ** 20;

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
  description: "The answer is the execution's record, when it is done or at once with " +
    "`wait: false`. With `Accept: text/event-stream` or `application/x-ndjson` the answer is the " +
    "stream of its events.",
  request: { params: kernelPath, body: jsonBody(submitSchema) },
  responses: {
    200: {
      description: "The execution is done; a Python exception is one of its outcomes",
      content: { "application/json": { schema: executionSchema }, ...eventStreams },
    },
    202: jsonAnswer(executionSchema, "The execution waits or runs"),
    ...errors(400, 404, 409, 413, 429),
  },
});

const list = createRoute({
  method: "get",
  path: "/api/executions",
  tags,
  summary: "List executions, the newest first",
  request: {
    query: z.object({
      kernelId: z.string().optional(),
      status: executionStatusSchema.optional(),
      before: z.string().optional().openapi({
        description: "Continues a list: the id of its last execution",
      }),
      include: z.literal("outputs").optional().openapi({
        description: "Answers whole records, with results, tracebacks and outputs",
      }),
      limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(100),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ executions: z.array(listedExecutionSchema) }),
      "The executions without results, tracebacks and outputs; fewer than `limit` when they are " +
        "large. A list ends when the one that continues it is empty",
    ),
    ...errors(400, 404),
  },
});

const get = createRoute({
  method: "get",
  path: "/api/executions/{id}",
  tags,
  summary: "Show an execution with its outputs so far",
  request: {
    params: executionPath,
    query: z.object({
      wait: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0).openapi({
        description: "The seconds to wait for the end of the execution",
      }),
    }),
  },
  responses: { 200: jsonAnswer(executionSchema, "The execution's record"), ...errors(400, 404) },
});

const events = createRoute({
  method: "get",
  path: "/api/executions/{id}/events",
  tags,
  summary: "Follow an execution",
  description: "Every event has a number. A client that was cut off goes on after the number of " +
    "the last event that it has. The last event has the type `done`.",
  request: {
    params: executionPath,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).optional() }),
  },
  responses: {
    200: { description: "The events of the execution, those to come too", content: eventStreams },
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
      "`dequeued`: the execution will not run; `interrupted`: KeyboardInterrupt was raised in it",
    ),
    ...errors(404, 409),
  },
});

const input = createRoute({
  method: "post",
  path: "/api/executions/{id}/input",
  tags,
  summary: "Answer the input() of an execution",
  request: {
    params: executionPath,
    body: jsonBody(z.strictObject({
      value: z.string().nullable().openapi({
        description: "The line; null ends the input: input() raises EOFError",
      }),
      requestId: z.string().optional().openapi({
        description: "Names the request; by default the oldest",
      }),
    })),
  },
  responses: {
    200: jsonAnswer(
      z.object({ accepted: z.boolean() }),
      "`accepted` tells whether input() waited for the answer",
    ),
    ...errors(400, 404),
  },
});

const tools = createRoute({
  method: "post",
  path: "/api/executions/{id}/tools",
  tags,
  summary: "Answer a tool_call of an execution",
  request: {
    params: executionPath,
    body: jsonBody(
      z.strictObject({
        requestId: z.string().openapi({ description: "The `requestId` of the event" }),
        value: z.unknown().optional().openapi({ description: "The answer: any JSON value" }),
        error: z.string().optional().openapi({
          description: "The message of the ToolError that is raised instead",
        }),
      }).refine(
        ({ value, error }) => (value === undefined) !== (error === undefined),
        "use either value or error",
      ),
    ),
  },
  responses: {
    200: jsonAnswer(
      z.object({ accepted: z.boolean() }),
      "`accepted` tells whether code waited for the answer",
    ),
    ...errors(400, 404),
  },
});

/** The routes that run code, follow executions and show their records. */
export function executionRoutes(executions: Executions) {
  return createRouter()
    .openapi(submit, async (c) => {
      const { wait, ...request } = c.req.valid("json");
      const execution = await executions.submit(c.req.valid("param").id, {
        ...request,
        origin: "native",
      });
      const headers = { Location: `/api/executions/${encodeURIComponent(execution.id)}` };
      const format = streamFormat(c.req.header("Accept"));
      if (format) {
        return streamResponse((signal) => execution.follow({ signal }), { format, headers });
      }
      if (!wait) return jsonText(c, recordJson(execution.accepted), 202, headers);
      await settled(execution, c.req.raw.signal);
      return jsonText(c, execution.json, 200, headers);
    })
    .openapi(list, async (c) => {
      const { include, ...query } = c.req.valid("query");
      const found = await executions.list(query);
      if (include === undefined) return c.json({ executions: found }, 200);
      const records = await wholeRecords(executions, found.map(({ id }) => id));
      return jsonText(c, `{"executions":[${records.join()}]}`, 200);
    })
    .openapi(get, async (c) => {
      const { id } = c.req.valid("param");
      const { wait } = c.req.valid("query");
      const live = wait > 0 ? executions.getLive(id) : undefined;
      if (live) await settled(live, c.req.raw.signal, wait * 1000);
      return jsonText(c, live?.json ?? await executions.json(id), 200);
    })
    .openapi(events, async (c) => {
      const { id } = c.req.valid("param");
      const after = c.req.valid("query").after ?? c.req.valid("header")["last-event-id"] ?? 0;
      const format = streamFormat(c.req.header("Accept"));
      const log = await executions.events(id);
      return streamResponse((signal) => log.follow({ after, signal }), { format });
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid("param");
      return c.json({ id, cancelled: await executions.cancel(id) }, 200);
    })
    .openapi(input, async (c) => {
      const { value, requestId } = c.req.valid("json");
      const accepted = await executions.answerInput(c.req.valid("param").id, value, requestId);
      return c.json({ accepted }, 200);
    })
    .openapi(tools, async (c) => {
      const { requestId, value, error } = c.req.valid("json");
      const outcome = error === undefined ? { value } : { error };
      const { id } = c.req.valid("param");
      return c.json({ accepted: await executions.answerTool(id, requestId, outcome) }, 200);
    });
}

/** Returns records as JSON, in order, until they are large together; at least one. */
async function wholeRecords(executions: Executions, ids: readonly string[]): Promise<string[]> {
  const records: string[] = [];
  let size = 0;
  for (const id of ids) {
    if (!await executions.has(id)) continue;
    const json = await executions.json(id);
    size += json.length;
    if (records.length > 0 && size > MAX_LISTED_SIZE) break;
    records.push(json);
  }
  return records;
}
