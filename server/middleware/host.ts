import type { MiddlewareHandler } from "hono";
import { isIP } from "node:net";
import { HttpError } from "../errors/http_error.ts";

/**
 * Refuses requests for a host name that is not this server's. A web page elsewhere may make its own name
 * point here (DNS rebinding), and a browser then takes this server for the page's own.
 */
export function checkHost(names: readonly string[]): MiddlewareHandler {
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  return async function checkHost(c, next) {
    const host = c.req.header("Host") ?? new URL(c.req.url).host;
    const name = host.replace(/:\d+$/, "").toLowerCase();
    const address = name.replace(/^\[(.*)\]$/, "$1");
    // An address and localhost cannot be made to point elsewhere.
    if (isIP(address) || name === "localhost" || name.endsWith(".localhost") || allowed.has(name)) {
      return await next();
    }
    throw new HttpError(
      403,
      "host_not_allowed",
      `This server is not known as "${name}": use its address, or add the name to ALLOWED_HOSTS`,
    );
  };
}
