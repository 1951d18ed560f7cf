import type { MiddlewareHandler } from "hono";
import { connectionAddress, forwardedClient } from "../http/client_address.ts";
import type { ServerEnv } from "../http/env.ts";

/** Finds out which client has sent a request, and whether it came by TLS; trusted proxies tell both. */
export function identifyClient(trustedProxies: readonly string[]): MiddlewareHandler<ServerEnv> {
  const trusted = new Set(trustedProxies);
  return async function identifyClient(c, next) {
    const address = connectionAddress(c.env);
    const proxied = address !== undefined && trusted.has(address);
    c.set("client", {
      address: proxied
        ? forwardedClient(c.req.header("X-Forwarded-For"), trusted) ?? address
        : address,
      secure: proxied && c.req.header("X-Forwarded-Proto")?.trim().toLowerCase() === "https",
    });
    await next();
  };
}
