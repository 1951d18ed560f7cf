import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { HttpError } from "../errors/http_error.ts";

const METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
const REQUEST_HEADERS = [
  "Accept",
  "Authorization",
  "Content-Type",
  "If-Match",
  "Last-Event-ID",
  "Mcp-Method",
  "Mcp-Name",
  "Mcp-Protocol-Version",
  "Mcp-Session-Id",
  "X-Request-Id",
  "X-XSRFToken",
];
const RESPONSE_HEADERS = [
  "ETag",
  "Location",
  "Mcp-Session-Id",
  "Retry-After",
  "WWW-Authenticate",
  "X-Request-Id",
];

/**
 * Refuses requests of web pages of other origins: a browser adds the user's cookie to them, and reaches
 * servers that only this machine can reach. Programs send no origin. Pages of the allowed origins get
 * CORS.
 */
export function checkOrigin(allowed: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...allowed],
    allowMethods: METHODS,
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: RESPONSE_HEADERS,
    maxAge: 600,
  });
  return async function checkOrigin(c, next) {
    const origin = c.req.header("Origin");
    if (origin !== undefined && allowed.includes(origin)) {
      // A page on the internet asks first whether it may reach this network.
      if (c.req.header("Access-Control-Request-Private-Network") === "true") {
        c.header("Access-Control-Allow-Private-Network", "true");
      }
      return await allow(c, next);
    }
    if (origin !== undefined && !isOwn(origin, c.req.header("Host"))) throw refusal(origin);
    if (origin === undefined && isHiddenCrossSite(c.req.raw)) throw refusal("another site");
    await next();
  };
}

/** Answers OPTIONS with the methods and headers that requests may have. */
export function describeMethods(c: Context): Response {
  return c.body(null, 204, {
    "Allow": METHODS.join(", "),
    "Access-Control-Allow-Methods": METHODS.join(", "),
    "Access-Control-Allow-Headers": REQUEST_HEADERS.join(", "),
  });
}

function isOwn(origin: string, host: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

/**
 * Recognizes images, scripts and forms of other sites, and of other ports of this machine, which browsers count as the
 * same site. They send no origin; a followed link is harmless.
 */
function isHiddenCrossSite({ method, headers }: Request): boolean {
  if (!/^(cross|same)-site$/.test(headers.get("Sec-Fetch-Site") ?? "")) return false;
  return method !== "GET" || headers.get("Sec-Fetch-Mode") !== "navigate" ||
    headers.get("Sec-Fetch-Dest") !== "document";
}

function refusal(origin: string): HttpError {
  return new HttpError(
    403,
    "origin_not_allowed",
    `Pages of ${origin === "null" ? "a hidden origin" : origin} may not call this server; ` +
      "add that origin to ALLOWED_ORIGINS if they should",
  );
}
