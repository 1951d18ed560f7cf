import { Hono } from "hono";
import { z } from "zod";
import type { KernelManager } from "../../../kernel/mod.ts";
import type { ServerEnv } from "../../env.ts";
import { HttpError } from "../../errors.ts";
import { parseBody } from "../../parse_body.ts";
import type { JupyterKernels } from "../kernels.ts";

/** The release of Jupyter Server whose API this is. */
const JUPYTER_SERVER_VERSION = "2.14.0";

const USER = {
  username: "user",
  name: "User",
  display_name: "User",
  initials: "U",
  avatar_url: null,
  color: null,
};

const section = z.record(z.string(), z.unknown());
/** How much clients may keep as their settings, in characters of JSON. */
const MAX_SECTION = 1_000_000;
const MAX_SECTIONS = 100;

/** What clients ask a Jupyter server about itself. */
export function jupyterServerRoutes(
  kernels: KernelManager,
  jupyter: JupyterKernels,
) {
  const started = new Date().toISOString();
  /** The settings of front ends, for as long as the server runs. */
  const sections = new Map<string, Record<string, unknown>>();

  function keep(name: string, value: Record<string, unknown>): void {
    const full = sections.size >= MAX_SECTIONS && !sections.has(name);
    if (full || JSON.stringify(value).length > MAX_SECTION) {
      throw new HttpError(413, "payload_too_large", `Cannot keep the settings "${name}": too many`);
    }
    sections.set(name, value);
  }

  return new Hono<ServerEnv>()
    .get("/api", (c) => c.json({ version: JUPYTER_SERVER_VERSION }))
    .get("/api/status", (c) => {
      const infos = kernels.listKernels();
      const last_activity = infos.map((it) => it.lastActivity).sort().at(-1) ?? started;
      const connections = jupyter.connections();
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
    .get("/api/nbconvert", (c) => c.json({})) // Forms to export notebooks to: none.
    .post("/api/terminals", () => {
      throw new HttpError(403, "permission_denied", "This server has no terminals");
    })
    .get("/api/config/:section", (c) => c.json(sections.get(c.req.param("section")) ?? {}))
    .put("/api/config/:section", async (c) => {
      keep(c.req.param("section"), parseBody(section, await c.req.json()));
      return c.body(null, 204);
    })
    .patch("/api/config/:section", async (c) => {
      const name = c.req.param("section");
      const merged = merge(sections.get(name) ?? {}, parseBody(section, await c.req.json()));
      keep(name, merged);
      return c.json(merged);
    });
}

function permissions(asked: string | undefined): unknown {
  try {
    return JSON.parse(asked ?? "{}");
  } catch {
    throw new HttpError(400, "invalid_argument", "permissions: use JSON");
  }
}

/** A deep merge in which null removes. */
function merge(
  before: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (isObject(value)) {
      const present = merged[key];
      merged[key] = merge(isObject(present) ? present : {}, value);
    } else merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
