import assert from "node:assert/strict";
import { createServer, type TestServer } from "../../../support/server.ts";

async function withFiles(settings = {}): Promise<{ server: TestServer; path: string; id: string }> {
  const server = createServer({ settings });
  const id = await server.createKernel();
  return { server, id, path: `/api/kernels/${id}/files` };
}

Deno.test("PUT .../files/content writes what Python reads, and GET reads what it wrote", async () => {
  const { server, id, path } = await withFiles();
  await using _ = server;
  const put = () => server.request("PUT", `${path}/content?path=in/ü.txt`, "grüß");
  const created = await put();
  assert.equal(created.status, 201);
  const entry = await created.json();
  assert.deepEqual([entry.path, entry.size, entry.type], ["/home/pyodide/in/ü.txt", 6, "file"]);
  assert.equal((await put()).status, 200);
  await server.json(200, "POST", `/api/kernels/${id}/executions`, {
    code: "open('out', 'w').write(open('in/ü.txt').read() * 2)",
  });
  const download = await server.request("GET", `${path}/content?path=out`);
  assert.equal(await download.text(), "grüßgrüß");
  assert.equal(download.headers.get("Content-Length"), "12");
  assert.equal(download.headers.get("Content-Type"), "application/octet-stream");
  const named = await server.request("GET", `${path}/content?path=in/ü.txt`);
  assert.equal(
    named.headers.get("Content-Disposition"),
    `attachment; filename="_.txt"; filename*=UTF-8''%C3%BC.txt`,
  );
  await named.body?.cancel();
});

Deno.test("GET .../files lists a directory", async () => {
  const { server, path } = await withFiles();
  await using _ = server;
  await server.request("PUT", `${path}/content?path=b.txt`, "1");
  await server.json(201, "POST", path, { path: "z", type: "directory" });
  const listing = await server.json(200, "GET", path);
  assert.deepEqual([listing.path, listing.type], ["/home/pyodide", "directory"]);
  assert.deepEqual(
    listing.entries.map(({ name, type }: Record<string, string>) => [name, type]),
    [["z", "directory"], ["b.txt", "file"]],
  );
  const file = await server.json(200, "GET", `${path}?path=b.txt`);
  assert.deepEqual([file.size, file.entries], [1, undefined]);
});

Deno.test("POST .../files/upload writes the files of a form into a directory", async () => {
  const { server, path } = await withFiles();
  await using _ = server;
  const form = new FormData();
  form.append("file", new File(["one"], "one.txt"));
  form.append("file", new File(["two"], "../../lib/two.txt"));
  // A form is only known to have an end when it is sent over a port.
  const response = await fetch(`${await server.listen()}${path}/upload?path=up`, {
    method: "POST",
    body: await asBlob(form),
  });
  assert.equal(response.status, 201);
  const { files } = await response.json();
  assert.deepEqual(files.map((it: { path: string }) => it.path), [
    "/home/pyodide/up/one.txt",
    "/home/pyodide/up/two.txt",
  ]);
  const empty = await fetch(`${await server.listen()}${path}/upload`, {
    method: "POST",
    body: await asBlob(new FormData()),
  });
  assert.equal(empty.status, 400);
  assert.match((await empty.json()).message, /has no file/);
});

Deno.test("PATCH and DELETE .../files rename and remove", async () => {
  const { server, path } = await withFiles();
  await using _ = server;
  await server.request("PUT", `${path}/content?path=d/a`, "1");
  assert.equal((await server.json(200, "PATCH", `${path}?path=d/a`, { path: "d/b" })).name, "b");
  assert.match((await server.json(400, "DELETE", `${path}?path=d`)).message, /recursive/);
  assert.equal((await server.request("DELETE", `${path}?path=d&recursive=true`)).status, 204);
  assert.equal((await server.json(404, "GET", `${path}?path=d`)).code, "not_found");
  assert.equal((await server.json(404, "DELETE", `${path}?path=d`)).code, "not_found");
});

Deno.test("PUT .../files/content answers 413 for a file that is too large and keeps nothing of it", async () => {
  const { server, path } = await withFiles({ MAX_UPLOAD_BYTES: "10" });
  await using _ = server;
  const stream = new Blob(["x".repeat(11)]).stream();
  const chunked = await server.request("PUT", `${path}/content?path=a`, stream);
  assert.equal(chunked.status, 413);
  assert.match((await chunked.json()).message, /larger than 10 bytes \(MAX_UPLOAD_BYTES\)/);
  const sized = await fetch(`${await server.listen()}${path}/content?path=a`, {
    method: "PUT",
    body: "x".repeat(11),
  });
  assert.equal((await sized.json()).code, "payload_too_large");
  assert.deepEqual((await server.json(200, "GET", path)).entries, []);
  assert.equal((await server.request("PUT", `${path}/content?path=a`, "x".repeat(10))).status, 201);
});

Deno.test("PUT .../files/content answers 413 where the kernel's files are full, and keeps what was there", async () => {
  await using server = createServer();
  for (const language of ["python", "javascript", "bash"]) {
    const limits = { filesMiB: 1 };
    const { id } = await server.json(201, "POST", "/api/kernels", { language, limits });
    const path = `/api/kernels/${id}/files`;
    assert.equal((await server.request("PUT", `${path}/content?path=a`, "old")).status, 201);
    const large = "x".repeat(2 ** 20 + 1);
    const refused = await server.json(413, "PUT", `${path}/content?path=a`, large);
    assert.equal(refused.code, "files_full", language);
    assert.equal(
      refused.message,
      'Cannot write "a": the kernel\'s files would take more than its limit of 1 MiB (limits.filesMiB)',
    );
    assert.equal(await (await server.request("GET", `${path}/content?path=a`)).text(), "old");
    const { entries } = await server.json(200, "GET", path);
    assert(!JSON.stringify(entries).includes(".part"), language);
  }
});

Deno.test("PUT .../files/content answers 403 where the interpreter lives", async () => {
  const { server, path } = await withFiles();
  await using _ = server;
  for (const file of ["/lib/x", "../../lib/x", "/dev/null"]) {
    const error = await server.json(
      403,
      "PUT",
      `${path}/content?path=${encodeURIComponent(file)}`,
      "x",
    );
    assert.equal(error.code, "permission_denied");
  }
  assert.match((await server.json(400, "GET", `${path}/content`)).message, /path/);
  assert.match((await server.json(400, "GET", `${path}/content?path=/home`)).message, /directory/);
});

/** A form's bytes and type, so that it is sent with its length. */
async function asBlob(form: FormData): Promise<Blob> {
  const response = new Response(form);
  return new Blob([await response.bytes()], { type: response.headers.get("Content-Type")! });
}

Deno.test("PUT .../files/content refuses a path that is too long or too deep", async () => {
  const { server, path } = await withFiles();
  await using _ = server;
  for (const long of ["x".repeat(4_096), `${"a/".repeat(500)}b`]) {
    const answer = await server.json(400, "PUT", `${path}/content?path=${long}`, "x");
    assert.match(answer.message, /path: use at most/);
  }
});
