import { createRoute, z } from "@hono/zod-openapi";
import { ServiceError } from "../../errors/service_error.ts";
import {
  createRouter,
  errors,
  jsonAnswer,
  jsonBody,
  kernelPath,
  pathParameter,
} from "../../http/openapi.ts";
import { streamResponse } from "../../http/streaming.ts";
import type { ExecutionEvents, FollowedLine } from "../../services/executions/event_log.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { type LiveExecution, settled } from "../../services/executions/live_execution.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import { kernelModel, kernelSchema } from "../native/schemas/kernel.ts";
import { outputEvent, outputEvents } from "./output_events.ts";

/** The number of executions in the history of a kernel. */
const MAX_HISTORY = 100;

/** The most that the history shows, in characters; the newest executions come first. */
const MAX_HISTORY_SIZE = 16 * 2 ** 20;

const tags = ["Earlier API"];
const code = jsonBody(z.object({
  code: z.string({ error: "name the Python to run, as a string" }).min(1, "there is no code"),
}));
const outputsSchema = z.array(z.object({
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
}));
const sessionPath = kernelPath.extend({
  session_id: pathParameter("session_id"),
});
const stream = {
  200: {
    description: "One line `data: {type, data}` for each output",
    content: { "text/event-stream": { schema: z.string() } },
  },
};

const info = createRoute({
  method: "get",
  path: "/api/kernels/{id}/info",
  tags,
  summary: "Show a kernel and its history",
  request: { params: kernelPath },
  responses: {
    200: jsonAnswer(
      kernelSchema.extend({
        history: z.array(
          z.object({ id: z.string(), script: z.string(), outputs: outputsSchema }),
        ),
      }),
      `The kernel, with its last ${MAX_HISTORY} executions, fewer when they are large`,
    ),
    ...errors(404),
  },
});

const execute = createRoute({
  method: "post",
  path: "/api/kernels/{id}/execute",
  tags,
  summary: "Run Python and return its outputs",
  request: { params: kernelPath, body: code },
  responses: { 200: jsonAnswer(outputsSchema, "The outputs"), ...errors(400, 404, 409, 429) },
});

const executeStream = createRoute({
  method: "post",
  path: "/api/kernels/{id}/execute/stream",
  tags,
  summary: "Run Python and follow its outputs",
  request: { params: kernelPath, body: code },
  responses: { ...stream, ...errors(400, 404, 409, 429) },
});

const submit = createRoute({
  method: "post",
  path: "/api/kernels/{id}/execute/submit",
  tags,
  summary: "Run Python without waiting",
  request: { params: kernelPath, body: code },
  responses: {
    200: jsonAnswer(z.object({ session_id: z.string() }), "The id of the execution"),
    ...errors(400, 404, 409, 429),
  },
});

const result = createRoute({
  method: "get",
  path: "/api/kernels/{id}/execute/result/{session_id}",
  tags,
  summary: "Return the outputs of a submitted execution once it is done",
  request: { params: sessionPath },
  responses: { 200: jsonAnswer(outputsSchema, "The outputs"), ...errors(404) },
});

const resultStream = createRoute({
  method: "get",
  path: "/api/kernels/{id}/execute/stream/{session_id}",
  tags,
  summary: "Follow a submitted execution from its beginning",
  request: { params: sessionPath },
  responses: { ...stream, ...errors(404) },
});

/** The routes that programs written for earlier servers call. */
export function executeRoutes(kernels: Kernels, executions: Executions) {
  /** Refuses an execution that does not belong to the kernel. */
  async function checkSession(kernelId: string, id: string): Promise<void> {
    if ((await executions.get(id)).kernelId === kernelId) return;
    throw new ServiceError(
      "not_found",
      `Cannot find session "${id}": kernel "${kernelId}" has no such session`,
    );
  }

  async function submitted(kernelId: string, code: string): Promise<LiveExecution> {
    return await executions.submit(kernelId, { code, origin: "earlier" });
  }

  function followOutputs(events: ExecutionEvents): Response {
    return streamResponse((signal) => outputLines(events.follow({ signal })));
  }

  return createRouter()
    .openapi(info, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const recent = await executions.list({ kernelId: kernel.id, limit: MAX_HISTORY });
      const history = [];
      let size = 0;
      for (const { id, code, codeTruncated } of recent) {
        const { lines } = await executions.events(id);
        const script = codeTruncated ? (await executions.get(id)).code : code;
        size += lines.reduce((sum, { length }) => sum + length, script.length);
        if (history.length > 0 && size > MAX_HISTORY_SIZE) break;
        history.push({ id, script, outputs: outputEvents(lines) });
      }
      return c.json({ ...kernelModel(kernels.describe(kernel)), history: history.reverse() }, 200);
    })
    .openapi(execute, async (c) => {
      const execution = await submitted(c.req.valid("param").id, c.req.valid("json").code);
      await settled(execution, c.req.raw.signal);
      return c.json(outputEvents(execution.lines), 200);
    })
    .openapi(executeStream, async (c) => {
      return followOutputs(await submitted(c.req.valid("param").id, c.req.valid("json").code));
    })
    .openapi(submit, async (c) => {
      const { id } = await submitted(c.req.valid("param").id, c.req.valid("json").code);
      return c.json({ session_id: id }, 200);
    })
    .openapi(result, async (c) => {
      const { id, session_id } = c.req.valid("param");
      await checkSession(id, session_id);
      const live = executions.getLive(session_id);
      if (live) await settled(live, c.req.raw.signal);
      const { lines } = live ?? await executions.events(session_id);
      return c.json(outputEvents(lines), 200);
    })
    .openapi(resultStream, async (c) => {
      const { id, session_id } = c.req.valid("param");
      await checkSession(id, session_id);
      return followOutputs(await executions.events(session_id));
    });
}

/** Picks the events that show something, and writes them as earlier servers did. */
async function* outputLines(lines: AsyncIterable<FollowedLine>): AsyncGenerator<FollowedLine> {
  for await (const line of lines) {
    if (line.keepalive) yield line;
    const shown = !line.keepalive && outputEvent(JSON.parse(line.json));
    if (shown) yield { ...(line.seq && { seq: line.seq }), json: JSON.stringify(shown) };
  }
}
