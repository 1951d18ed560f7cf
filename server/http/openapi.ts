import { OpenAPIHono, z } from "@hono/zod-openapi";
import { HttpError } from "../errors/http_error.ts";
import { errorSchema } from "../errors/error_schema.ts";
import type { ServerEnv } from "./env.ts";

/** A router whose routes are described by the schemas that check their input. */
export function createRouter(): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error.issues, result.target);
    },
  });
}

/** The refusal of input that does not fit its schema. */
export function invalidInput(issues: z.core.$ZodIssue[], where: string): HttpError {
  const details = issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const text = details.map(({ path, message }) => path ? `${path}: ${message}` : message);
  return new HttpError(
    400,
    "invalid_argument",
    `Cannot read the request's ${where === "json" ? "body" : where}: ${text.join("; ")}`,
    { details },
  );
}

/** A JSON body that has to be there. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { content: { "application/json": { schema } }, required: true as const };
}

/** A JSON answer. */
export function jsonAnswer<T extends z.ZodType>(schema: T, description: string) {
  return { content: { "application/json": { schema } }, description };
}

/** An answer without a body. */
export function emptyAnswer(description: string) {
  return { description };
}

const ERROR_MEANING = {
  400: "The request is not valid",
  403: "Not allowed",
  404: "There is no such thing",
  409: "It cannot be done in the present state",
  412: "It has changed meanwhile",
  413: "Too large",
  422: "It cannot be installed; the message says why",
  429: "A limit is reached; try again later",
};

/** The answers that tell of failures with these statuses. */
export function errors(...statuses: (keyof typeof ERROR_MEANING)[]) {
  return Object.fromEntries(
    statuses.map((status) => [status, jsonAnswer(errorSchema, ERROR_MEANING[status])]),
  );
}

/** The path of something in a kernel. */
export const kernelPath = z.object({
  id: z.string().openapi({ param: { name: "id", in: "path" }, description: "The kernel" }),
});

/** The path of an execution. */
export const executionPath = z.object({
  id: z.string().openapi({ param: { name: "id", in: "path" }, description: "The execution" }),
});
