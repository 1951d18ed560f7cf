import type { z } from "npm:zod@4.6.7";

/** Parses a value; throws an error of one line, which becomes the reason for the end of a kernel. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "all of it"}: ${issue?.message}`);
}
