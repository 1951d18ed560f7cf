import { getLogger, withContext } from "@logtape/logtape";
import type { MiddlewareHandler } from "hono";
import type { ServerEnv } from "../http/env.ts";

/** An id that a client may choose for its request. */
const CHOSEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Names each request, so that its answer and what is logged of it can be found, and logs its end. */
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
