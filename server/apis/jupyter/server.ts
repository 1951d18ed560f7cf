import { Hono } from "hono";
import { z } from "zod";
import type { ServerEnv } from "../../http/env.ts";
import { HttpError } from "../../errors/http_error.ts";
import { parseJson } from "../../http/bounded_json.ts";
import { parseBody } from "../../http/parse_body.ts";
import { type ClientSettings, settingsSection } from "./client_settings.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

/** The release of Jupyter Server whose API this server speaks. */
const JUPYTER_SERVER_VERSION = "2.14.0";

const USER = {
  username: "user",
  name: "User",
  display_name: "User",
  initials: "U",
  avatar_url: null,
  color: null,
};

/** The routes by which a Jupyter server describes itself, and keeps its front ends' settings. */
export function jupyterServerRoutes(kernels: Kernels, settings: ClientSettings) {
  const started = new Date().toISOString();

  return new Hono<ServerEnv>()
    .get("/api", (c) => c.json({ version: JUPYTER_SERVER_VERSION }))
    .get("/api/status", async (c) => {
      const infos = await kernels.list();
      const last_activity = infos.map((it) => it.lastActivity).sort().at(-1) ?? started;
      const connections = kernels.connections();
      return c.json({ started, last_activity, connections, kernels: infos.length });
    })
    .get("/api/me", (c) => {
      const asked = parseBody(
        z.record(z.string(), z.array(z.string())),
        permissions(c.req.query("permissions")),
      );
      return c.json({ identity: USER, permissions: asked });
    })
    .get("/api/terminals", (c) => c.json([]))
    .get("/api/nbconvert", (c) => c.json({})) // Notebooks can be exported to no format.
    .post("/api/terminals", () => {
      throw new HttpError(403, "permission_denied", "This server has no terminals");
    })
    .get("/api/config/:section", (c) => c.json(settings.get(c.req.param("section"))))
    .put("/api/config/:section", async (c) => {
      await settings.put(
        c.req.param("section"),
        parseBody(settingsSection, await c.req.json()),
      );
      return c.body(null, 204);
    })
    .patch("/api/config/:section", async (c) => {
      const change = parseBody(settingsSection, await c.req.json());
      return c.json(await settings.patch(c.req.param("section"), change));
    });
}

function permissions(asked: string | undefined): unknown {
  try {
    return parseJson(asked ?? "{}");
  } catch {
    throw new HttpError(400, "invalid_argument", "permissions: use JSON");
  }
}
