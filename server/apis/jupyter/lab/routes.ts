/**
 * The routes that JupyterLab's page has on its server besides Jupyter's API: the page itself, its files, and what
 * people change in it.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { getMimeType } from "hono/utils/mime";
import { z } from "zod";
import { HttpError } from "../../../errors/http_error.ts";
import { messageOf } from "../../../errors/service_error.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { parseBody } from "../../../http/parse_body.ts";
import type { ClientSettings } from "../client_settings.ts";
import type { LabFiles, PluginSchema } from "./lab_files.ts";
import { LAB_POLICY, labPage } from "./lab_page.ts";

/** Names of files that carry a hash of their content may be kept for ever. */
const FOR_EVER = "private, max-age=31536000, immutable";
const SETTINGS = "settings ";
const WORKSPACE = "workspace ";

const changedSettings = z.object({ raw: z.string() });
const kept = z.object({ raw: z.string(), created: z.string(), last_modified: z.string() });
const workspace = z.object({
  data: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** The parts that {@linkcode labRoutes} serve. */
export interface LabParts {
  /** Returns JupyterLab's files; rejects while no source has them. */
  files: () => Promise<LabFiles>;
  /** Keeps what people change. */
  settings: ClientSettings;
}

/** The routes of JupyterLab's page. */
export function labRoutes({ files, settings }: LabParts) {
  async function loaded(): Promise<LabFiles> {
    return await files().catch((cause) => {
      const message = `JupyterLab is not here: ${messageOf(cause)}`;
      throw new HttpError(503, "lab_unavailable", message, { cause });
    });
  }

  async function send(c: Context<ServerEnv>, path: string, cache: string): Promise<Response> {
    const found = await loaded();
    const accepts = /\bgzip\b/.test(c.req.header("Accept-Encoding") ?? "");
    const packed = accepts ? found.readGzip(path) : undefined;
    const bytes = packed ?? found.read(path);
    if (!bytes) throw new HttpError(404, "not_found", "JupyterLab has no such file");
    if (packed) c.header("Content-Encoding", "gzip");
    return c.body(bytes, 200, {
      "Content-Type": getMimeType(path) ?? "application/octet-stream",
      "Cache-Control": cache,
      "Vary": "Accept-Encoding",
    });
  }

  async function page(c: Context<ServerEnv>): Promise<Response> {
    const { workspace, tree } = PLACE.exec(c.req.path)?.groups ?? {};
    const html = labPage(await loaded(), {
      base: `${c.env.basePath ?? ""}/`,
      workspace: workspace === undefined ? "default" : decoded(workspace),
      tree: decoded(tree ?? ""),
      isSingle: c.req.path.startsWith("/doc"),
    });
    return c.html(html, 200, {
      "Content-Security-Policy": LAB_POLICY,
      "Cache-Control": "no-store",
    });
  }

  function pluginOf({ id, schema, version }: PluginSchema) {
    const own = kept.safeParse(settings.get(SETTINGS + id));
    return { id, schema, version, raw: "{}", ...(own.success && own.data) };
  }

  async function schemaOf(id: string): Promise<PluginSchema> {
    const found = (await loaded()).schemas.get(id);
    if (found) return found;
    throw new HttpError(404, "not_found", `JupyterLab has no plugin "${id}"`);
  }

  /** Returns a workspace; one that nobody has kept yet is empty. */
  function workspaceOf(id: string) {
    const own = workspace.safeParse(settings.get(WORKSPACE + id));
    return own.success ? own.data : { data: {}, metadata: { id } };
  }

  return new Hono<ServerEnv>()
    .get("/", (c) => c.redirect(`${c.env.basePath ?? ""}/lab`, 302))
    .get("/static/favicons/:file", (c) => c.body(null, 204))
    .get("/static/lab/:file{.+}", (c) => send(c, `lab/static/${c.req.param("file")}`, FOR_EVER))
    .get(
      "/lab/extensions/:file{.+}",
      (c) => send(c, `labextensions/${c.req.param("file")}`, FOR_EVER),
    )
    .get(
      "/lab/api/themes/:file{.+}",
      (c) => send(c, `lab/themes/${c.req.param("file")}`, "no-cache"),
    )
    .get("/lab/api/settings", async (c) => {
      const all = [...(await loaded()).schemas.values()];
      const idsOnly = c.req.query("ids_only") === "true";
      return c.json({ settings: all.map((it) => idsOnly ? { id: it.id } : pluginOf(it)) });
    })
    .get(
      "/lab/api/settings/:id{.+}",
      async (c) => c.json(pluginOf(await schemaOf(c.req.param("id")))),
    )
    .put("/lab/api/settings/:id{.+}", async (c) => {
      const { id } = await schemaOf(c.req.param("id"));
      const { raw } = parseBody(changedSettings, await c.req.json());
      const now = new Date().toISOString();
      const before = kept.safeParse(settings.get(SETTINGS + id));
      const created = before.success ? before.data.created : now;
      await settings.put(SETTINGS + id, { raw, created, last_modified: now });
      return c.body(null, 204);
    })
    .get(
      "/lab/api/translations",
      (c) =>
        c.json({ data: { en: { displayName: "English", nativeName: "English" } }, message: "" }),
    )
    .get("/lab/api/translations/:locale", (c) => c.json({ data: {}, message: "" }))
    .get("/lab/api/workspaces", (c) => {
      const ids = settings.names.filter((it) => it.startsWith(WORKSPACE))
        .map((it) => it.slice(WORKSPACE.length));
      return c.json({ workspaces: { ids, values: ids.map((id) => workspaceOf(id)) } });
    })
    .get("/lab/api/workspaces/:id{.+}", (c) => c.json(workspaceOf(c.req.param("id"))))
    .put("/lab/api/workspaces/:id{.+}", async (c) => {
      const id = c.req.param("id");
      const { data, metadata } = parseBody(workspace, await c.req.json());
      const now = new Date().toISOString();
      const { created = now } = workspaceOf(id).metadata;
      const own = { ...metadata, id, created, last_modified: now };
      await settings.put(WORKSPACE + id, { data, metadata: own });
      return c.body(null, 204);
    })
    .delete("/lab/api/workspaces/:id{.+}", async (c) => {
      await settings.remove(WORKSPACE + c.req.param("id"));
      return c.body(null, 204);
    })
    .get("/lab", page)
    .get("/lab/tree/:path{.*}", page)
    .get("/lab/workspaces/:rest{.+}", page)
    .get("/doc", page)
    .get("/doc/:rest{.+}", page);
}

const PLACE = /^\/(?:lab|doc)(?:\/workspaces\/(?<workspace>[^/]+))?(?:\/tree\/(?<tree>.*))?$/;

/** Decodes a part of a path; one that is badly encoded stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
