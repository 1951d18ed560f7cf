import type { Hono, MiddlewareHandler } from "hono";
import type { Config } from "../config/config.ts";
import type { ServerEnv } from "../http/env.ts";
import { requireToken } from "./auth.ts";
import { checkHost } from "./host.ts";
import { jsonBody } from "./json_body.ts";
import { checkOrigin, describeMethods } from "./origin.ts";
import { rateLimit } from "./rate_limit.ts";
import { requestLog } from "./request_log.ts";
import { securityHeaders } from "./security_headers.ts";

/**
 * Puts the server's checks before every handler that is registered later: host, origin, rate, token and
 * the body's size. `measure` sees every request.
 */
export function guard(app: Hono<ServerEnv>, config: Config, measure: MiddlewareHandler): void {
  app.use(requestLog(), measure, securityHeaders());
  app.use(checkHost([config.host, ...config.allowedHosts]), checkOrigin(config.allowedOrigins));
  if (config.rateLimit > 0) {
    const limit = rateLimit(config.rateLimit);
    app.use("/api/*", limit).use("/login", limit);
  }
  if (config.token !== undefined) {
    app.use(requireToken({ token: config.token, port: config.port }));
  }
  app.options("/api/*", describeMethods);
  app.use("/api/*", jsonBody(config));
}
