import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { HttpError } from "../errors/http_error.ts";
import { loginPage } from "./login_page.ts";

/** What anybody may see: signs of life, what kind of server it is, the page's scripts and styles. */
const PUBLIC = /^\/(health|ready|favicon\.ico|login|ui\/.*|api)$/;

/** Options for {@linkcode requireToken}. */
export interface TokenOptions {
  token: string;
  /** Tells apart the cookies of servers on one machine: browsers do not, by port. */
  port: number;
}

/**
 * Lets nobody in without the token. Programs send it with each request; a browser gets a cookie for
 * it, by opening the page with `?token=` or by the form.
 */
export function requireToken({ token, port }: TokenOptions): MiddlewareHandler {
  const cookie = `kernel-session-${port}`;
  // Not the token itself: whoever reads the browser's cookies does not learn it.
  const session = createHmac("sha256", token).update("browser session").digest("hex");

  function logIn(c: Context): Response {
    setCookie(c, cookie, session, { httpOnly: true, sameSite: "Strict", path: "/" });
    const url = new URL(c.req.url);
    url.searchParams.delete("token");
    return c.redirect(c.req.method === "POST" ? "/" : url.pathname + url.search, 303);
  }

  return async function requireToken(c, next) {
    if (c.req.method === "POST" && c.req.path === "/login") {
      const given = (await c.req.parseBody())["token"];
      if (typeof given === "string" && equal(given, token)) return logIn(c);
      return loginPage(c, "That is not the token.");
    }
    if (PUBLIC.test(c.req.path) || c.req.method === "OPTIONS") return await next();
    const inHeader = /^(?:Bearer|token) +(.+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    if (inHeader !== undefined && equal(inHeader, token)) return await next();
    if (equal(getCookie(c, cookie) ?? "", session)) return await next();
    const inUrl = c.req.query("token");
    if (inUrl !== undefined && equal(inUrl, token)) {
      if (isPage(c) && !isWebSocket(c)) return logIn(c);
      return await next();
    }
    if (isPage(c)) return loginPage(c, inUrl === undefined ? "" : "That is not the token.");
    throw new HttpError(
      403,
      "token_required",
      "This server needs its token: send the header `Authorization: Bearer TOKEN`",
      { headers: { "WWW-Authenticate": "Bearer" } },
    );
  };
}

/** Takes the same time wherever two texts differ, and however long they are. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

function isWebSocket(c: Context): boolean {
  return c.req.header("Upgrade")?.toLowerCase() === "websocket";
}

function isPage(c: Context): boolean {
  return c.req.method === "GET" && (c.req.header("Accept") ?? "").includes("text/html");
}
