import { createRoute, z } from "@hono/zod-openapi";
import { errors, jsonAnswer, pathParameter } from "../../http/openapi.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { commandResult } from "./result.ts";
import { sessionOf } from "./sessions.ts";
import { findTask } from "./tasks.ts";

const task = createRoute({
  method: "get",
  path: "/v1/executions/{task_id}",
  tags: ["CodeRunner"],
  summary: "Show a task, as InstaVM's clients read it",
  request: {
    params: z.object({
      task_id: pathParameter("task_id"),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        id: z.string(),
        session_id: z.string(),
        is_complete: z.boolean(),
        serialized_stdout: z.string().openapi({ description: "The text, also so far" }),
        serialized_stderr: z.string(),
        execution_time: z.number(),
        cpu_time: z.number().nullable(),
        created_at: z.string(),
      }),
      "The task",
    ),
    ...errors(404),
  },
});

/** The route by which InstaVM's clients wait for a task. */
export function taskRoutes(executions: Executions) {
  return createRestRouter().openapi(task, async (c) => {
    const record = await findTask(executions, c.req.valid("param").task_id);
    const { stdout, stderr, execution_time, cpu_time } = commandResult(record);
    return c.json({
      id: record.id,
      session_id: sessionOf(record.kernelId),
      is_complete: record.finishedAt !== null,
      serialized_stdout: stdout,
      serialized_stderr: stderr,
      ...{ execution_time, cpu_time },
      created_at: record.createdAt,
    }, 200);
  });
}
