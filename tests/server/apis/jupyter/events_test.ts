import assert from "node:assert/strict";
import { createServer, withServer } from "../../../support/server.ts";

Deno.test("/api/events/subscribe keeps the connection of a front end that listens", async () => {
  await using server = createServer();
  const url = `${(await server.listen()).replace("http", "ws")}/api/events/subscribe`;
  const socket = new WebSocket(url);
  const happened = (type: string) =>
    new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
  await happened("open");
  const closed = happened("close");
  socket.send("not expected, and no reason to hang up");
  assert.equal(socket.readyState, WebSocket.OPEN);
  socket.close();
  await closed;
});

Deno.test("/api/events refuses who has no token, what is no websocket, and kinds that there are not", () =>
  withServer({ TOKEN: "0123456789abcdef" }, async (server) => {
    const path = "/api/events/subscribe";
    assert.equal((await server.request("GET", path)).status, 403);
    const token = "?token=0123456789abcdef";
    const plain = await server.json(426, "GET", path + token);
    assert.equal(plain.message, "Connect to /api/events/subscribe by websocket");
    const event = { schema_id: "https://example.com/x", version: "1", data: {} };
    const refused = await server.json(400, "POST", `/api/events${token}`, event);
    assert.match(refused.message, /schema_id: this server has no events of the kind/);
    assert.match(
      (await server.json(400, "POST", `/api/events${token}`, {})).message,
      /schema_id/,
    );
  }));
