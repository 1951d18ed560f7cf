import type { ServerEnv } from "../../../http/env.ts";
import type { Tokens } from "../../../services/tokens/tokens.ts";

type Fetch = (request: Request, env: ServerEnv["Bindings"]) => Response | Promise<Response>;

/** The forms in which clients send who they are, besides the path. */
const CREDENTIALS = ["Cookie", "Authorization", "X-API-Key", "X-Access-Token", "E2b-Sandbox-Id"];

/** The path of a request: the token, and what follows it. */
const PATH = /^\/(?<secret>[\w.~-]{16,})(?<rest>\/.*)?$/;

/**
 * Makes the answers of JupyterLab's port. The token is the beginning of every path there, so that images, downloads
 * and websockets of the page have it; browsers send cookies to every port of a machine, so they count for nothing.
 */
export function atPathOfToken(fetch: Fetch, tokens: Pick<Tokens, "find">): Fetch {
  return async function answer(request, env) {
    const url = new URL(request.url);
    const { secret, rest = "/" } = PATH.exec(url.pathname)?.groups ?? {};
    if (secret === undefined) return refusal(404, "there is nothing without the token in it");
    // A service worker would stay in the browser after the page.
    if (request.headers.get("Service-Worker") !== null) {
      return refusal(403, "pages here may have no service workers");
    }
    // Its form makes a cookie.
    if (rest === "/login") return refusal(404, "JupyterLab's port has no form for the token");
    const isKnown = tokens.find(secret) !== undefined;
    url.pathname = rest;
    url.searchParams.delete("token");
    const headers = new Headers(request.headers);
    for (const name of CREDENTIALS) headers.delete(name);
    headers.set("Authorization", `Bearer ${secret}`);
    if (!isKnown) headers.delete("Accept"); // Without it, nobody is asked to enter a token.
    const { method, body, signal } = request;
    const passedOn = new Request(url, { method, headers, body, signal });
    env.basePath = `/${secret}`; // A copy would make no websocket: the library looks for its own object.
    const response = await fetch(passedOn, env);
    if (isKnown || response.status !== 403) return response;
    await response.body?.cancel();
    return refusal(403, "the token in it is wrong, or has ended with the server that printed it");
  };
}

function refusal(status: number, reason: string): Response {
  const text =
    `Open JupyterLab by the address that the server prints. This one does not work: ${reason}.\n`;
  return new Response(text, {
    status,
    headers: {
      "Content-Type": "text/plain; charset=UTF-8",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
    },
  });
}
