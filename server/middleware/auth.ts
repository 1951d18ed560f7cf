import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { HttpError } from "../errors/http_error.ts";
import { bodyKey, mayHaveBodyKey } from "../http/body_key.ts";
import { addressKey } from "../http/client_address.ts";
import { tokensInUrl } from "../http/url_tokens.ts";
import type { ServerEnv } from "../http/env.ts";
import { isForSandbox, type Visitor } from "../http/visitor.ts";
import type { Token } from "../services/tokens/token.ts";
import type { Tokens } from "../services/tokens/tokens.ts";
import { loginPage } from "./login_page.ts";
import { TokenGuesses } from "./token_guesses.ts";

/**
 * The paths that need no token: signs of life, the kind of the server, the page's scripts and styles, and app
 * views, which ask for the secrets of their links.
 */
const PUBLIC =
  /^\/(((coderunner|colab|kernel-proxy|jupycell)\/)?health|ready|favicon\.ico|login|ui\/.*|apps\/.*|api)$/;

/** Options for {@linkcode authenticate}. */
export interface TokenOptions {
  /** The administrator's token; undefined: there is none. */
  token: string | undefined;
  /** The tokens that are bound to namespaces. */
  tokens: Tokens;
  /** False when who sends no right token is the administrator. */
  required: boolean;
  /** Part of the cookie's name: browsers send the cookies of a machine to its servers on all ports. */
  port: number;
}

const NOBODY: Visitor = { kind: "nobody" };
const ADMINISTRATOR: Visitor = { kind: "administrator" };

/**
 * Finds out who sends a request, and refuses requests without a token if one is required. Programs send the
 * token with each request; a browser gets a cookie for it by opening the page with `?token=` or by the form.
 */
export function authenticate(options: TokenOptions): MiddlewareHandler<ServerEnv> {
  const { token, tokens, required, port } = options;
  const cookie = `kernel-session-${port}`;
  const sessions = new BrowserSessions(token, tokens);
  const guesses = new TokenGuesses();

  /** Returns the tokens that a request carries, those of them that are wrong, and whose the first right one is. */
  function examine(c: Context<ServerEnv>, inBody?: string) {
    const inHeader = /^(?:Bearer|token) +(.+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    // The clients of E2B and InstaVM send their keys so.
    const inKey = c.req.header("X-API-Key");
    const sent = [inBody, inHeader, inKey, ...tokensInUrl(c)].filter((it) => it !== undefined);
    const inCookie = getCookie(c, cookie);
    const visitors = sent.map((it) => visitorOf(it));
    if (inCookie !== undefined) visitors.push(sessions.visitorOf(inCookie));
    const given = inCookie === undefined ? sent : [...sent, inCookie];
    return {
      given,
      wrong: given.filter((_, index) => visitors[index] === undefined),
      visitor: visitors.find((it) => it !== undefined),
    };
  }

  /** Returns who has a token. The time that it takes says nothing about the tokens that there are. */
  function visitorOf(sent: string): Visitor | undefined {
    const isAdministrator = token !== undefined && equal(sent, token);
    const found = tokens.find(sent);
    if (isAdministrator) return ADMINISTRATOR;
    return found && { kind: "holder", token: found };
  }

  /**
   * Finds the visitor by the tokens; wrong ones are counted, and a client has few of them. They count beside a right
   * one too: the holder of a token could try others without an end.
   */
  function identify(c: Context<ServerEnv>, inBody?: string): Visitor | undefined {
    const client = addressKey(c.get("client").address);
    const { given, wrong, visitor } = examine(c, inBody);
    guesses.check(client, given);
    guesses.add(client, wrong);
    return visitor;
  }

  /** Finds the visitor of a path that is open to all; the address's guesses count there too. */
  function identifyLeniently(c: Context<ServerEnv>): Visitor {
    try {
      return identify(c) ?? NOBODY;
    } catch {
      return NOBODY;
    }
  }

  function logIn(c: Context<ServerEnv>, visitor: Visitor): Response {
    const { secure } = c.get("client");
    const value = sessions.valueFor(visitor);
    setCookie(c, cookie, value, { httpOnly: true, sameSite: "Strict", path: "/", secure });
    const url = new URL(c.req.url);
    url.searchParams.delete("token");
    // A path that begins with two slashes would lead to another host.
    const path = url.pathname.replace(/^\/+/, "/");
    // VS Code recognizes by status 302 that its password was right.
    return c.req.method === "POST" ? c.redirect("/", 302) : c.redirect(path + url.search, 303);
  }

  return async function authenticate(c, next) {
    const inBody = await bodyKey(c);
    if (!required) {
      c.set("visitor", examine(c, inBody).visitor ?? ADMINISTRATOR);
      return await next();
    }
    if (c.req.method === "GET" && c.req.path === "/login") {
      // Jupyter's clients only go on with a form whose answer has this cookie; `checkOrigin` protects it here.
      setCookie(c, "_xsrf", crypto.randomUUID(), { httpOnly: true, sameSite: "Strict", path: "/" });
      return loginPage(c, "", 200);
    }
    if (c.req.method === "POST" && c.req.path === "/login") {
      const form = await c.req.parseBody();
      const inForm = form["token"] ?? form["password"]; // Jupyter's form has a password.
      if (typeof inForm !== "string") return loginPage(c, "That is not the token.");
      const visitor = identify(c, inForm);
      return visitor ? logIn(c, visitor) : loginPage(c, "That is not the token.");
    }
    if (PUBLIC.test(c.req.path) || isForSandbox(c.req.path) || c.req.method === "OPTIONS") {
      c.set("visitor", identifyLeniently(c));
      return await next();
    }
    const inUrl = c.req.query("token");
    const visitor = identify(c, inBody);
    if (visitor) {
      c.set("visitor", visitor);
      const opens = inUrl !== undefined && isPage(c) && !isWebSocket(c);
      return opens ? logIn(c, visitor) : await next();
    }
    if (isPage(c)) return loginPage(c, inUrl === undefined ? "" : "That is not the token.");
    throw refusal(c);
  };
}

/** The values of browsers' cookies. A program that reads them does not learn a token. */
class BrowserSessions {
  readonly #administrators: string | undefined;
  readonly #tokens: Tokens;
  /** Whoever reads the file of tokens cannot make the cookie of one. */
  readonly #key: Uint8Array;

  constructor(token: string | undefined, tokens: Tokens) {
    this.#tokens = tokens;
    this.#administrators = token === undefined ? undefined : seal(token, "browser session");
    this.#key = token === undefined
      ? randomBytes(32)
      : createHmac("sha256", token).update("browser sessions of namespaces").digest();
  }

  /** Returns the value for a visitor's browser. */
  valueFor(visitor: Visitor): string {
    if (visitor.kind !== "holder") return this.#administrators ?? "";
    return `${visitor.token.id}.${this.#mark(visitor.token)}`;
  }

  /** Returns the visitor whose browser has a value. */
  visitorOf(value: string): Visitor | undefined {
    if (this.#administrators !== undefined && equal(value, this.#administrators)) {
      return ADMINISTRATOR;
    }
    const end = value.indexOf(".");
    const token = end === -1 ? undefined : this.#tokens.findById(value.slice(0, end));
    const isRight = token !== undefined && equal(value.slice(end + 1), this.#mark(token));
    return isRight ? { kind: "holder", token } : undefined;
  }

  #mark({ entry }: Token): string {
    return seal(this.#key, `browser session ${entry.sha256}`);
  }
}

function seal(key: string | Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Makes the refusal of a request without the token. */
function refusal(c: Context): HttpError {
  const message = "This server needs its token: send the header `Authorization: Bearer TOKEN`";
  if (c.req.path.startsWith("/e2b/")) {
    return new HttpError(401, "token_required", "This server needs its token as E2B_API_KEY");
  }
  // InstaVM's client knows by this status that its key is wrong.
  if (c.req.header("X-API-Key") !== undefined || mayHaveBodyKey(c)) {
    return new HttpError(401, "token_required", "This server needs its token as the API key");
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
