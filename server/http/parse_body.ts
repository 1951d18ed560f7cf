import type { z } from "zod";
import { invalidInput } from "./openapi.ts";

/** Parses a request's body with a schema; throws an `HttpError` that names the wrong fields. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues, "json");
}
