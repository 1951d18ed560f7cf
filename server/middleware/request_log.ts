import { getLogger, withContext } from "@logtape/logtape";
import type { MiddlewareHandler } from "hono";
import type { ServerEnv } from "../http/env.ts";

/** The form of an id that a client may choose for its request. */
const CHOSEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Gives each request an id that its answer and its log records carry, and logs the request's end. */
export function requestLog(): MiddlewareHandler<ServerEnv> {
  const logger = getLogger(["server", "http"]);
  return async function requestLog(c, next) {
    const chosen = c.req.header("X-Request-Id");
    const requestId = chosen && CHOSEN_ID.test(chosen) ? chosen : crypto.randomUUID();
    c.set("requestId", requestId);
    const begin = performance.now();
    await withContext({ requestId }, next);
    c.header("X-Request-Id", requestId);
    logger.info("request", () => ({
      requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round((performance.now() - begin) * 100) / 100,
    }));
  };
}
