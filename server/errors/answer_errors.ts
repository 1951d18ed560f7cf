import { getLogger } from "@logtape/logtape";
import type { Env, Hono } from "hono";
import { CLIENT_LEFT, errorResponse, HttpError, toHttpError } from "./http_error.ts";

/** Makes an app answer what its handlers throw, and paths that it does not know, with error bodies. */
export function answerErrors<E extends Env>(app: Hono<E>): void {
  app.onError((error, c) => {
    const { signal } = c.req.raw;
    // Nobody reads this answer: the client has left, and the server has not failed.
    const known = signal.aborted && error === signal.reason ? CLIENT_LEFT : toHttpError(error);
    if (known.status >= 500) {
      getLogger("server").error("request failed", { reason: known.message, error });
    }
    return errorResponse(c, known);
  });
  app.notFound((c) => {
    const message = `There is nothing at ${c.req.method} ${c.req.path}; see /docs`;
    return errorResponse(c, new HttpError(404, "not_found", message));
  });
}
