import assert from "node:assert/strict";
import { Downloader } from "../../../kernel/packages/downloader.ts";
import { parseServerAddress } from "../../../kernel/packages/server_address.ts";
import { answerWith } from "../../support/raw_answer.ts";

Deno.test("Downloader.get() fails as when the server cannot be reached when an answer is cut short", async () => {
  await using server = answerWith("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  const servers = [parseServerAddress(server.url, "it")];
  const downloader = new Downloader({ servers, maxBytes: 1_000 });
  await assert.rejects(downloader.get(`${server.url}/file?key=s3cret`), (error: Error) => {
    assert.match(error.message, /^Cannot fetch "http:.*\/file": the server broke off/);
    return (error as { code?: string }).code === "not_found";
  });
});

Deno.test("Downloader.get() sends credentials to the origin that they are for, and to no other", async () => {
  const seen: [string, string | null][] = [];
  const answer = (request: Request) => {
    const { pathname } = new URL(request.url);
    seen.push([pathname, request.headers.get("Authorization")]);
    return pathname === "/away"
      ? Response.redirect(`http://127.0.0.1:${second.addr.port}/there`)
      : new Response("here");
  };
  const listen = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using first = Deno.serve(listen, answer);
  await using second = Deno.serve(listen, answer);
  const [one, two] = [first, second].map(({ addr }) => `127.0.0.1:${addr.port}`);
  const servers = [`http://a%3a:b%zz@${one}/simple`, `http://${one}`, `http://${two}`].map((it) =>
    parseServerAddress(it, "it")
  );
  const downloader = new Downloader({ servers, maxBytes: 1_000 });
  await downloader.get(`http://${one}/file`);
  await downloader.get(`http://${one}/away`);
  const basic = `Basic ${btoa("a::b%zz")}`;
  assert.deepEqual(seen, [["/file", basic], ["/away", basic], ["/there", null]]);
});

Deno.test("parseServerAddress() takes the credentials out of an address", () => {
  assert.deepEqual(parseServerAddress("https://me:%C3%A9@index.example/simple//#x", "it"), {
    url: "https://index.example/simple",
    authorization: "Basic bWU6w6k=",
  });
  assert.deepEqual(parseServerAddress("HTTP://INDEX.example:80", "it"), {
    url: "http://index.example",
    authorization: undefined,
  });
  for (
    const [text, reason] of [["no", /no http/], ["ftp://x", /no http/], [
      "http://x?y",
      /query/,
    ]] as const
  ) {
    assert.throws(() => parseServerAddress(text, "it"), {
      code: "invalid_argument",
      message: reason,
    });
  }
});

Deno.test("Downloader.permit() adds https origins, and no others", () => {
  const downloader = new Downloader({ servers: [], maxBytes: 1 });
  for (const url of ["https://files.example.com/a.whl", "http://files.example.com/a.whl", "x"]) {
    downloader.permit(url);
  }
  assert.equal(downloader.assertAllowed("https://files.example.com/b.whl").pathname, "/b.whl");
  for (const url of ["http://files.example.com/b.whl", "https://other.example.com/b.whl"]) {
    assert.throws(() => downloader.assertAllowed(url), { code: "permission_denied" });
  }
});

Deno.test("Downloader.get() asks for a part of a file, and tells where the body begins", async () => {
  const asked: (string | null)[] = [];
  const answer = (request: Request) => {
    asked.push(request.headers.get("Range"), request.headers.get("Accept-Encoding"));
    const headers = { "Content-Range": "bytes 3-5/6" };
    const isWhole = new URL(request.url).pathname === "/whole";
    return isWhole ? new Response("abcdef") : new Response("def", { status: 206, headers });
  };
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const downloader = new Downloader({ servers: [parseServerAddress(url, "it")], maxBytes: 1_000 });
  const seen = [];
  for (const path of ["/part", "/whole"]) {
    const { status, bytes, start } = await downloader.get(url + path, { range: "bytes=-3" });
    seen.push([status, new TextDecoder().decode(bytes), start]);
  }
  assert.deepEqual(seen, [[206, "def", 3], [200, "abcdef", 0]]);
  assert.deepEqual(asked, ["bytes=-3", "identity", "bytes=-3", "identity"]);
});
