import type { MiddlewareHandler } from "hono";

/** For answers that are no pages: were one shown as a page, it could do nothing. */
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

/** Headers that keep browsers from doing more with an answer than it is for. */
export function securityHeaders(): MiddlewareHandler {
  return async function securityHeaders(c, next) {
    await next();
    const { headers } = c.res;
    headers.set("X-Content-Type-Options", "nosniff");
    // Not "no-referrer": with that a browser hides the origin of the page's own forms as well.
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    if (!headers.has("Access-Control-Allow-Origin")) {
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
    }
    if (!headers.has("Content-Security-Policy")) {
      headers.set("Content-Security-Policy", NOTHING_ALLOWED);
    }
  };
}
