import { createRoute, z } from "@hono/zod-openapi";
import type { KernelManager } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { FollowedLine } from "../../services/executions/event_log.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { settled } from "../../services/executions/live_execution.ts";
import { outputEvent, outputEvents } from "./output_events.ts";
import type { JupyterKernels } from "../../services/kernels/kernels.ts";
import { kernelModel, kernelSchema } from "../native/schemas/kernel.ts";
import { streamResponse } from "../../http/streaming.ts";
import { createRouter, errors, jsonAnswer, jsonBody, kernelPath } from "../../http/openapi.ts";

/** How many executions a kernel's info tells of. */
const MAX_HISTORY = 100;

const tags = ["Earlier API"];
const code = jsonBody(z.object({
  code: z.string({ error: "name the Python to run, as a string" }).min(1, "there is no code"),
}));
const outputsSchema = z.array(z.object({
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
}));
const sessionPath = kernelPath.extend({
  session_id: z.string().openapi({ param: { name: "session_id", in: "path" } }),
});
const stream = {
  200: {
    description: "One `data: {type, data}` for each output",
    content: { "text/event-stream": { schema: z.string() } },
  },
};

const info = createRoute({
  method: "get",
  path: "/api/kernels/{id}/info",
  tags,
  summary: "A kernel and what it ran",
  request: { params: kernelPath },
  responses: {
    200: jsonAnswer(
      kernelSchema.extend({
        history: z.array(
          z.object({ id: z.string(), script: z.string(), outputs: outputsSchema }),
        ),
      }),
      `The kernel, with its last ${MAX_HISTORY} executions`,
    ),
    ...errors(404),
  },
});

const execute = createRoute({
  method: "post",
  path: "/api/kernels/{id}/execute",
  tags,
  summary: "Run Python and answer what it showed",
  request: { params: kernelPath, body: code },
  responses: { 200: jsonAnswer(outputsSchema, "What it showed"), ...errors(400, 404, 409, 429) },
});

const executeStream = createRoute({
  method: "post",
  path: "/api/kernels/{id}/execute/stream",
  tags,
  summary: "Run Python and follow what it shows",
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
    200: jsonAnswer(z.object({ session_id: z.string() }), "Names the execution"),
    ...errors(400, 404, 409, 429),
  },
});

const result = createRoute({
  method: "get",
  path: "/api/kernels/{id}/execute/result/{session_id}",
  tags,
  summary: "What a submitted execution showed, once it is done",
  request: { params: sessionPath },
  responses: { 200: jsonAnswer(outputsSchema, "What it showed"), ...errors(404) },
});

const resultStream = createRoute({
  method: "get",
  path: "/api/kernels/{id}/execute/stream/{session_id}",
  tags,
  summary: "Follow a submitted execution from its beginning",
  request: { params: sessionPath },
  responses: { ...stream, ...errors(404) },
});

/** The routes that programs written for earlier servers call: executions as lists of outputs. */
export function executeRoutes(
  kernels: KernelManager,
  executions: Executions,
  jupyter: JupyterKernels,
) {
  /** The execution of that id, if it is one of that kernel. */
  function checkSession(kernelId: string, id: string): void {
    if (executions.get(id).kernelId === kernelId) return;
    throw new HttpError(
      404,
      "not_found",
      `Cannot find session "${id}": kernel "${kernelId}" has no such session`,
    );
  }

  function submitted(kernelId: string, code: string) {
    return executions.submit(kernelId, {
      code,
      wait: false,
      allowStdin: false,
      onDisconnect: "continue",
    });
  }

  function followOutputs(id: string): Response {
    return streamResponse((signal) => outputLines(executions.follow(id, { signal })));
  }

  return createRouter()
    .openapi(info, (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      const recent = executions.list({ kernelId: kernel.id, limit: MAX_HISTORY }).reverse();
      const history = recent.map(({ id, code }) => ({
        id,
        script: code,
        outputs: outputEvents(executions.eventLines(id)),
      }));
      return c.json({ ...kernelModel(kernel.info, jupyter), history }, 200);
    })
    .openapi(execute, async (c) => {
      const execution = submitted(c.req.valid("param").id, c.req.valid("json").code);
      await settled(execution, c.req.raw.signal);
      return c.json(outputEvents(execution.log.lines), 200);
    })
    .openapi(executeStream, (c) => {
      return followOutputs(submitted(c.req.valid("param").id, c.req.valid("json").code).id);
    })
    .openapi(submit, (c) => {
      const { id } = submitted(c.req.valid("param").id, c.req.valid("json").code);
      return c.json({ session_id: id }, 200);
    })
    .openapi(result, async (c) => {
      const { id, session_id } = c.req.valid("param");
      checkSession(id, session_id);
      const live = executions.getLive(session_id);
      if (live) await settled(live, c.req.raw.signal);
      return c.json(outputEvents(executions.eventLines(session_id)), 200);
    })
    .openapi(resultStream, (c) => {
      const { id, session_id } = c.req.valid("param");
      checkSession(id, session_id);
      return followOutputs(session_id);
    });
}

/** Of the events of an execution those that show something, as earlier servers wrote them. */
async function* outputLines(lines: AsyncIterable<FollowedLine>): AsyncGenerator<FollowedLine> {
  for await (const line of lines) {
    if (line.keepalive) yield line;
    const shown = !line.keepalive && outputEvent(JSON.parse(line.json));
    if (shown) yield { ...(line.seq && { seq: line.seq }), json: JSON.stringify(shown) };
  }
}
