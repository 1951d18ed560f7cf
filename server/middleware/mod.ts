import type { Hono, MiddlewareHandler } from "hono";
import type { Config } from "../config/config.ts";
import type { ServerEnv } from "../http/env.ts";
import { authenticate } from "./auth.ts";
import { checkHost } from "./host.ts";
import { identifyClient } from "./client.ts";
import type { ServerServices } from "../services/mod.ts";
import { jsonBody, limitTo } from "../http/json_body.ts";
import { checkOrigin, describeMethods } from "./origin.ts";
import { rateLimit } from "./rate_limit.ts";
import { requestLog } from "./request_log.ts";
import { securityHeaders } from "./security_headers.ts";
import { endWithTokens } from "./token_connections.ts";
import { limitTokens } from "./token_rate.ts";
import { endUnreadBodies } from "./unread_bodies.ts";

/** The largest form with a token, in bytes. */
const MAX_LOGIN_BYTES = 4 * 1024;

/** Options for {@linkcode guard}. */
export interface GuardOptions {
  config: Config;
  services: Pick<ServerServices, "tokens" | "sandboxes">;
  /** Sees every request. */
  measure: MiddlewareHandler<{ Variables: { route?: string } }>;
  /** True when every request needs a token. @default when the configuration has a token or a file of tokens */
  requireToken?: boolean;
}

/**
 * Puts the server's checks before every handler that is registered later: rate, host, origin and token. After
 * them it is known who sends a request.
 */
export function guard(
  app: Hono<ServerEnv>,
  { config, services: { tokens, sandboxes }, measure, requireToken }: GuardOptions,
): void {
  app.use(async function offerFetch(c, next) {
    c.set("fetch", app.fetch);
    await next();
  });
  app.use(requestLog(), measure, securityHeaders(), identifyClient(config.trustedProxies));
  if (config.rateLimit > 0) app.use(rateLimit(config.rateLimit));
  app.use(checkHost([config.host, ...config.allowedHosts]), checkOrigin(config.allowedOrigins));
  const required = requireToken ??
    (config.token !== undefined || config.tokensFile !== undefined);
  if (required) app.use("/login", limitTo(MAX_LOGIN_BYTES, "a token is shorter"));
  app.use(authenticate({ token: config.token, tokens, required, port: config.port }));
  app.use(limitTokens(), endWithTokens(tokens, sandboxes));
}

/** Puts the checks of a request's body, and the end of an answer's, around every handler that is registered later. */
export function guardBodies(app: Hono<ServerEnv>, config: Config): void {
  app.use(endUnreadBodies());
  app.options("/api/*", describeMethods);
  app.options("/mcp", describeMethods);
  app.use("/api/*", jsonBody(config));
  app.post("/mcp", limitTo(config.maxBodyBytes, "MAX_BODY_BYTES"));
}
