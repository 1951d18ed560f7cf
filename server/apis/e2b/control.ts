import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { parseBody } from "../../http/parse_body.ts";
import { DEFAULT_KIND, DEFAULT_LANGUAGE } from "../../services/kernels/kinds.ts";
import type { Services } from "../../services/mod.ts";
import type { Sandbox } from "../../services/sandboxes/sandbox.ts";
import { MAX_LIFETIME_MS } from "../../services/sandboxes/sandboxes.ts";
import { readJson } from "./body.ts";
import { answerFailures, numericError } from "./errors.ts";
import { environmentSchema } from "./environment.ts";

/**
 * The version of E2B's daemon whose calls are served. The next ones keep a file's metadata, which this server
 * has no place for.
 */
const ENVD_VERSION = "0.6.1";
/** The templates that every server has. */
const TEMPLATES = ["code-interpreter-v1", "base"];
/** The lifetime of a sandbox whose creator names none, in seconds. */
const DEFAULT_TIMEOUT_S = 300;
/** The most sandboxes in one page of the list. */
const MAX_PAGE = 100;

const seconds = z.int("use seconds, a whole number").min(0).max(
  MAX_LIFETIME_MS / 1_000,
  "a sandbox lives for 86400 seconds at most",
);
const metadataSchema = z.record(z.string().max(1_000), z.string().max(10_000)).refine(
  (it) => Object.keys(it).length <= 100,
  "use at most 100 entries",
);
/** A field that clients may leave empty only. */
function absent(what: string) {
  return z.null(`this server has no ${what}`).optional();
}

const createSchema = z.object({
  templateID: z.string().min(1).max(200),
  timeout: seconds.default(DEFAULT_TIMEOUT_S),
  metadata: metadataSchema.nullish().transform((it) => it ?? {}),
  envVars: environmentSchema.nullish().transform((it) => it ?? {}),
  autoPause: z.literal(false, "this server cannot pause a sandbox; let it be killed").nullish(),
  mcp: absent("MCP gateway in sandboxes"),
  iam: absent("identities of workloads"),
  volumeMounts: z.array(z.unknown()).max(0, "this server has no volumes").nullish(),
});
const connectSchema = z.object({ timeout: seconds.default(DEFAULT_TIMEOUT_S) });
const timeoutSchema = z.object({ timeout: seconds });
const listSchema = z.object({
  metadata: z.string().max(20_000).optional(),
  state: z.union([z.string(), z.array(z.string())]).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: z.string().max(200).optional(),
});

/** The routes by which E2B's clients make, find and end sandboxes. */
export function controlRoutes({ kernels, sandboxes, facts }: Services): Hono<ServerEnv> {
  const { maxBodyBytes } = facts.limits;
  const router = new Hono<ServerEnv>();
  answerFailures(router, numericError);

  /** Returns the kind of kernels that a template stands for. */
  function kindOf(template: string): string {
    if (TEMPLATES.includes(template)) return DEFAULT_KIND;
    const kind = kernels.kinds.get(template);
    if (kind?.language === DEFAULT_LANGUAGE) return kind.name;
    throw new HttpError(
      404,
      "not_found",
      `template '${template}' not found; use ${TEMPLATES.join(", ")} or a kind of Python kernels`,
    );
  }

  function refusePause(): never {
    throw new HttpError(
      501,
      "unimplemented",
      "Cannot keep the state of a sandbox: this server does not pause, fork or save sandboxes yet",
    );
  }

  router.post("/sandboxes", create).post("/v2/sandboxes", create);

  async function create(c: { req: { raw: Request } }): Promise<Response> {
    const body = await readJson(createSchema, c.req.raw, maxBodyBytes);
    const sandbox = await sandboxes.create({
      template: body.templateID,
      kind: kindOf(body.templateID),
      timeoutMs: body.timeout * 1_000,
      metadata: body.metadata,
      env: body.envVars,
    }, { signal: c.req.raw.signal });
    return Response.json(secrets(sandbox), { status: 201 });
  }

  for (const version of ["", "/v2"]) {
    router.post(`${version}/sandboxes/:id/connect`, async (c) => {
      const sandbox = sandboxes.get(c.req.param("id"));
      const { timeout } = await readJson(connectSchema, c.req.raw, maxBodyBytes);
      sandboxes.extend(sandbox.id, timeout * 1_000);
      return c.json(secrets(sandbox));
    });
    router.get(`${version}/sandboxes`, (c) => {
      const query = parseBody(listSchema, {
        ...c.req.query(),
        ...(c.req.queries("state") && { state: c.req.queries("state") }),
      });
      const wanted = [...new URLSearchParams(query.metadata ?? "")];
      const states = [query.state ?? []].flat().flatMap((it) => it.split(","));
      const all = states.length > 0 && !states.includes("running") ? [] : sandboxes.list();
      const fitting = all.filter(({ metadata }) =>
        wanted.every(([name, value]) => metadata[decoded(name)] === decoded(value))
      );
      const first = Math.max(0, fitting.findIndex(({ id }) => id === query.nextToken));
      const next = fitting[first + query.limit];
      const headers: Record<string, string> = next ? { "X-Next-Token": next.id } : {};
      return c.json(fitting.slice(first, first + query.limit).map(details), 200, headers);
    });
  }

  router.get("/sandboxes/:id", (c) => {
    const sandbox = sandboxes.get(c.req.param("id"));
    return c.json({ ...details(sandbox), envdAccessToken: sandbox.accessToken });
  });
  router.delete("/sandboxes/:id", async (c) => {
    const { id } = sandboxes.get(c.req.param("id"));
    await sandboxes.kill(id);
    return c.body(null, 204);
  });
  router.post("/sandboxes/:id/timeout", async (c) => {
    const { id } = sandboxes.get(c.req.param("id"));
    const { timeout } = await readJson(timeoutSchema, c.req.raw, maxBodyBytes);
    sandboxes.setTimeout(id, timeout * 1_000);
    return c.body(null, 204);
  });
  router.post("/sandboxes/:id/refreshes", async (c) => {
    const { id } = sandboxes.get(c.req.param("id"));
    const { duration } = await readJson(z.object({ duration: seconds }), c.req.raw, maxBodyBytes);
    sandboxes.extend(id, duration * 1_000);
    return c.body(null, 204);
  });
  router.get("/sandboxes/:id/metrics", (c) => {
    sandboxes.get(c.req.param("id"));
    return c.json([]);
  });
  for (const action of ["pause", "resume", "fork", "snapshots"]) {
    router.post(`/sandboxes/:id/${action}`, (c) => {
      sandboxes.get(c.req.param("id"));
      return refusePause();
    });
  }

  /** Describes a sandbox to those who may know its tokens. */
  function secrets(sandbox: Sandbox) {
    return {
      templateID: sandbox.template,
      sandboxID: sandbox.id,
      clientID: "deno-code-interpreter",
      envdVersion: ENVD_VERSION,
      envdAccessToken: sandbox.accessToken,
      trafficAccessToken: sandbox.trafficToken,
      domain: null,
    };
  }

  function details(sandbox: Sandbox) {
    return {
      templateID: sandbox.template,
      sandboxID: sandbox.id,
      clientID: "deno-code-interpreter",
      startedAt: sandbox.startedAt.toISOString(),
      endAt: sandbox.endsAt.toISOString(),
      envdVersion: ENVD_VERSION,
      cpuCount: 1,
      memoryMB: facts.limits.kernel.memoryMiB,
      diskSizeMB: facts.limits.kernel.filesMiB,
      state: "running",
      metadata: sandbox.metadata,
    };
  }

  return router;
}

/** Decodes a name or value of the metadata, which clients encode twice. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
