import { z } from "@hono/zod-openapi";

/** The JSON body of every answer that reports a failure. */
export const errorSchema = z.object({
  code: z.string().openapi({
    description: "The stable name of the failure, for programs",
    example: "not_found",
  }),
  message: z.string().openapi({
    description: "Says what went wrong and what to do, for people",
  }),
  error: z.string().openapi({ description: "Repeats `message`, for clients of earlier servers" }),
  detail: z.string().openapi({
    description: "Repeats `message`, for clients of FastAPI's servers",
  }),
  reason: z.string().openapi({ description: "Repeats `code`, for Jupyter's clients" }),
  requestId: z.string().openapi({ description: "Finds the request in the server's log" }),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional().openapi({
    description: "The fields that are wrong",
  }),
}).openapi("Error");
