import { upgradeWebSocket } from "@hono/node-server";
import type { Context } from "hono";
// @ts-types="../../../http/ws.d.ts"
import type { WebSocket } from "ws";
import { HttpError } from "../../../errors/http_error.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { chooseProtocol } from "../../../http/listen.ts";
import { readInTurns } from "../../../http/socket_turns.ts";

/** The time between two pings; a client that has not answered one by the next is gone. */
const PING_INTERVAL_MS = 30_000;

/** Options for {@linkcode upgrade}. */
export interface UpgradeOptions {
  /** The one subprotocol that the server speaks; it is used when the client offers it. */
  protocol?: string;
  /** Called with the websocket once it is open; `protocol` tells whether the subprotocol is used. */
  onOpen: (socket: WebSocket, protocol: string | undefined) => void;
}

/** Answers a request that becomes a websocket. */
export async function upgrade(
  c: Context<ServerEnv>,
  { protocol, onOpen }: UpgradeOptions,
): Promise<Response> {
  const { req, env } = c;
  if (req.header("Upgrade")?.toLowerCase() !== "websocket" || !env.incoming) {
    throw new HttpError(426, "upgrade_required", `Connect to ${req.path} by websocket`, {
      headers: { Upgrade: "websocket" },
    });
  }
  const offered = (req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((it) => it.trim());
  const chosen = protocol !== undefined && offered.includes(protocol) ? protocol : undefined;
  if (chosen !== undefined) chooseProtocol(env.incoming, chosen);
  const open = upgradeWebSocket(() => ({
    onOpen(_event, { raw }) {
      // The server is made with the sockets of this library.
      const socket = raw as WebSocket;
      // A connection that breaks raises an error before it closes; unhandled, it would be thrown.
      socket.on("error", () => {});
      keepAlive(socket);
      readInTurns(socket);
      onOpen(socket, chosen);
    },
  }));
  return await open(c, async () => {}) as Response;
}

/** Ends a connection whose client does not answer. */
function keepAlive(socket: WebSocket): void {
  let answered = true;
  socket.on("pong", () => answered = true);
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.once("close", () => clearInterval(timer));
}
