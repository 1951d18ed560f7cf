import assert from "node:assert/strict";
import { listen, type Listener, type ListenOptions } from "../../../server/http/listen.ts";
import { addressKey } from "../../../server/http/client_address.ts";

const OPTIONS: ListenOptions = {
  hostname: "127.0.0.1",
  port: 0,
  headerTimeoutMs: 300,
  requestTimeoutMs: 600,
  idleTimeoutMs: 300,
  maxConnections: 10_000,
  maxConnectionsPerClient: 0,
};

/** A listener that answers "ok" after it has read the body, and ends with the test. */
async function echo(options: Partial<ListenOptions> = {}) {
  const listener: Listener = await listen(async (request) => {
    await request.text();
    return new Response("ok");
  }, { ...OPTIONS, ...options });
  const { port } = listener.address;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Opens a connection and sends a text over it. */
    async connect(text: string): Promise<Deno.TcpConn> {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode(text)).catch(() => {});
      return connection;
    },
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}

/** Reads a connection to its end; resolves with the text that came. */
async function readToEnd(connection: Deno.TcpConn): Promise<string> {
  return await new Response(connection.readable).text().catch(() => "");
}

Deno.test("listen() closes connections that send nothing, half a header, half a body, or idle", async () => {
  await using server = await echo();
  const head = "POST / HTTP/1.1\r\nHost: localhost\r\n";
  for (
    const [sent, expected] of [
      ["", /^(HTTP\/1.1 408 |$)/],
      [head, /^(HTTP\/1.1 408 |$)/],
      [`${head}Content-Length: 100\r\n\r\nhalf`, /^(HTTP\/1.1 408 |$)/],
      [`${head}Content-Length: 0\r\n\r\n`, /^HTTP\/1.1 200 OK[^]*ok$/],
    ] as const
  ) {
    const text = await readToEnd(await server.connect(sent));
    assert.match(text, expected, JSON.stringify(sent));
  }
});

Deno.test("listen() closes a connection over which a body was too large, and says so", async () => {
  const answer = (request: Request) =>
    new Response("", { status: request.url.endsWith("/large") ? 413 : 200 });
  const listener = await listen(answer, OPTIONS);
  try {
    const { port } = listener.address;
    const ask = async (path: string) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody`;
      await connection.write(new TextEncoder().encode(head));
      return await readToEnd(connection);
    };
    assert.match(await ask("/large"), /^HTTP\/1.1 413 [^]*\r\nConnection: close\r\n/i);
    assert.doesNotMatch(await ask("/small"), /\r\nConnection: close\r\n/i);
  } finally {
    await listener.close(0);
  }
});

Deno.test("listen() answers while thousands of connections are half open, and then closes them", async () => {
  await using server = await echo({ headerTimeoutMs: 3_000, requestTimeoutMs: 3_000 });
  const connections: Deno.TcpConn[] = [];
  for (let i = 0; i < 3_000; i++) connections.push(await server.connect("GET / HTTP/1.1\r\nHo"));
  const closed = Promise.all(connections.map(readToEnd));
  const answer = fetch(server.url).then((response) => response.text());
  // The answer comes before the time of the connections is over.
  assert.equal(await Promise.race([answer, closed]), "ok");
  await closed;
});

Deno.test("listen() refuses a header that is too large", async () => {
  await using server = await echo();
  const text = await readToEnd(
    await server.connect(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(40_000)}\r\n\r\n`),
  );
  assert.doesNotMatch(text, /200 OK/);
});

for (
  const limit of [{ maxConnections: 2 }, { maxConnectionsPerClient: 2 }] as const
) {
  Deno.test(`listen() closes connections beyond ${Object.keys(limit)[0]}, and takes others later`, async () => {
    await using server = await echo({
      ...limit,
      headerTimeoutMs: 60_000,
      requestTimeoutMs: 60_000,
    });
    using first = await server.connect("GET");
    const second = await server.connect("GET");
    assert.equal(await readToEnd(await server.connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "");
    second.close();
    let text = "";
    // The server learns of the end of a connection a moment later.
    while (text === "") {
      const request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      text = await readToEnd(await server.connect(request));
    }
    assert.match(text, /200 OK/);
    await first.write(new TextEncoder().encode(" / HTTP/1.1"));
  });
}

Deno.test("listen() rejects when the port is in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assert.rejects(
    listen(() => new Response(), { ...OPTIONS, port: taken.addr.port }),
    { code: "EADDRINUSE" },
  );
});

Deno.test("addressKey() counts a network of IPv6 as one client, and a mapped address as what it is", () => {
  assert.equal(addressKey("::ffff:10.1.2.3"), "10.1.2.3");
  assert.equal(addressKey("2001:db8:1:2:3:4:5:6"), addressKey("2001:0db8:1:2::1"));
  assert.notEqual(addressKey("2001:db8:1:2::1"), addressKey("2001:db8:1:3::1"));
  assert.equal(addressKey("::1"), "0:0:0:0::/64");
  assert.equal(addressKey("fe80::1%eth0"), "fe80:0:0:0::/64");
});

Deno.test("listen() leaves Request and Response to the rest of the process as they are", async () => {
  const before = [Request, Response];
  await using _server = await echo();
  assert.deepEqual([Request, Response], before);
});
