import type { Hono, MiddlewareHandler } from "hono";
import type { Config } from "../config/config.ts";
import type { ServerEnv } from "../http/env.ts";
import { requireToken } from "./auth.ts";
import { checkHost } from "./host.ts";
import { identifyClient } from "./client.ts";
import { jsonBody, limitTo } from "../http/json_body.ts";
import { checkOrigin, describeMethods } from "./origin.ts";
import { rateLimit } from "./rate_limit.ts";
import { requestLog } from "./request_log.ts";
import { securityHeaders } from "./security_headers.ts";

/** The largest form with a token, in bytes. */
const MAX_LOGIN_BYTES = 4 * 1024;

/**
 * Puts the server's checks before every handler that is registered later: rate, host, origin, token and
 * the body's size. `measure` sees every request.
 */
export function guard(app: Hono<ServerEnv>, config: Config, measure: MiddlewareHandler): void {
  app.use(async function offerFetch(c, next) {
    c.set("fetch", app.fetch);
    await next();
  });
  app.use(requestLog(), measure, securityHeaders(), identifyClient(config.trustedProxies));
  if (config.rateLimit > 0) app.use(rateLimit(config.rateLimit));
  app.use(checkHost([config.host, ...config.allowedHosts]), checkOrigin(config.allowedOrigins));
  if (config.token !== undefined) {
    app.use("/login", limitTo(MAX_LOGIN_BYTES, "a token is shorter"));
    app.use(requireToken({ token: config.token, port: config.port }));
  }
  app.options("/api/*", describeMethods);
  app.options("/mcp", describeMethods);
  app.use("/api/*", jsonBody(config));
  app.post("/mcp", limitTo(config.maxBodyBytes, "MAX_BODY_BYTES"));
}
