import assert from "node:assert/strict";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

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
