import { Hono } from "hono";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { named } from "./door.ts";
import { answerFailures, numericError } from "./errors.ts";

/** The route by which clients ask if a sandbox runs. */
export function healthRoutes({ sandboxes }: Services): Hono<ServerEnv> {
  const router = new Hono<ServerEnv>();
  answerFailures(router, numericError);
  router.get("/health", (c) => {
    named(c, sandboxes);
    return c.body(null, 204);
  });
  return router;
}
