import assert from "node:assert/strict";
import { fakeManager } from "../../support/fake_host.ts";
import { PAGE_DIRECTORY } from "../../support/page.ts";
import { createServer, type TestServer } from "../../support/server.ts";

async function withPage(body: (server: TestServer) => Promise<void>): Promise<void> {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager, pageDirectory: PAGE_DIRECTORY });
  await body(server);
}

Deno.test("GET / answers the page with a policy whose nonce is its own", () =>
  withPage(async (server) => {
    const nonces = new Set<string>();
    for (let i = 0; i < 2; i++) {
      const response = await server.request("GET", "/");
      assert.equal(response.status, 200);
      const policy = response.headers.get("Content-Security-Policy")!;
      const [, nonce] = /'nonce-([^']+)'/.exec(policy)!;
      const html = await response.text();
      assert(html.includes(`content="${nonce}"`));
      assert.match(policy, /script-src 'self';/);
      assert.doesNotMatch(html, /https?:\/\//);
      nonces.add(nonce!);
    }
    assert.equal(nonces.size, 2);
  }));

Deno.test("GET /ui/ answers the bundle, compressed, and 304 as long as it is the same", () =>
  withPage(async (server) => {
    const headers = { "Accept-Encoding": "gzip" };
    const response = await server.request("GET", "/ui/main.js", undefined, headers);
    assert.equal(response.headers.get("Content-Encoding"), "gzip");
    assert.match(response.headers.get("Content-Type")!, /javascript/);
    assert((await response.bytes()).length > 100_000);
    const etag = response.headers.get("ETag")!;
    const again = await server.request("GET", "/ui/main.js", undefined, {
      ...headers,
      "If-None-Match": etag,
    });
    assert.equal(again.status, 304);
    await again.body?.cancel();
  }));

Deno.test("GET /ui/frame.html keeps its sandbox in every answer", () =>
  withPage(async (server) => {
    const first = await server.request("GET", "/ui/frame.html");
    await first.text();
    const second = await server.request("GET", "/ui/frame.html", undefined, {
      "If-None-Match": first.headers.get("ETag")!,
    });
    assert.deepEqual([first.status, second.status], [200, 304]);
    for (const { headers } of [first, second]) {
      assert.match(
        headers.get("Content-Security-Policy")!,
        /^sandbox allow-scripts; default-src 'none'/,
      );
    }
  }));

Deno.test("GET /ui/ leads nowhere else", () =>
  withPage(async (server) => {
    for (
      const path of [
        "/ui/../../deno.json",
        "/ui/..%2f..%2fdeno.json",
        "/ui/%2e%2e/%2e%2e/deno.json",
        "/ui/nothing.js",
      ]
    ) {
      const response = await server.request("GET", path);
      assert.equal(response.status, 404, path);
      await response.body?.cancel();
    }
  }));

Deno.test("GET / says what to do when the page has not been built", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager, pageDirectory: "/nowhere" });
  assert.match((await server.json(500, "GET", "/")).message, /\.\/setup\.sh/);
});
