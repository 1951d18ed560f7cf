import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { parseBody } from "../../http/parse_body.ts";
import type { LiveNotebooks } from "../../services/notebooks/live_notebooks.ts";
import { upgrade } from "./channels/websocket.ts";
import { Room } from "./collaboration/room.ts";

const wanted = z.object({
  format: z.literal("json", { error: 'only documents of the format "json" can be shared' }),
  type: z.literal("notebook", { error: 'only documents of the type "notebook" can be shared' }),
});

/** The start of the name of a notebook's room; the notebook's id follows. */
const ROOM = "json:notebook:";

/**
 * The routes by which clients follow and change an open notebook together, as Jupyter's collaboration
 * extension has them: a session names the room of a path, and the room is a websocket that speaks Yjs's
 * protocol.
 */
export function collaborationRoutes(notebooks: LiveNotebooks | undefined) {
  const rooms = new WeakMap<object, Room>();
  return new Hono<ServerEnv>()
    .put("/api/collaboration/session/:path{.+}", async (c) => {
      const { format, type } = parseBody(wanted, await c.req.json());
      if (!notebooks) {
        throw new HttpError(
          404,
          "not_found",
          "This server keeps no notebooks: start it with NOTEBOOK_DIR",
        );
      }
      const { id } = await notebooks.open(c.req.param("path"));
      return c.json({ format, type, fileId: id, sessionId: id });
    })
    .get("/api/collaboration/room/:room", async (c) => {
      const name = c.req.param("room");
      const notebook = name.startsWith(ROOM)
        ? await notebooks?.findById(name.slice(ROOM.length))
        : undefined;
      if (!notebook) {
        throw new HttpError(
          404,
          "not_found",
          `Cannot find room "${name}": ask for a session again`,
        );
      }
      const room = rooms.get(notebook) ?? new Room(notebook);
      rooms.set(notebook, room);
      return await upgrade(c, { onOpen: (socket) => room.attach(socket) });
    });
}
