import type { MiddlewareHandler } from "hono";
import { HttpError } from "../errors/http_error.ts";
import type { ServerEnv } from "../http/env.ts";
import { type TokenScope } from "../services/tokens/token.ts";
import { UNAVAILABLE_PATHS } from "./coderunner/instavm_unavailable.ts";

/** The paths below which a family serves its routes a second time. */
const PREFIXES = /^\/(coderunner|colab|kernel-proxy|jupycell)(?=\/)/;

/** The routes that only look at something, although their method is not GET. */
const READING = [
  "POST /api/kernels/:id/ping",
  "POST /api/events",
  ...UNAVAILABLE_PATHS.map((path) => `ALL ${path}`),
];

/** The routes by which code runs, and kernels and what they do are steered. */
const RUNNING = [
  "POST /api/kernels",
  "PATCH /api/kernels/:id",
  "DELETE /api/kernels/:id",
  "POST /api/kernels/:id/interrupt",
  "POST /api/kernels/:id/restart",
  "POST /api/kernels/:id/complete",
  "POST /api/kernels/:id/inspect",
  "POST /api/kernels/:id/is-complete",
  "POST /api/kernels/:id/input",
  "POST /api/kernels/:id/executions",
  "POST /api/kernels/:id/packages",
  "POST /api/kernels/:id/comms",
  "POST /api/kernels/:id/comms/:commId/messages",
  "DELETE /api/kernels/:id/comms/:commId",
  "POST /api/kernels/:id/execute",
  "POST /api/kernels/:id/execute/stream",
  "POST /api/kernels/:id/execute/submit",
  "GET /api/kernels/:id/channels",
  "DELETE /api/executions/:id",
  "POST /api/executions/:id/input",
  "POST /api/executions/:id/tools",
  "POST /api/sessions",
  "PATCH /api/sessions/:id",
  "DELETE /api/sessions/:id",
  "POST /api/terminals",
  "POST /execute",
  "POST /execute_async",
  "POST /sessions",
  "DELETE /sessions/:session_id",
  "POST /v1/execute",
  "POST /kill",
  ...["/v1/sessions", "/v1/sessions/session", "/v1/vms", "/v1/vms/"].map((path) => `POST ${path}`),
  "DELETE /v1/sessions/session",
  "DELETE /v1/sessions/:session_id",
  "DELETE /v1/vms/:vm_id",
  "POST /start_kernel",
  "POST /shutdown_kernel",
  "POST /execute_code",
  "POST /start",
  "POST /cell",
  "POST /notebook",
  "POST /e2b/sandboxes",
  "POST /e2b/v2/sandboxes",
  "DELETE /e2b/sandboxes/:id",
  "POST /e2b/sandboxes/:id/timeout",
  "POST /e2b/sandboxes/:id/refreshes",
  "POST /e2b/sandboxes/:id/pause",
  "POST /e2b/sandboxes/:id/resume",
  "POST /e2b/sandboxes/:id/fork",
  "POST /e2b/sandboxes/:id/snapshots",
  "POST /e2b/execute",
  "GET /e2b/contexts",
  "POST /e2b/contexts",
  "POST /e2b/contexts/:id/restart",
  "DELETE /e2b/contexts/:id",
];

/** The routes by which files, notebooks and settings change. */
const CHANGING_FILES = [
  "PUT /api/kernels/:id/files/content",
  "POST /api/kernels/:id/files/upload",
  "POST /api/kernels/:id/files",
  "PATCH /api/kernels/:id/files",
  "DELETE /api/kernels/:id/files",
  "POST /api/notebooks",
  "PUT /api/notebooks/:path{.+}",
  "PATCH /api/notebooks/:path{.+}",
  "DELETE /api/notebooks/:path{.+}",
  "PATCH /api/live-notebooks/:path{.+}",
  "PUT /api/collaboration/session/:path{.+}",
  "GET /api/collaboration/room/:room",
  ...["", "/:path{.*}"].flatMap((path) => [
    `POST /api/contents${path}/checkpoints`,
    `POST /api/contents${path}/checkpoints/:id`,
    `DELETE /api/contents${path}/checkpoints/:id`,
    `POST /api/contents${path}`,
    `PUT /api/contents${path}`,
    `PATCH /api/contents${path}`,
    `DELETE /api/contents${path}`,
  ]),
  "PUT /api/config/:section",
  "PATCH /api/config/:section",
];

/** The routes that can do both: a sandbox's files are its kernel's, and so is what agents reach. */
const DOING_BOTH = [
  "POST /api/live-notebooks/:path{.+}",
  "GET /mcp",
  "POST /mcp",
  "DELETE /mcp",
  "GET /e2b/sandboxes/:id",
  "POST /e2b/sandboxes/:id/connect",
  "POST /e2b/v2/sandboxes/:id/connect",
  "GET /e2b/files",
  "POST /e2b/files",
  "GET /files",
  "POST /files",
  "POST /upload",
  "POST /download",
  ...[
    "Stat",
    "ListDir",
    "MakeDir",
    "Move",
    "Remove",
    "CreateWatcher",
    "GetWatcherEvents",
    "RemoveWatcher",
    "WatchDir",
  ].map((name) => `POST /e2b/filesystem.Filesystem/${name}`),
  ...["Start", "Connect", "List", "SendSignal", "SendInput", "CloseStdin", "StreamInput", ":name"]
    .map((name) => `POST /e2b/process.Process/${name}`),
];

/** The scopes that a token has to have for each route that is not only read. */
const SCOPES: ReadonlyMap<string, readonly TokenScope[]> = new Map<string, readonly TokenScope[]>([
  ...READING.map((route) => [route, []] as const),
  ...RUNNING.map((route) => [route, ["run"]] as const),
  ...CHANGING_FILES.map((route) => [route, ["files"]] as const),
  ...DOING_BOTH.map((route) => [route, ["run", "files"]] as const),
]);

/**
 * Returns the scopes that a token has to have for a route, such as "POST /api/kernels"; undefined: nobody
 * has said yet, so that a token needs all. Every token may read.
 */
export function scopesFor(route: string): readonly TokenScope[] | undefined {
  const [method = "", path = ""] = route.split(" ");
  const known = SCOPES.get(`${method} ${path.replace(PREFIXES, "")}`);
  return known ?? (method === "GET" ? [] : undefined);
}

/** Options for {@linkcode checkAccess}. */
export interface AccessOptions {
  /** The families whose clients look for the route. */
  families: readonly string[];
  /** The route, such as "POST /api/kernels". */
  route: string;
}

/** Refuses the requests of tokens that are not for a route's families, or lack the scopes for it. */
export function checkAccess({ families, route }: AccessOptions): MiddlewareHandler<ServerEnv> {
  const wanted = scopesFor(route) ?? ["run", "files"];
  return async function checkAccess(c, next) {
    const visitor = c.get("visitor");
    if (visitor.kind !== "holder") return await next();
    const { token } = visitor;
    if (token.families && !families.some((it) => token.families?.has(it))) {
      throw new HttpError(
        403,
        "family_not_allowed",
        `This token is not for ${families.join(", ")}: it is for ${[...token.families].join(", ")}`,
      );
    }
    const missing = wanted.find((it) => !token.scopes.has(it));
    if (missing !== undefined) {
      throw new HttpError(
        403,
        "scope_required",
        `This token may not do that: it lacks the scope "${missing}"`,
      );
    }
    await next();
  };
}
