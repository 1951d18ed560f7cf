import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers";

/** The part of a connection that reads; `Socket.pause` has no effect on it while requests are parsed. */
interface Reading {
  _handle?: { readStart(): void; readStop(): void } | null;
}

/**
 * Answers the requests of a connection one by one, and reads further ones when those before are answered. A client
 * that sends requests without waiting for their answers would otherwise have them all at work, and as long as it sends,
 * nobody else has a turn. The server's handlers have to be registered before.
 */
export function answerInTurn(server: Server): void {
  const handlers = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  /** The requests of each connection that are not answered, the oldest first; that one is at work. */
  const queues = new WeakMap<Socket, (() => void)[]>();

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const queue = queues.get(socket) ?? [];
    queues.set(socket, queue);
    const answer = () => {
      for (const handle of handlers) void handle.call(server, request, response);
    };
    queue.push(answer);
    const { _handle } = socket as Reading;
    if (queue.length === 1) answer();
    else if (queue.length === 2) _handle?.readStop();
    response.once("close", () => {
      queue.shift();
      // The last request may wait for the rest of its body.
      if (queue.length === 1) (socket as Reading)._handle?.readStart();
      const [next] = queue;
      // Everything else comes between two requests.
      if (next) setImmediate(() => socket.destroyed || next());
    });
  });
}
