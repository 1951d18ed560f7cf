import assert from "node:assert/strict";
import { grantedSockets } from "../../../kernel/network/granted_sockets.ts";
import { grantedWebSocket } from "../../../kernel/network/granted_web_socket.ts";
import { Network } from "../../../kernel/network/network.ts";
import { createKernel } from "../../support/mod.ts";

/** A network whose names lead to these addresses. */
function networkOf(net: string[], addresses: Record<string, string> = {}): Network {
  return new Network({
    net,
    host: {
      lookUp: (name) => Promise.resolve([addresses[name] ?? "198.51.100.7"]),
      authorities: () => Promise.resolve([]),
    },
  });
}

Deno.test("grantedSockets() closes a connection that has come to a private address after all", async () => {
  for (const address of ["10.0.0.1", "fd12::1", "fe80::1%eth0", "::ffff:192.168.0.1"]) {
    let closed = 0;
    const { connect } = grantedSockets(networkOf(["a.example"]), {
      ...Deno,
      connect: (() =>
        Promise.resolve({
          remoteAddr: { transport: "tcp", hostname: address, port: 80 },
          close: () => closed++,
        })) as unknown as typeof Deno.connect,
    });
    await assert.rejects(connect({ hostname: "a.example", port: 80 }), {
      name: "NotCapable",
      message: /^The kernel may not connect to a\.example: the name leads to /,
    });
    assert.equal(closed, 1);
  }
});

Deno.test("grantedSockets() makes no client for a proxy that is named, or that was not granted", () => {
  const made: unknown[] = [];
  const { createHttpClient } = grantedSockets(networkOf(["a.example", "10.0.0.9:3128"]), {
    ...Deno,
    createHttpClient: ((options: object) =>
      made.push(options)) as unknown as typeof Deno.createHttpClient,
  });
  const refuse = (proxy: object, message: RegExp) =>
    assert.throws(() => createHttpClient({ proxy: proxy as Deno.Proxy }), message);
  refuse({ url: "http://a.example:80" }, /name it by its address/);
  refuse({ transport: "tcp", hostname: "a.example", port: 80 }, /name it by its address/);
  refuse({ url: "http://10.0.0.8:3128" }, /may not connect to 10\.0\.0\.8: it was not granted/);
  let asked = 0;
  const turncoat = {
    get url() {
      return asked++ === 0 ? "http://10.0.0.9:3128" : "http://10.0.0.8:3128";
    },
  };
  createHttpClient({ proxy: turncoat });
  createHttpClient({});
  assert.deepEqual(made, [{ proxy: { url: "http://10.0.0.9:3128" } }, {}]);
});

Deno.test("grantedWebSocket() reports a refused host as an error and an end, and opens nothing", async () => {
  const network = networkOf(["a.example"], { "a.example": "169.254.169.254" });
  const Socket = grantedWebSocket((host, port) => network.check(host, port));
  const socket = new Socket("ws://a.example/");
  assert.equal(socket.readyState, WebSocket.CONNECTING);
  assert.throws(() => socket.send("x"), { name: "InvalidStateError" });
  const events: string[] = [];
  socket.addEventListener("error", (event) => events.push((event as ErrorEvent).message));
  await new Promise<void>((resolve) => {
    socket.onclose = ({ code }) => resolve(void events.push(String(code)));
  });
  assert.match(events[0]!, /leads to 169\.254\.169\.254/);
  assert.deepEqual([events[1], socket.readyState], ["1006", WebSocket.CLOSED]);
  assert.throws(() => new Socket("nowhere"), { name: "SyntaxError" });
});

Deno.test("a JavaScript kernel reaches granted hosts by fetch, sockets, WebSocket and EventSource", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      if (request.headers.get("upgrade") === "websocket") {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = ({ data }) => socket.send(`echo ${data}`);
        return response;
      }
      const events = "retry: 1\r\nid: 7\r\nevent: tick\r\ndata: a\r\ndata: b\r\n\r\ndata: x\n\n";
      return new Response(events, { headers: { "content-type": "text/event-stream" } });
    },
  );
  const { port } = server.addr as Deno.NetAddr;
  await using fixture = await createKernel({
    mode: "worker",
    language: "javascript",
    deno: { permissions: { net: [`localhost:${port}`] } },
  });
  const { error, outputs } = await fixture.kernel.execute(`
const at = "localhost:${port}";
console.log((await (await fetch("http://" + at)).text()).length);
const connection = await Deno.connect({ hostname: "localhost", port: ${port} });
connection.close();
const socket = new WebSocket("ws://" + at, []);
socket.binaryType = "arraybuffer";
socket.onopen = () => socket.send("hi");
console.log(await new Promise((resolve) => socket.onmessage = ({ data }) => resolve(data)));
socket.close();
await new Promise((resolve) => socket.onclose = resolve);
const source = new EventSource("http://" + at);
const seen = [];
await new Promise((resolve) => {
  source.addEventListener("tick", ({ data, lastEventId }) => seen.push(data, lastEventId));
  source.onmessage = ({ data }) => seen.push(data) > 5 && resolve();
});
source.close();
console.log(JSON.stringify(seen), source.readyState);`);
  assert.equal(error, null);
  const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  assert.equal(text, '59\necho hi\n["a\\nb","7","x","a\\nb","7","x"] 2\n');
});
