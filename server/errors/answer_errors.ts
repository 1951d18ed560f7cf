import { getLogger } from "@logtape/logtape";
import type { Context, Env, Hono } from "hono";
import { CLIENT_LEFT, errorResponse, HttpError, toHttpError } from "./http_error.ts";

/** Makes an app answer what its handlers throw, and paths that it does not know, with error bodies. */
export function answerErrors<E extends Env>(app: Hono<E>): void {
  app.onError((error, c) => errorResponse(c, reportedError(error, c)));
  app.notFound((c) => {
    const message = `There is nothing at ${c.req.method} ${c.req.path}; see /docs`;
    return errorResponse(c, new HttpError(404, "not_found", message));
  });
}

/** Returns the failure that a request's client is told of; one of the server itself is logged. */
export function reportedError(error: unknown, c: Context): HttpError {
  const { signal } = c.req.raw;
  // Nobody reads this answer: the client has left, and the server has not failed.
  const known = signal.aborted && error === signal.reason ? CLIENT_LEFT : toHttpError(error);
  // An operation that this server does not offer (501) is no failure of the server.
  if (known.status >= 500 && known.status !== 501) {
    getLogger("server").error("request failed", { reason: known.message, error });
  }
  return known;
}
