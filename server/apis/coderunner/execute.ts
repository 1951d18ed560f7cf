import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, jsonBody, pathParameter } from "../../http/openapi.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { type LiveExecution, settled } from "../../services/executions/live_execution.ts";
import type { ExecutionStatus } from "../../services/executions/record.ts";
import type { KernelKinds } from "../../services/kernels/kinds.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { epochSeconds } from "../rest/stream_text.ts";
import { DEFAULT_LANGUAGE, languageOf, withoutMagic } from "./languages.ts";
import { commandResult } from "./result.ts";
import { type CodeRunnerSessions, languageOfKernel, sessionOf } from "./sessions.ts";
import { findTask } from "./tasks.ts";

/** The seconds that a command may run whose sender names no time. */
const DEFAULT_TIMEOUT = 30;
/** The most seconds that a command may ask for. */
const MAX_TIMEOUT = 86_400;

const tags = ["CodeRunner"];
const text = z.string({ error: "use a string" });
const command = jsonBody(z.object({
  command: text.nullish().openapi({ description: "The code to run" }),
  code: text.nullish().openapi({ description: "Another name of `command`" }),
  language: text.nullish().openapi({ description: "See GET /languages; by default Python" }),
  timeout: z.number().positive("use more than 0 seconds").max(MAX_TIMEOUT).nullish().openapi({
    description:
      `The seconds after which the command is interrupted; by default ${DEFAULT_TIMEOUT}`,
  }),
  session_id: text.nullish().openapi({ description: "By default a new session" }),
}));
type CommandBody = z.infer<typeof command["content"]["application/json"]["schema"]>;

const resultSchema = z.object({
  stdout: z.string(),
  stderr: z.string(),
  execution_time: z.number(),
  cpu_time: z.number().nullable(),
  output: z.string().openapi({
    description: "Both streams, where InstaVM's client looks for what a streaming command wrote",
  }),
});

/** CodeRunner's newest client sends commands to the second path. */
const execute = ["/execute", "/v1/execute"].map((path) =>
  createRoute({
    method: "post",
    path,
    tags,
    summary: "Run a command and wait for its end",
    request: { body: command },
    responses: {
      200: jsonAnswer(
        resultSchema.extend({ session_id: z.string() }),
        "The texts that the command wrote",
      ),
      400: jsonAnswer(
        resultSchema.extend({ detail: z.string() }),
        "There is no code, or the language is unknown; stderr has the reason",
      ),
      ...errors(404, 429),
    },
  })
);

const executeAsync = createRoute({
  method: "post",
  path: "/execute_async",
  tags,
  summary: "Run a command without waiting",
  request: { body: command },
  responses: {
    200: jsonAnswer(
      z.object({ task_id: z.string(), status: z.literal("queued") }),
      "The id of the task",
    ),
    ...errors(400, 404, 429),
  },
});

const task = createRoute({
  method: "get",
  path: "/tasks/{task_id}",
  tags,
  summary: "Show a task",
  request: {
    params: z.object({
      task_id: pathParameter("task_id"),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        id: z.string(),
        status: z.enum(["queued", "running", "completed", "failed"]),
        command: z.string(),
        language: z.string(),
        session_id: z.string(),
        created_at: z.number(),
        completed_at: z.number().optional(),
        result: z.object({ stdout: z.string(), stderr: z.string(), session_id: z.string() })
          .nullable(),
        error: z.string().nullable(),
      }),
      "The task",
    ),
    ...errors(404),
  },
});

/** The services that commands need. */
export interface CommandServices {
  executions: Executions;
  kinds: KernelKinds;
  sessions: CodeRunnerSessions;
}

/** The routes by which commands run. */
export function executeRoutes({ executions, kinds, sessions }: CommandServices) {
  async function submit(body: CommandBody): Promise<LiveExecution> {
    const language = languageOf(kinds, body.language ?? DEFAULT_LANGUAGE);
    const code = body.code ?? body.command;
    if (code == null || code.trim() === "") {
      const message = "There is no code: send it as `command`, or as `code`";
      throw new HttpError(400, "invalid_argument", message);
    }
    const asked = withoutMagic(kinds, { language, code });
    const kernelId = await sessions.kernelFor(body.session_id ?? undefined, asked.language);
    return await executions.submit(kernelId, {
      code: asked.code,
      origin: "coderunner",
      timeoutMs: Math.ceil((body.timeout ?? DEFAULT_TIMEOUT) * 1000),
    });
  }

  const router = createRestRouter()
    .openapi(executeAsync, async (c) => {
      const { id } = await submit(c.req.valid("json"));
      return c.json({ task_id: id, status: "queued" as const }, 200);
    })
    .openapi(task, async (c) => {
      const record = await findTask(executions, c.req.valid("param").task_id);
      const status = TASK_STATUSES[record.status];
      const session_id = sessionOf(record.kernelId);
      const { stdout, stderr } = commandResult(record);
      const answer = {
        ...{ id: record.id, status, command: record.code, session_id },
        language: languageOfKernel(record.kernelId),
        created_at: epochSeconds(record.createdAt),
        ...(record.finishedAt !== null && { completed_at: epochSeconds(record.finishedAt) }),
        result: status === "completed" ? { stdout, stderr, session_id } : null,
        error: status === "failed" ? stderr : null,
      };
      return c.json(answer, 200);
    });
  for (const route of execute) {
    router.openapi(route, async (c) => {
      try {
        const execution = await submit(c.req.valid("json"));
        const record = await settled(execution, c.req.raw.signal);
        const session_id = sessionOf(execution.kernelId);
        const result = commandResult(record);
        return c.json({ ...result, output: result.stdout + result.stderr, session_id }, 200);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status !== 400) throw error;
        // Clients of the newer generation look for the reason in stderr.
        const { message: detail } = error;
        const nothing = { stdout: "", execution_time: 0, cpu_time: null };
        return c.json({ ...nothing, stderr: detail, output: detail, detail }, 400);
      }
    });
  }
  return router;
}

/** The status of a task by that of its execution; an exception in the code is a result. */
const TASK_STATUSES = {
  queued: "queued",
  running: "running",
  ok: "completed",
  error: "completed",
  aborted: "failed",
  timeout: "failed",
  lost: "failed",
} as const satisfies Record<ExecutionStatus, string>;
