import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { reportedError } from "../../errors/answer_errors.ts";
import { errorBody, HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { invalidInput } from "../../http/openapi.ts";

/** A refusal in the form of FastAPI, by which the systems of these families answer. */
class Refusal extends HttpError {
  /** The faults of the input, each with its place in the request. */
  readonly detail: { type: string; loc: (string | number)[]; msg: string }[];

  constructor(issues: z.core.$ZodIssue[], target: string) {
    const { code, message, details } = invalidInput(issues, target);
    super(422, code, message, { ...(details && { details }) });
    const place = target === "json" ? "body" : target;
    this.detail = (details ?? []).map(({ path, message }) => ({
      type: "value_error",
      loc: path === "" ? [place] : [place, ...path.split(".")],
      msg: message,
    }));
  }
}

/** Makes a router that refuses input that does not fit its schema with status 422, as FastAPI does. */
export function createRestRouter(): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new Refusal(result.error.issues, result.target);
    },
  });
}

/**
 * Parses input that came in another form than JSON.
 *
 * @throws {HttpError} 422 in the form of FastAPI, naming the wrong fields.
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new Refusal(result.error.issues, "json");
}

/** Makes a family's app answer failures with `detail`, besides the fields of this server's error bodies. */
export function answerWithDetail(app: OpenAPIHono<ServerEnv>): void {
  app.onError((error, c) => {
    const known = reportedError(error, c);
    const detail = known instanceof Refusal ? known.detail : known.message;
    // FastAPI reads the body and checks its fields in one step.
    const status: ContentfulStatusCode = known.code === "invalid_json" ? 422 : known.status;
    return c.json({ ...errorBody(c, known), detail }, status, known.headers);
  });
}
