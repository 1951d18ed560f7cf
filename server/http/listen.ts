import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
// @ts-types="./ws.d.ts"
import { WebSocketServer } from "ws";
import { answerInTurn } from "./answer_in_turn.ts";
import { addressKey } from "./client_address.ts";

/** The bounds of connections; times in milliseconds. */
export interface ConnectionLimits {
  /** The longest time until a connection has sent a request's whole header. */
  headerTimeoutMs: number;
  /** The longest time until a request has arrived whole, with its body. */
  requestTimeoutMs: number;
  /** The longest time between an answer and the next request on the same connection. */
  idleTimeoutMs: number;
  /** The most connections at a time; further ones are closed at once. */
  maxConnections: number;
  /** The most connections of one client; 0: no limit besides `maxConnections`. */
  maxConnectionsPerClient: number;
}

/** Options for {@linkcode listen}. */
export interface ListenOptions extends ConnectionLimits {
  hostname: string;
  port: number;
}

/** A server that answers on a port. */
export interface Listener {
  /** The address and port; the port is the one that the system chose when `port` is 0. */
  readonly address: AddressInfo;
  /** Stops accepting connections. */
  stop(): void;
  /** Ends all connections; those in use have `timeoutMs` milliseconds to end by themselves. */
  close(timeoutMs: number): Promise<void>;
}

/** The largest header of a request, in bytes. */
const MAX_HEADER_BYTES = 32 * 1024;
/** The largest websocket message, in bytes: a widget's message may carry a whole file. */
const MAX_FRAME_BYTES = 64 * 2 ** 20;
/** The longest time between two searches for connections past their deadline, in milliseconds. */
const MAX_CHECK_INTERVAL_MS = 1_000;

/** The subprotocols that handlers have chosen for requests that become websockets. */
const chosenProtocols = new WeakMap<IncomingMessage, string>();

/** Chooses one of the subprotocols that the client of a request offers. */
export function chooseProtocol(request: IncomingMessage, protocol: string): void {
  chosenProtocols.set(request, protocol);
}

/**
 * Opens a port. It uses Node's server, because `Deno.serve` has no deadlines and keeps a connection that
 * sends nothing, or half a request, for ever.
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
  // The bindings are those of plain HTTP, because `createServer` is the one of `node:http`.
  const server = createAdaptorServer({
    fetch: async (request, env) => {
      const response = await fetch(request, env as HttpBindings);
      // The rest of a body that is too large is not read: no other request can follow it.
      if (response.status === 413) (env as HttpBindings).outgoing.setHeader("Connection", "close");
      return response;
    },
    createServer,
    // By default the library replaces the process's `Response` by one that `Deno.serve` does not accept.
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node refuses a deadline for the header that is later than the one for the request.
      headersTimeout: Math.min(options.headerTimeoutMs, options.requestTimeoutMs),
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: options.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, options.headerTimeoutMs),
    },
    websocket: { server: sockets },
  }) as Server;
  boundConnections(server, options);
  answerInTurn(server);
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

/** Closes connections beyond the limits, and connections with an error: a missed deadline, or invalid HTTP. */
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
