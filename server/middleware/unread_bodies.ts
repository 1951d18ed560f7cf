import type { MiddlewareHandler } from "hono";

/**
 * Ends the bodies of answers to HEAD, which are made as for GET and never sent. A stream of events that nobody reads
 * or cancels would follow its kernel until that ends, and keep all events.
 */
export function endUnreadBodies(): MiddlewareHandler {
  return async function endUnreadBodies(c, next) {
    await next();
    // A body that cannot be cancelled has failed already, and nobody is there to be told.
    if (c.req.method === "HEAD") void c.res.body?.cancel().catch(() => {});
  };
}
