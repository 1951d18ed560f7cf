import { Hono } from "hono";
import { z } from "zod";
import type { ServerEnv } from "../../http/env.ts";
import { HttpError } from "../../errors/http_error.ts";
import { parseBody } from "../../http/parse_body.ts";
import { upgrade } from "./channels/websocket.ts";

const emission = z.object({ schema_id: z.string(), version: z.unknown(), data: z.unknown() });

/**
 * The routes of a Jupyter server's event bus, which front ends subscribe to when they start. This server
 * has no kinds of events: subscribers receive nothing, and nothing can be emitted.
 */
export function eventRoutes() {
  return new Hono<ServerEnv>()
    .get("/api/events/subscribe", (c) => upgrade(c, { onOpen() {} }))
    .post("/api/events", async (c) => {
      const { schema_id } = parseBody(emission, await c.req.json());
      throw new HttpError(
        400,
        "invalid_argument",
        `Cannot emit an event: schema_id: this server has no events of the kind "${schema_id}"`,
      );
    });
}
