import type { HttpBindings } from "@hono/node-server";
import { type ConnectionLimits, listen, type Listener } from "../../http/listen.ts";
import { DEFAULT_KIND } from "../../services/kernels/kinds.ts";
import type { Sandboxes } from "../../services/sandboxes/sandboxes.ts";

/** The ports of this machine on which E2B's clients look in debug mode: code, files and commands, the API. */
export const DEBUG_PORTS: readonly number[] = [49_999, 49_983, 3_000];

/** Answers a request of the server. */
type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** Options for {@linkcode openDebugPorts}. */
export interface DebugPortsOptions {
  fetch: Fetch;
  sandboxes: Sandboxes;
  limits: ConnectionLimits;
  /** @default {@linkcode DEBUG_PORTS} */
  ports?: readonly number[];
}

/**
 * Opens the ports of E2B's debug mode, for this machine only. Its clients name no sandbox and send no token: whoever
 * reaches the ports shares one sandbox.
 *
 * @throws {Error} with Node's `code`, such as `EADDRINUSE`; no port is open then.
 */
export async function openDebugPorts(
  { fetch, sandboxes, limits, ports = DEBUG_PORTS }: DebugPortsOptions,
): Promise<Listener[]> {
  const opened: Listener[] = [];
  try {
    for (const port of ports) {
      const answer: Fetch = (request, env) => fetch(inDebugSandbox(request, sandboxes), env);
      opened.push(await listen(answer, { ...limits, hostname: "127.0.0.1", port }));
    }
  } catch (error) {
    await Promise.all(opened.map((it) => it.close(0)));
    throw error;
  }
  return opened;
}

/** Returns a request as one of a client that knows the shared sandbox and its token. */
function inDebugSandbox(request: Request, sandboxes: Sandboxes): Request {
  const url = new URL(request.url);
  url.pathname = `/e2b${url.pathname}`;
  const { method, body, signal } = request;
  const headers = new Headers(request.headers);
  const sandbox = sandboxes.debugSandbox(DEFAULT_KIND);
  headers.set("E2b-Sandbox-Id", sandbox.id);
  headers.set("X-Access-Token", sandbox.accessToken);
  headers.delete("E2B-Traffic-Access-Token");
  return new Request(url, { method, headers, body, signal });
}
