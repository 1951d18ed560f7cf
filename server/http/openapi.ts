import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorSchema } from "../errors/error_schema.ts";
import { HttpError } from "../errors/http_error.ts";
import type { ServerEnv } from "./env.ts";

/** Makes a router whose routes are described by the schemas that check their input. */
export function createRouter(): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error.issues, result.target);
    },
  });
}

/** The most faults that a refusal names. */
const MAX_NAMED_ISSUES = 20;
/** The most characters of a field's name, or of a fault, in a refusal: both repeat what the client sent. */
const MAX_REPEATED_LENGTH = 500;

function shortened(text: string): string {
  return text.length > MAX_REPEATED_LENGTH ? `${text.slice(0, MAX_REPEATED_LENGTH)}…` : text;
}

/** Makes the error for input that does not fit its schema; `where` names the part of the request. */
export function invalidInput(issues: z.core.$ZodIssue[], where: string): HttpError {
  const details = issues.slice(0, MAX_NAMED_ISSUES).map(({ path, message }) => ({
    path: shortened(path.join(".")),
    message: shortened(message),
  }));
  const text = details.map(({ path, message }) => path ? `${path}: ${message}` : message);
  return new HttpError(
    400,
    "invalid_argument",
    `Cannot read the request's ${where === "json" ? "body" : where}: ${text.join("; ")}`,
    { details },
  );
}

/** Describes a text in the path of a request. */
export function pathParameter(name: string) {
  return z.string().openapi({ param: { name, in: "path" } });
}

/** Describes a JSON body that a request must have. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { content: { "application/json": { schema } }, required: true as const };
}

/** Describes a JSON answer. */
export function jsonAnswer<T extends z.ZodType>(schema: T, description: string) {
  return { content: { "application/json": { schema } }, description };
}

/** Answers with a JSON text as it is; the caller has to make sure that it fits the schema. */
export function jsonText<S extends ContentfulStatusCode>(
  c: Context,
  json: string,
  status: S,
  headers: Record<string, string> = {},
): Response & TypedResponse<never, S, "json"> {
  const response = c.body(json, status, { "Content-Type": "application/json", ...headers });
  // `TypedResponse` exists only for Hono's type check of handlers; no value has its properties.
  return response as unknown as Response & TypedResponse<never, S, "json">;
}

/** Describes an answer without a body. */
export function emptyAnswer(description: string) {
  return { description };
}

const ERROR_MEANINGS = {
  400: "The request is not valid; `details` names the fields that are wrong",
  403: "The server does not allow this",
  404: "The kernel, execution, file or notebook does not exist",
  409: "The present state does not allow this; the message says why",
  412:
    "The notebook is not as the request's condition says: it has changed, or there is one already",
  413: "The body is larger than the server accepts",
  422: "A package cannot be installed; the message says why",
  428: "There is a notebook already, and the request does not say which version it replaces",
  429: "A limit is reached; try again after `Retry-After` seconds",
  502: "The other server cannot be reached",
  504: "The answer did not come in time",
};

/** Describes the answers that report failures with these statuses. */
export function errors(...statuses: (keyof typeof ERROR_MEANINGS)[]) {
  return Object.fromEntries(
    statuses.map((status) => [status, jsonAnswer(errorSchema, ERROR_MEANINGS[status])]),
  );
}

/** The path parameter of a route that belongs to a kernel. */
export const kernelPath = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description: "The id of the kernel",
  }),
});

/** The path parameter of a route that belongs to an execution. */
export const executionPath = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description: "The id of the execution",
  }),
});
