import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
// @ts-types="./ws.d.ts"
import { WebSocketServer } from "ws";
import { addressKey } from "./client_address.ts";

/** The bounds of connections; times in milliseconds. */
export interface ConnectionLimits {
  /** The longest time until a connection has sent a request's whole header. */
  headerTimeoutMs: number;
  /** The longest time until a request has come as a whole, with its body. */
  requestTimeoutMs: number;
  /** The longest time between an answer and the next request of its connection. */
  idleTimeoutMs: number;
  /** The most connections at a time; further ones are closed at once. */
  maxConnections: number;
  /** The most connections of one address; 0: as many as of all together. */
  maxConnectionsPerClient: number;
}

/** Options for {@linkcode listen}. */
export interface ListenOptions extends ConnectionLimits {
  hostname: string;
  port: number;
}

/** A server that answers on a port. */
export interface Listener {
  /** The address and port; the port is the real one when any was asked for. */
  readonly address: AddressInfo;
  /** Takes no more connections. */
  stop(): void;
  /** Ends the connections: those that are in use get `timeoutMs` to end by themselves. */
  close(timeoutMs: number): Promise<void>;
}

/** The largest header of a request, in bytes. */
const MAX_HEADER_BYTES = 32 * 1024;
/** The largest message in a websocket, in bytes: the buffers of a widget may be a file. */
const MAX_FRAME_BYTES = 64 * 2 ** 20;
/** The longest time between two searches for connections that are past their deadline. */
const MAX_CHECK_INTERVAL_MS = 1_000;

/** The subprotocol that a handler has chosen for a request that becomes a websocket. */
const chosenProtocols = new WeakMap<IncomingMessage, string>();

/** Chooses one of the subprotocols that the client of a request offers. */
export function chooseProtocol(request: IncomingMessage, protocol: string): void {
  chosenProtocols.set(request, protocol);
}

/**
 * Opens a port. Node's server is used because `Deno.serve` has no deadlines: there, a connection that
 * sends nothing, or half a request, stays for ever.
 *
 * @throws {Error} with Node's `code`, such as `EADDRINUSE`.
 */
export async function listen(
  fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>,
  options: ListenOptions,
): Promise<Listener> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (_offered, request) => chosenProtocols.get(request) ?? false,
  });
  // Plain HTTP is served: `createServer` below makes the server, and the bindings are its messages.
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env as HttpBindings),
    createServer,
    // Otherwise the library replaces `Response` for the whole process, and `Deno.serve` takes no other.
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node wants the time of a part to be at most that of the whole.
      headersTimeout: Math.min(options.headerTimeoutMs, options.requestTimeoutMs),
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: options.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, options.headerTimeoutMs),
    },
    websocket: { server: sockets },
  }) as Server;
  boundConnections(server, options);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(options.port, options.hostname, resolve);
  await promise;
  const closed = Promise.withResolvers<void>();
  server.once("close", closed.resolve);
  return {
    address: server.address() as AddressInfo,
    stop: () => void server.close(),
    async close(timeoutMs) {
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, timeoutMs);
      await closed.promise;
      clearTimeout(timer);
    },
  };
}

/** Closes connections that are beyond the limits, and those that are past a deadline or send nonsense. */
function boundConnections(
  server: Server,
  { maxConnections, maxConnectionsPerClient }: ConnectionLimits,
): void {
  const perClient = maxConnectionsPerClient || maxConnections;
  const counts = new Map<string, number>();
  let total = 0;
  server.on("connection", (socket: Socket) => {
    const key = addressKey(socket.remoteAddress);
    const count = counts.get(key) ?? 0;
    if (total >= maxConnections || count >= perClient) return void socket.destroy();
    total++;
    counts.set(key, count + 1);
    socket.once("close", () => {
      total--;
      const left = counts.get(key)! - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    });
  });
  server.on("clientError", (_error: Error, socket: Socket) => void socket.destroy());
}
