import assert from "node:assert/strict";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer, withServer } from "../../../support/server.ts";

const NOTEBOOK = { nbformat: 4, nbformat_minor: 5, metadata: { kept: 1 }, cells: [], more: true };

Deno.test("notebooks are written, listed, read and removed", async () => {
  await using directory = await temporaryDirectory();
  await using fake = fakeManager();
  await using server = createServer({
    manager: fake.manager,
    settings: { NOTEBOOK_DIR: directory.path },
  });
  const path = "/api/notebooks/reports/may 1.ipynb";
  const created = await server.request("PUT", path, NOTEBOOK);
  assert.equal(created.status, 201);
  assert.equal((await created.json()).path, "reports/may 1.ipynb");
  const { notebooks } = await server.json(200, "GET", "/api/notebooks");
  assert.deepEqual(notebooks.map((it: { path: string }) => it.path), ["reports/may 1.ipynb"]);
  const read = await server.request("GET", path);
  assert.deepEqual(await read.json(), NOTEBOOK);
  const etag = read.headers.get("ETag")!;
  assert.equal(etag, created.headers.get("ETag"));
  const change = { ...NOTEBOOK, metadata: {} };
  assert.equal((await server.request("PUT", path, change, { "If-Match": etag })).status, 200);
  const conflict = await server.request("PUT", path, NOTEBOOK, { "If-Match": etag });
  assert.equal(conflict.status, 412);
  assert.equal((await conflict.json()).code, "conflict");
  assert.deepEqual(await server.json(200, "GET", path), change);
  assert.equal((await server.request("DELETE", path)).status, 204);
  assert.equal((await server.json(404, "GET", path)).code, "not_found");
  assert.equal((await server.json(404, "DELETE", path)).code, "not_found");
});

Deno.test("PUT /api/notebooks writes only what its condition allows", async () => {
  await using directory = await temporaryDirectory();
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    const path = "/api/notebooks/a.ipynb";
    const put = async (headers: HeadersInit) => {
      const response = await server.request("PUT", path, NOTEBOOK, headers);
      return { status: response.status, ...await response.json() };
    };
    assert.equal((await put({ "If-Match": "*" })).status, 412);
    assert.equal((await put({ "If-None-Match": "*" })).status, 201);
    const again = await put({ "If-None-Match": "*" });
    assert.deepEqual([again.status, again.code], [412, "conflict"]);
    assert.match(again.message, /there is one already/);
    const blind = await put({});
    assert.deepEqual([blind.status, blind.code], [428, "precondition_required"]);
    assert.match(blind.message, /If-Match/);
    assert.equal((await put({ "If-Match": "*" })).status, 200);
    assert.equal((await put({ "If-Match": '"x", W/"y"' })).status, 412);
    // Two that write at once: one of them is told of the other.
    const { headers } = await server.request("GET", path);
    const condition = { "If-Match": headers.get("ETag")! };
    const both = await Promise.all(
      [1, 2].map((version) =>
        server.request("PUT", path, { ...NOTEBOOK, metadata: { version } }, condition)
      ),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
  });
});

Deno.test("PATCH /api/notebooks renames a notebook to a free path, with its versions", async () => {
  await using directory = await temporaryDirectory();
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    await server.json(201, "PUT", "/api/notebooks/a.ipynb", NOTEBOOK);
    await server.json(201, "PUT", "/api/notebooks/b.ipynb", NOTEBOOK);
    const changed = { ...NOTEBOOK, metadata: { kept: 2 } };
    await server.request("PUT", "/api/notebooks/a.ipynb", changed, { "If-Match": "*" });
    await server.json(409, "PATCH", "/api/notebooks/a.ipynb", { path: "b.ipynb" });
    await server.json(404, "PATCH", "/api/notebooks/none.ipynb", { path: "c.ipynb" });
    await server.json(400, "PATCH", "/api/notebooks/a.ipynb", { path: "../c.ipynb" });
    const { path } = await server.json(200, "PATCH", "/api/notebooks/a.ipynb", {
      path: "c/d.ipynb",
    });
    assert.equal(path, "c/d.ipynb");
    assert.deepEqual(await server.json(200, "GET", "/api/notebooks/c/d.ipynb"), changed);
    const kept = "/api/notebook-versions/c/d.ipynb";
    const { versions } = await server.json(200, "GET", kept);
    assert.equal(versions.length, 1);
    assert.deepEqual(await server.json(200, "GET", `${kept}?id=${versions[0].id}`), NOTEBOOK);
    await server.json(404, "GET", `${kept}?id=..%2Fa`);
  });
});

Deno.test("notebooks that are none are refused", async () => {
  await using directory = await temporaryDirectory();
  await using fake = fakeManager();
  await using server = createServer({
    manager: fake.manager,
    settings: { NOTEBOOK_DIR: directory.path },
  });
  for (const body of [{}, { ...NOTEBOOK, nbformat: 3 }, { ...NOTEBOOK, cells: 1 }, []]) {
    await server.json(400, "PUT", "/api/notebooks/a.ipynb", body);
  }
  for (
    const path of ["..%2Fa.ipynb", "a.txt", ".hidden.ipynb", "x%2F..%2F..%2Fa.ipynb", "a%00.ipynb"]
  ) {
    const error = await server.json(400, "PUT", `/api/notebooks/${path}`, NOTEBOOK);
    assert.match(error.message, /Cannot use/, path);
  }
  await Deno.symlink("/tmp", `${directory.path}/out`);
  const error = await server.json(403, "PUT", "/api/notebooks/out/a.ipynb", NOTEBOOK);
  assert.match(error.message, /leads out/);
});

Deno.test("GET /api/notebooks answers 404 when the server keeps none", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const error = await server.json(404, "GET", "/api/notebooks");
  assert.match(error.message, /NOTEBOOK_DIR/);
});
