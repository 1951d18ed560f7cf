import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, pathParameter } from "../../http/openapi.ts";
import type { Services } from "../../services/mod.ts";
import { findKernel, kernelCode } from "../rest/kernel_routes.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { executionStatus } from "./status.ts";

const outputSchema = z.object({
  stdout: z.string(),
  stderr: z.string(),
  result: z.union([z.string(), z.record(z.string(), z.unknown())]).nullable(),
  error: z.string().nullable(),
  traceback: z.array(z.string()).nullable(),
  execution_count: z.int().nullable(),
  status: z.enum(["ok", "error"]),
});

/** Makes the routes that run code and tell of it. */
export function executeRoutes({ kernels, executions }: Services, tags: string[]) {
  const execute = createRoute({
    method: "post",
    path: "/execute_code",
    tags,
    summary: "Run code without waiting",
    request: { body: kernelCode },
    responses: {
      200: jsonAnswer(z.object({ execution_id: z.string() }), "The id of the execution"),
      ...errors(404, 409, 429),
    },
  });
  const status = createRoute({
    method: "get",
    path: "/execution_status/{execution_id}",
    tags,
    summary: "Show an execution and its output so far",
    request: {
      params: z.object({
        execution_id: pathParameter("execution_id"),
      }),
    },
    responses: {
      200: jsonAnswer(
        z.object({
          execution_id: z.string(),
          kernel_id: z.string(),
          status: z.enum(["PENDING", "RUNNING", "COMPLETED", "FAILED"]),
          created_at: z.number(),
          started_at: z.number().nullable(),
          completed_at: z.number().nullable(),
          output: outputSchema.optional(),
          results: outputSchema.optional(),
          error: z.string().optional(),
        }),
        "The execution",
      ),
      ...errors(404),
    },
  });
  return createRestRouter()
    .openapi(execute, async (c) => {
      const { id, code } = c.req.valid("json");
      const kernel = await findKernel(kernels, id);
      const execution = await executions.submit(kernel.id, { code, origin: "colab" });
      return c.json({ execution_id: execution.id }, 200);
    })
    .openapi(status, async (c) => {
      const { execution_id: id } = c.req.valid("param");
      const record = await executions.has(id) ? await executions.get(id) : undefined;
      if (record?.origin !== "colab") throw new HttpError(404, "not_found", "Execution not found");
      return c.json(executionStatus(record), 200);
    });
}
