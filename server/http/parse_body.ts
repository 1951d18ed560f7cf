import type { z } from "zod";
import { invalidInput } from "./openapi.ts";

/** A request's body as its schema describes it; throws an `HttpError` that names what is wrong. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues, "json");
}
