import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
// @ts-types="../../../server/http/ws.d.ts"
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { readInTurns } from "../../../server/http/socket_turns.ts";

/** A websocket of the server's package, and the client's end of it. */
async function connected(prepare: (socket: ServerSocket) => void) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 ** 20,
    handleProtocols: () => false,
  });
  const server = createServer().listen(0, "127.0.0.1");
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, prepare);
  });
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(client, "open");
  return {
    client,
    async [Symbol.asyncDispose]() {
      const closed = once(client, "close");
      client.close();
      await closed;
      server.close();
      await once(server, "close");
    },
  };
}

Deno.test("readInTurns() leaves turns to everything else while a client floods", async () => {
  const count = 30_000;
  let [seen, before, most] = [0, 0, 0];
  const all = Promise.withResolvers<void>();
  await using connection = await connected((socket) => {
    readInTurns(socket);
    socket.on("message", () => {
      const begun = performance.now();
      while (performance.now() - begun < 0.02);
      if (++seen === count) all.resolve();
    });
  });
  for (let index = 0; index < count; index++) connection.client.send("x".repeat(100));
  const turns = (async () => {
    while (seen < count) {
      await setImmediate();
      most = Math.max(most, seen - before);
      before = seen;
    }
  })();
  await all.promise;
  await turns;
  assert.ok(most < count / 6, `${most} messages came in one turn`);
});
