import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { listen } from "../../../server/http/listen.ts";

const MINUTE = 60_000;

/** A listener whose answers have the number of the path, and the greatest number of requests at work at a time. */
async function numbered() {
  let [atWork, most] = [0, 0];
  const listener = await listen(async (request) => {
    most = Math.max(most, ++atWork);
    const body = await request.text();
    await setImmediate();
    atWork--;
    return new Response(`<${new URL(request.url).pathname.slice(1)}${body}>`);
  }, {
    ...{ hostname: "127.0.0.1", port: 0, maxConnections: 100, maxConnectionsPerClient: 0 },
    ...{ headerTimeoutMs: MINUTE, requestTimeoutMs: MINUTE, idleTimeoutMs: MINUTE },
  });
  const { port } = listener.address;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const encoder = new TextEncoder();
  let text = "";
  return {
    get most() {
      return most;
    },
    async send(requests: string) {
      const bytes = encoder.encode(requests);
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    },
    /** Reads until an answer has come; returns the texts of the answers in order. */
    async answersTo(last: string) {
      const decoder = new TextDecoder();
      const buffer = new Uint8Array(65_536);
      while (!text.includes(`<${last}>`)) {
        const size = await connection.read(buffer);
        if (size === null) throw new Error("The server has closed the connection");
        text += decoder.decode(buffer.subarray(0, size), { stream: true });
      }
      return [...text.matchAll(/<(.*?)>/g)].map(([, answer]) => answer);
    },
    async [Symbol.asyncDispose]() {
      connection.close();
      await listener.close(0);
    },
  };
}

function get(index: number): string {
  return `GET /${index} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

Deno.test("answerInTurn() has one request of a connection at work, however many it has sent", async () => {
  await using server = await numbered();
  const count = 5_000;
  const sent = server.send(Array.from({ length: count }, (_, index) => get(index)).join(""));
  const answers = await server.answersTo(String(count - 1));
  await sent;
  assert.deepEqual(answers, Array.from({ length: count }, (_, index) => String(index)));
  assert.equal(server.most, 1);
});

Deno.test("answerInTurn() reads the rest of a body whose request came with others", async () => {
  await using server = await numbered();
  const head = "POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n";
  await server.send(`${get(0)}${get(1)}${head}half`);
  await server.answersTo("1");
  await server.send(`half${get(3)}`);
  assert.deepEqual(await server.answersTo("3"), ["0", "1", "2halfhalf", "3"]);
});
