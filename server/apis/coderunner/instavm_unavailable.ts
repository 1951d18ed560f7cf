import { Hono } from "hono";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";

const NO_STATE = "the state of a session cannot be kept: its variables and files end with it";
const NO_PORTS = "nothing in a session listens at a port that others reach";
const NO_ACCOUNTS = "this server has no accounts, and costs nothing";

/** The parts of InstaVM's API that are not here, each with the reason: the paths, and all below them. */
const REASONS: Readonly<Record<string, string>> = {
  "/v1/browser": "this server drives no browser: its kernels run code and show what that displays",
  "/v1/computeruse": "a session has no screen",
  "/v1/recordings": "a session has no screen to record",
  "/v1/snapshots": NO_STATE,
  "/v1/templates": NO_STATE,
  "/v1/tapes":
    "what a session does is not recorded for later; GET /api/executions has its commands",
  "/v1/volumes":
    "a session's files end with it; the server's operator can mount directories by MOUNT_ROOTS",
  "/v1/egress": "the network of kernels is what the server's operator allows by KERNEL_ALLOW_NET",
  "/v1/shares": NO_PORTS,
  "/v1/custom-domains": NO_PORTS,
  "/v1/sessions/app-url": NO_PORTS,
  "/v1/vaults": "this server keeps no secrets for sessions; send them as `env` of a session",
  "/v1/ssh-keys": "a session cannot be reached by SSH",
  "/v1/api-keys": "tokens are made by `start-server.sh token` or by POST /api/tokens",
  "/v1/audit": "this server keeps no audit; GET /api/executions has what was run",
  "/v1/webhooks": "this server calls nobody; clients follow /api/executions/{id}/events",
  "/v1/credits": NO_ACCOUNTS,
  "/v1/users": NO_ACCOUNTS,
  "/v1/vms":
    `a machine is a session with kernels: it can be made, shown and ended, but ${NO_STATE}`,
  "/v1/sessions/:session_id/pty":
    'a session has no terminal: send commands with `language: "bash"`',
  "/v1/sessions/:session_id/tape": NO_STATE,
};

/** The paths of the routes that refuse everything. */
// Hono's "/*" takes the path itself too.
export const UNAVAILABLE_PATHS: readonly string[] = Object.keys(REASONS).map((it) => `${it}/*`);

/** The routes that say why a part of InstaVM's API is not here. */
export function unavailableRoutes(): Hono<ServerEnv> {
  const router = new Hono<ServerEnv>();
  for (const [path, reason] of Object.entries(REASONS)) {
    router.all(`${path}/*`, () => {
      throw new HttpError(501, "not_implemented", `This is not available here: ${reason}`);
    });
  }
  return router;
}
