import assert from "node:assert/strict";
import { temporaryDirectory } from "../../../support/mod.ts";
import { type TestServer, withServer } from "../../../support/server.ts";

const NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

async function withNotebooks(body: (server: TestServer, path: string) => Promise<void>) {
  await using directory = await temporaryDirectory();
  await withServer({ NOTEBOOK_DIR: directory.path }, (server) => body(server, directory.path));
}

/** The error code of an answer that has the status. */
async function refused(status: number, answer: Promise<Response>): Promise<void> {
  const response = await answer;
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(JSON.parse(text).message, /./);
}

Deno.test("contents and notebooks answer 400 for a pipe, and nothing hangs", () =>
  withNotebooks(async (server, path) => {
    await new Deno.Command("mkfifo", { args: [`${path}/pipe.ipynb`] }).output();
    for (const api of ["contents", "notebooks"]) {
      const url = `/api/${api}/pipe.ipynb`;
      await refused(400, server.request("GET", url));
      const body = api === "contents" ? { type: "notebook", content: NOTEBOOK } : NOTEBOOK;
      await refused(400, server.request("PUT", url, body));
    }
    await refused(400, server.request("POST", "/api/contents/pipe.ipynb/checkpoints"));
    await refused(400, server.request("POST", "/api/contents", { copy_from: "pipe.ipynb" }));
    const chunk = { type: "file", format: "text", content: "x", chunk: 2 };
    await refused(400, server.request("PUT", "/api/contents/pipe.ipynb", chunk));
    assert.equal((await server.json(200, "GET", "/api/contents")).content.length, 1);
  }));

Deno.test("contents and notebooks answer 400 for names that are too long", () =>
  withNotebooks(async (server) => {
    for (const name of ["x".repeat(300), "a/".repeat(3_000)]) {
      const path = `${name}.ipynb`;
      await refused(400, server.request("GET", `/api/contents/${path}`));
      await refused(400, server.request("PUT", `/api/notebooks/${path}`, NOTEBOOK));
      await refused(400, server.request("GET", `/api/notebooks/${path}`));
    }
    const saved = { type: "file", format: "text", content: "x" };
    await refused(400, server.request("PUT", `/api/contents/${"x".repeat(300)}`, saved));
  }));

Deno.test("contents and notebooks answer 400 for a link that leads to itself", () =>
  withNotebooks(async (server, path) => {
    await Deno.symlink("loop.ipynb", `${path}/loop.ipynb`);
    await refused(400, server.request("GET", "/api/contents/loop.ipynb"));
    await refused(400, server.request("GET", "/api/notebooks/loop.ipynb"));
  }));

Deno.test("contents and notebooks refuse a deep notebook, sent or found", () =>
  withNotebooks(async (server, path) => {
    const deep = JSON.stringify({ ...NOTEBOOK, metadata: { x: 0 } })
      .replace('"x":0', `"x":${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    await refused(400, server.request("PUT", "/api/notebooks/deep.ipynb", deep));
    const saved = `{"type":"notebook","content":${deep}}`;
    await refused(400, server.request("PUT", "/api/contents/deep.ipynb", saved));
    await Deno.writeTextFile(`${path}/found.ipynb`, deep);
    await refused(400, server.request("GET", "/api/notebooks/found.ipynb"));
    await refused(400, server.request("GET", "/api/contents/found.ipynb"));
    await Deno.writeTextFile(`${path}/other.ipynb`, '{"cells": 5}');
    await refused(400, server.request("GET", "/api/notebooks/other.ipynb"));
    await refused(400, server.request("GET", "/api/contents/other.ipynb"));
  }));

Deno.test("POST .../executions answers 400 for very many expressions, and nothing runs", () =>
  withServer({}, async (server) => {
    const id = await server.createKernel();
    const userExpressions = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, i) => [`e${i}`, "1"]),
    );
    const path = `/api/kernels/${id}/executions`;
    await refused(400, server.request("POST", path, { code: "1", userExpressions }));
    await refused(400, server.request("POST", path, { code: "1", stdin: Array(20_000).fill("") }));
    await refused(400, server.request("POST", path, { code: "1", id: "x".repeat(200) }));
    assert.deepEqual((await server.json(200, "GET", "/api/executions")).executions, []);
  }));
