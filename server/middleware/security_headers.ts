import type { MiddlewareHandler } from "hono";

/** The policy of answers that are no pages: if a browser shows one as a page, the page can do nothing. */
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

/** Adds headers that keep browsers from misusing an answer, such as showing a file as a page. */
export function securityHeaders(): MiddlewareHandler {
  return async function securityHeaders(c, next) {
    await next();
    const { headers } = c.res;
    headers.set("X-Content-Type-Options", "nosniff");
    // Not "no-referrer": with it, a browser hides the origin of the page's own forms as well.
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
