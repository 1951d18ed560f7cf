import { createRoute, z } from "@hono/zod-openapi";
import type { HistoryQuery } from "../../../kernel/mod.ts";
import { createRouter, errors, jsonAnswer, jsonBody, kernelPath } from "../../http/openapi.ts";
import type { Executions } from "../../services/executions/executions.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

const tags = ["Introspection"];
const mimeBundle = z.record(z.string(), z.unknown());
const cursorPos = z.int().min(0).optional().openapi({
  description: "The cursor's position in code points; by default the end of the code",
});

/** Describes a route that asks a kernel something about code. */
function question<B extends z.ZodType, A extends z.ZodType>(
  name: string,
  summary: string,
  body: B,
  answer: A,
) {
  return createRoute({
    method: "post",
    path: `/api/kernels/{id}/${name}`,
    tags,
    summary,
    request: { params: kernelPath, body: jsonBody(body) },
    responses: { 200: jsonAnswer(answer, "The kernel's answer"), ...errors(400, 404, 409) },
  });
}

const complete = question(
  "complete",
  "List the completions at the cursor",
  z.strictObject({ code: z.string(), cursorPos }),
  z.object({
    matches: z.array(z.string()),
    cursorStart: z.int(),
    cursorEnd: z.int(),
    metadata: mimeBundle,
  }),
);

const inspect = question(
  "inspect",
  "Show the documentation of the name at the cursor",
  z.strictObject({
    code: z.string(),
    cursorPos,
    detailLevel: z.union([z.literal(0), z.literal(1)]).optional(),
  }),
  z.object({ found: z.boolean(), data: mimeBundle, metadata: mimeBundle }),
);

const isComplete = question(
  "is-complete",
  "Test whether code is complete or wants another line",
  z.strictObject({ code: z.string() }),
  z.object({
    status: z.enum(["complete", "incomplete", "invalid", "unknown"]),
    indent: z.string(),
  }),
);

const input = question(
  "input",
  "Answer an input_request event",
  z.strictObject({
    requestId: z.string(),
    value: z.string().nullable().openapi({
      description: "The line; null ends the input: input() raises EOFError",
    }),
  }),
  z.object({ accepted: z.boolean() }),
);

const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const history = createRoute({
  method: "get",
  path: "/api/kernels/{id}/history",
  tags,
  summary:
    "List past inputs: the last `n`, those that match `pattern`, or those from `start` to `stop`",
  request: {
    params: kernelPath,
    query: z.object({
      n: z.coerce.number().int().min(1).optional(),
      pattern: z.string().optional().openapi({ description: "A glob" }),
      unique: flag.optional(),
      start: z.coerce.number().int().optional(),
      stop: z.coerce.number().int().optional(),
      session: z.coerce.number().int().optional(),
      output: flag.optional(),
      raw: flag.optional(),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({ history: z.array(z.array(z.unknown())) }),
      "Entries of the form `[session, line, input]`, or `[session, line, [input, output]]`",
    ),
    ...errors(400, 404, 409),
  },
});

const variables = createRoute({
  method: "get",
  path: "/api/kernels/{id}/variables",
  tags,
  summary: "List the variables that cells have made",
  request: { params: kernelPath },
  responses: {
    200: jsonAnswer(
      z.object({
        variables: z.array(z.object({
          name: z.string(),
          type: z.string(),
          summary: z.string(),
          bytes: z.int().nullable(),
          length: z.int().nullable(),
          shape: z.array(z.int()).nullable(),
        })),
      }),
      "The variables by name",
    ),
    ...errors(404, 409),
  },
});

/** The routes that ask a kernel something besides running code. While a cell computes, the answer waits. */
export function introspectionRoutes(kernels: Kernels, executions: Executions) {
  return createRouter()
    .openapi(complete, async (c) => {
      const { code, cursorPos } = c.req.valid("json");
      const kernel = await kernels.get(c.req.valid("param").id);
      return c.json(
        await kernel.calls.complete(code, cursorPos, { signal: c.req.raw.signal }),
        200,
      );
    })
    .openapi(inspect, async (c) => {
      const { code, cursorPos, detailLevel } = c.req.valid("json");
      const kernel = await kernels.get(c.req.valid("param").id);
      const options = { signal: c.req.raw.signal };
      return c.json(await kernel.calls.inspect(code, cursorPos, detailLevel, options), 200);
    })
    .openapi(isComplete, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const { code } = c.req.valid("json");
      return c.json(await kernel.calls.isComplete(code, { signal: c.req.raw.signal }), 200);
    })
    .openapi(input, async (c) => {
      const { requestId, value } = c.req.valid("json");
      const { id } = c.req.valid("param");
      const accepted = await executions.answerKernelInput(id, value, requestId);
      return c.json({ accepted }, 200);
    })
    .openapi(history, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const query = historyQuery(c.req.valid("query"));
      return c.json(
        { history: await kernel.calls.history(query, { signal: c.req.raw.signal }) },
        200,
      );
    })
    .openapi(variables, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      return c.json({ variables: await kernel.calls.variables({ signal: c.req.raw.signal }) }, 200);
    });
}

/** Chooses the kind of access by the parameters that are given. */
function historyQuery(
  { pattern, start, stop, ...rest }: z.infer<typeof history.request.query>,
): HistoryQuery {
  const given = (entries: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
  if (pattern !== undefined) return { ...given(rest), accessType: "search", pattern };
  if (start !== undefined || stop !== undefined) {
    return { ...given({ ...rest, start, stop }), accessType: "range" };
  }
  return { n: 100, ...given(rest), accessType: "tail" };
}
