import { Hono } from "hono";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { connectError, failedStream, unimplemented } from "./connect.ts";
import { enter } from "./door.ts";
import { answerFailures } from "./errors.ts";

/** The calls of the service `process.Process` that get a stream. */
const STREAMS = new Set(["Start", "Connect", "StreamInput"]);

/** The calls of the service `process.Process`. */
export function processRoutes({ sandboxes }: Services): Hono<ServerEnv> {
  const router = new Hono<ServerEnv>();
  answerFailures(router, connectError);
  router.post("/process.Process/List", (c) => {
    enter(c, sandboxes, "files");
    return c.json({ processes: [] });
  });
  router.post("/process.Process/:name", (c) => {
    const refusal = unimplemented(
      "Cannot run commands: the sandboxes of this server have no shell",
    );
    try {
      enter(c, sandboxes, "files");
    } catch (error) {
      if (STREAMS.has(c.req.param("name"))) return failedStream(error);
      throw error;
    }
    if (STREAMS.has(c.req.param("name"))) return failedStream(refusal);
    throw refusal;
  });
  return router;
}
