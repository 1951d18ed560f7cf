import { z } from "@hono/zod-openapi";

/** What a client sees of every failure. */
export const errorSchema = z.object({
  code: z.string().openapi({ example: "not_found" }),
  message: z.string(),
  error: z.string().openapi({ description: "The message again, for older clients" }),
  reason: z.string().openapi({ description: "The code again, for Jupyter's clients" }),
  requestId: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
}).openapi("Error");
