import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import type { ServerEnv } from "../../../http/env.ts";
import { upgrade } from "../channels/websocket.ts";
import { RequestTunnel } from "./request_tunnel.ts";
import { EXTENSION_VERSION, isNewer } from "./version.ts";

const PREFIX = "/http_over_websocket";
/** The beginning of the paths of websockets that are passed on. */
const SOCKETS = `${PREFIX}/proxied_ws`;
/** The close code for a client that needs a newer version, or names none. */
const WRONG_VERSION = 4400;

/**
 * The routes by which Colab uses the kernels of a server on the user's own machine: all requests pass
 * through one websocket, in the protocol of the package `jupyter_http_over_ws`. Each of them is answered
 * like any other, with all checks of the server.
 */
export function colabRoutes() {
  return new Hono<ServerEnv>()
    .get(PREFIX, (c) =>
      upgrade(c, {
        onOpen(socket) {
          const wanted = c.req.query("min_version");
          const problem = wanted === undefined ? undefined : versionProblem(wanted);
          if (problem !== undefined) return socket.close(WRONG_VERSION, problem.slice(0, 100));
          new RequestTunnel(socket, c);
        },
      }))
    .get(`${PREFIX}/diagnose`, (c) =>
      upgrade(c, {
        onOpen(socket) {
          socket.on("message", (data) => {
            socket.send(JSON.stringify({
              message_id: new TextDecoder().decode(data),
              extension_version: EXTENSION_VERSION,
              has_authentication_cookie: getCookie(c, "_xsrf") !== undefined,
              is_outdated_extension: isNewer(c.req.query("min_version") ?? "") === true,
            }));
          });
        },
      }))
    .get(`${SOCKETS}/*`, async (c) => {
      const url = new URL(c.req.url);
      url.pathname = url.pathname.slice(SOCKETS.length);
      if (url.pathname.startsWith(PREFIX)) return c.notFound();
      return await c.get("fetch")(new Request(url, { headers: c.req.raw.headers }), c.env);
    });
}

function versionProblem(wanted: string): string | undefined {
  const newer = isNewer(wanted);
  if (newer === undefined) return `Invalid "min_version": ${wanted}`;
  return newer ? `Cannot serve version ${wanted}: this is ${EXTENSION_VERSION}` : undefined;
}
