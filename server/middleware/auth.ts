import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { HttpError } from "../errors/http_error.ts";
import { addressKey } from "../http/client_address.ts";
import { tokensInUrl } from "../http/url_tokens.ts";
import type { ServerEnv } from "../http/env.ts";
import { loginPage } from "./login_page.ts";
import { TokenGuesses } from "./token_guesses.ts";

/** The paths that need no token: signs of life, the kind of the server, the page's scripts and styles. */
const PUBLIC =
  /^\/(((coderunner|colab|kernel-proxy|jupycell)\/)?health|ready|favicon\.ico|login|ui\/.*|api)$/;

/** The paths whose handlers ask for tokens of their own: each of E2B's sandboxes has its own. */
const OWN_TOKENS =
  /^\/(files|e2b\/(health|execute|contexts(\/.*)?|files|(filesystem\.Filesystem|process\.Process)\/\w+))$/;

/** Options for {@linkcode requireToken}. */
export interface TokenOptions {
  token: string;
  /** Part of the cookie's name: browsers send the cookies of a machine to its servers on all ports. */
  port: number;
}

/**
 * Refuses requests without the token. Programs send the token with each request; a browser gets a cookie
 * for it by opening the page with `?token=` or by the form.
 */
export function requireToken({ token, port }: TokenOptions): MiddlewareHandler<ServerEnv> {
  const cookie = `kernel-session-${port}`;
  // Not the token itself: a program that reads the browser's cookies does not learn it.
  const session = createHmac("sha256", token).update("browser session").digest("hex");

  const guesses = new TokenGuesses();

  /** Returns the tokens that a request carries, and whether one of them is right. */
  function examine(c: Context<ServerEnv>, inForm?: string): { given: string[]; right: boolean } {
    const inHeader = /^(?:Bearer|token) +(.+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    // E2B's clients send their key so.
    const inKey = c.req.header("X-API-Key");
    const tokens = [inForm, inHeader, inKey, ...tokensInUrl(c)].filter((it) => it !== undefined);
    const inCookie = getCookie(c, cookie);
    const right = tokens.some((it) => equal(it, token)) ||
      inCookie !== undefined && equal(inCookie, session);
    return { given: inCookie === undefined ? tokens : [...tokens, inCookie], right };
  }

  /** Tells whether a request carries the token; wrong ones are counted, and a client has few of them. */
  function allowed(c: Context<ServerEnv>, inForm?: string): boolean {
    const client = addressKey(c.get("client").address);
    const { given, right } = examine(c, inForm);
    guesses.check(client, given);
    if (!right) guesses.add(client, given);
    return right;
  }

  function logIn(c: Context<ServerEnv>): Response {
    const { secure } = c.get("client");
    setCookie(c, cookie, session, { httpOnly: true, sameSite: "Strict", path: "/", secure });
    const url = new URL(c.req.url);
    url.searchParams.delete("token");
    // A path that begins with two slashes would lead to another host.
    const path = url.pathname.replace(/^\/+/, "/");
    // VS Code recognizes by status 302 that its password was right.
    return c.req.method === "POST" ? c.redirect("/", 302) : c.redirect(path + url.search, 303);
  }

  return async function requireToken(c, next) {
    if (c.req.method === "GET" && c.req.path === "/login") {
      // Jupyter's clients only go on with a form whose answer has this cookie; `checkOrigin` protects it here.
      setCookie(c, "_xsrf", crypto.randomUUID(), { httpOnly: true, sameSite: "Strict", path: "/" });
      return loginPage(c, "", 200);
    }
    if (c.req.method === "POST" && c.req.path === "/login") {
      const form = await c.req.parseBody();
      const inForm = form["token"] ?? form["password"]; // Jupyter's form has a password.
      if (typeof inForm !== "string") return loginPage(c, "That is not the token.");
      return allowed(c, inForm) ? logIn(c) : loginPage(c, "That is not the token.");
    }
    const open = PUBLIC.test(c.req.path) || OWN_TOKENS.test(c.req.path);
    if (open || c.req.method === "OPTIONS") return await next();
    const inUrl = c.req.query("token");
    if (allowed(c)) {
      const opens = inUrl !== undefined && isPage(c) && !isWebSocket(c);
      return opens ? logIn(c) : await next();
    }
    if (isPage(c)) return loginPage(c, inUrl === undefined ? "" : "That is not the token.");
    throw refusal(c);
  };
}

/** Makes the refusal of a request without the token. */
function refusal(c: Context): HttpError {
  const message = "This server needs its token: send the header `Authorization: Bearer TOKEN`";
  if (c.req.path.startsWith("/e2b/")) {
    return new HttpError(401, "token_required", "This server needs its token as E2B_API_KEY");
  }
  // Clients of MCP take 401 for a missing or wrong token, and 403 for one that allows too little.
  if (c.req.path !== "/mcp") {
    const headers = { "WWW-Authenticate": "Bearer" };
    return new HttpError(403, "token_required", message, { headers });
  }
  // A challenge names an error only if there was a token.
  const challenge = c.req.header("Authorization") === undefined
    ? 'Bearer realm="mcp"'
    : 'Bearer realm="mcp", error="invalid_token", error_description="That is not the token"';
  return new HttpError(401, "token_required", message, {
    headers: { "WWW-Authenticate": challenge },
  });
}

/** Compares two texts in a time that does not depend on where they differ or how long they are. */
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
