import assert from "node:assert/strict";
import { temporaryDirectory } from "../../../support/mod.ts";
import { withServer } from "../../../support/server.ts";

Deno.test("GET /files/... sends a file as it is, in a sandbox", async () => {
  const picture = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  await using directory = await temporaryDirectory({
    "a picture.svg": picture,
    "a.ipynb": "{}",
    "notes.txt": "ö",
    "page.html": "<script>1</script>",
    "raw": "x\0",
    "code.xyz": "x = 1",
  });
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    for (
      const [path, type, content] of [
        ["a%20picture.svg", "image/svg+xml", picture],
        ["a.ipynb", "application/x-ipynb+json", "{}"],
        ["notes.txt", "text/plain; charset=UTF-8", "ö"],
        ["page.html", "text/html; charset=utf-8", "<script>1</script>"],
        ["raw", "application/octet-stream", "x\0"],
        ["code.xyz", "text/plain; charset=UTF-8", "x = 1"],
      ] as const
    ) {
      const { status, headers, body } = await server.request("GET", `/files/${path}`);
      assert.equal(status, 200);
      assert.equal(headers.get("Content-Type"), type);
      assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
      assert.equal(
        headers.get("Content-Security-Policy"),
        "frame-ancestors 'self'; sandbox allow-scripts",
      );
      assert.equal(headers.has("Content-Disposition"), path === "a.ipynb");
      assert.equal(headers.get("Content-Length"), String(new TextEncoder().encode(content).length));
      assert.equal(await new Response(body).text(), content);
    }
    const saved = await server.request("GET", "/files/a%20picture.svg?download=1");
    assert.match(
      saved.headers.get("Content-Disposition")!,
      /^attachment; filename="a picture\.svg"; filename\*=UTF-8''a%20picture\.svg$/,
    );
    await saved.body?.cancel();
    const head = await server.request("HEAD", "/files/raw");
    assert.deepEqual([head.status, head.headers.get("Content-Length"), await head.text()], [
      200,
      "2",
      "",
    ]);
  });
});

Deno.test("GET /files/... sends the part of a file that a range names", async () => {
  await using directory = await temporaryDirectory({ "film.mp4": "0123456789", "empty": "" });
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    const get = async (path: string, headers: Record<string, string>) => {
      const response = await server.request("GET", `/files/${path}`, undefined, headers);
      return [response.status, response.headers.get("Content-Range"), await response.text()];
    };
    const { headers, body } = await server.request("GET", "/files/film.mp4");
    await body?.cancel();
    assert.equal(headers.get("Accept-Ranges"), "bytes");
    for (
      const [range, ...expected] of [
        ["bytes=0-", 206, "bytes 0-9/10", "0123456789"],
        ["bytes=2-4", 206, "bytes 2-4/10", "234"],
        ["bytes=8-99", 206, "bytes 8-9/10", "89"],
        ["bytes=-3", 206, "bytes 7-9/10", "789"],
        ["bytes=-99", 206, "bytes 0-9/10", "0123456789"],
        ["bytes=10-", 416, "bytes */10", ""],
        ["bytes=-0", 416, "bytes */10", ""],
        ["bytes=4-2", 200, null, "0123456789"],
        ["bytes=0-1,3-4", 200, null, "0123456789"],
        ["lines=0-1", 200, null, "0123456789"],
      ] as const
    ) assert.deepEqual(await get("film.mp4", { Range: range }), expected, range);
    const old = { Range: "bytes=2-4", "If-Range": "Thu, 01 Jan 1970 00:00:00 GMT" };
    assert.deepEqual(await get("film.mp4", old), [200, null, "0123456789"]);
    const current = { ...old, "If-Range": headers.get("Last-Modified")! };
    assert.deepEqual(await get("film.mp4", current), [206, "bytes 2-4/10", "234"]);
    assert.deepEqual(await get("empty", { Range: "bytes=0-" }), [416, "bytes */0", ""]);
    const range = { Range: "bytes=2-4" };
    const head = await server.request("HEAD", "/files/film.mp4", undefined, range);
    assert.deepEqual([head.status, head.headers.get("Content-Range")], [200, null]);
  });
});

Deno.test("GET /files/... reads files of any size to their end", async () => {
  await using directory = await temporaryDirectory({ "empty": "" });
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Blob([bytes, bytes, bytes.subarray(0, 7)]);
  await Deno.writeFile(`${directory.path}/large`, large.stream());
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    const origin = await server.listen();
    const answer = await fetch(`${origin}/files/large`);
    assert.deepEqual(await answer.bytes(), new Uint8Array(await large.arrayBuffer()));
    assert.equal(await (await fetch(`${origin}/files/empty`)).text(), "");
    // A client that leaves keeps no file open; the test's sanitizers would tell.
    const left = await fetch(`${origin}/files/large`);
    await left.body!.cancel();
  });
});

Deno.test("GET /files/... refuses what is no file below the notebook directory", async () => {
  await using outside = await temporaryDirectory({ "secret.txt": "hidden words" });
  await using directory = await temporaryDirectory({ "a.txt": "a" });
  await Deno.mkdir(`${directory.path}/sub`);
  await Deno.symlink(`${outside.path}/secret.txt`, `${directory.path}/link`);
  const TOKEN = "0123456789abcdef";
  await withServer({ NOTEBOOK_DIR: directory.path, TOKEN }, async (server) => {
    const get = async (path: string, token = TOKEN) => {
      const response = await server.request("GET", path, undefined, {
        Authorization: `token ${token}`,
      });
      assert(!(await response.text()).includes("hidden words"), path);
      return response.status;
    };
    assert.equal(await get("/files/a.txt"), 200);
    assert.equal(await get("/files/a.txt", "wrong"), 403);
    assert.equal(await get("/files/none.txt"), 404);
    assert.equal(await get("/files/sub"), 400);
    assert.equal(await get("/files/link"), 403);
    assert.equal(await get("/files/..%2fsecret.txt"), 400);
    assert.equal(await get("/files/.hidden"), 400);
  });
  await withServer({}, async (server) => {
    assert.equal((await server.request("GET", "/files/a.txt")).status, 404);
  });
});
