import assert from "node:assert/strict";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer, withServer } from "../../../support/server.ts";

Deno.test("GET /api tells anybody what kind of server it is; the rest needs the token", () =>
  withServer({ TOKEN: "0123456789abcdef" }, async (server) => {
    assert.match((await server.json(200, "GET", "/api")).version, /^2\./);
    assert.equal((await server.request("GET", "/api/status")).status, 403);
    assert.equal((await server.request("GET", "/api/status?token=0123456789abcdef")).status, 200);
    assert.equal((await server.request("GET", "/api/status?token=wrong")).status, 403);
  }));

Deno.test("OPTIONS /api/... is answered without the token, for clients that look first", () =>
  withServer({ TOKEN: "0123456789abcdef" }, async (server) => {
    const { status, headers } = await server.request("OPTIONS", "/api/kernels");
    assert.equal(status, 204);
    assert.match(headers.get("Access-Control-Allow-Headers")!, /Authorization.*X-XSRFToken/);
    assert.match(headers.get("Access-Control-Allow-Methods")!, /PATCH, DELETE/);
    assert.equal(headers.get("Access-Control-Allow-Origin"), null);
  }));

Deno.test("GET /api/status counts kernels and connections", () =>
  withServer({}, async (server) => {
    await server.createKernel();
    const status = await server.json(200, "GET", "/api/status");
    assert.deepEqual([status.kernels, status.connections], [1, 0]);
    for (const time of [status.started, status.last_activity]) {
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
    }
  }));

Deno.test("POST /api/kernels takes what Jupyter's clients send, and refuses unknown kinds", () =>
  withServer({ ALLOWED_KERNEL_MODES: "worker" }, async (server) => {
    const body = { name: "python3", env: { KERNEL_USERNAME: "ada" }, path: "x.ipynb", other: 1 };
    const response = await server.request("POST", "/api/kernels", JSON.stringify(body), {
      "Content-Type": "text/plain;charset=UTF-8",
    });
    assert.equal(response.status, 201);
    const kernel = await response.json();
    assert.equal(response.headers.get("Location"), `/api/kernels/${kernel.id}`);
    assert.deepEqual([kernel.name, kernel.execution_state, kernel.connections], [
      "python",
      "idle",
      0,
    ]);
    assert.match(kernel.last_activity, /\.\d+Z$/);
    const wrong = await server.json(404, "POST", "/api/kernels", { name: "ruby" });
    assert.match(wrong.message, /there is no kernel "ruby"; use one of "python", "python-worker"/);
    assert.equal(wrong.reason, "not_found");
    assert.equal((await server.json(400, "POST", "/api/kernels", "{")).code, "invalid_json");
  }));

Deno.test("GET /api/kernelspecs/:name and its logo are there for kinds that there are", () =>
  withServer({}, async (server) => {
    const { default: name, kernelspecs } = await server.json(200, "GET", "/api/kernelspecs");
    const spec = await server.json(200, "GET", `/api/kernelspecs/${name}`);
    assert.deepEqual(spec, kernelspecs[name]);
    assert(Array.isArray(spec.spec.argv) && spec.spec.language === "python");
    assert.equal((await server.request("GET", spec.resources["logo-svg"])).status, 200);
    assert.equal((await server.request("GET", "/kernelspecs/python/other.png")).status, 404);
    await server.json(404, "GET", "/api/kernelspecs/ruby");
    await server.json(404, "GET", "/kernelspecs/ruby/logo-svg.svg");
  }));

Deno.test("/api/sessions refuses what is missing and kernels that there are not", () =>
  withServer({}, async (server) => {
    const missing = await server.json(400, "POST", "/api/sessions", { name: "x" });
    assert.deepEqual(missing.details.map(({ path }: { path: string }) => path), ["path", "type"]);
    const session = { path: "a.ipynb", type: "notebook", name: "a" };
    await server.json(501, "POST", "/api/sessions", { ...session, kernel: { id: "none" } });
    const unknown = { ...session, kernel: { name: "ruby" } };
    const refused = await server.json(501, "POST", "/api/sessions", unknown);
    assert.match(refused.message, /there is no kernel "ruby"; use one of "python"/);
    assert.deepEqual(await server.json(200, "GET", "/api/sessions"), []);
    await server.json(404, "GET", "/api/sessions/none");
    await server.json(404, "DELETE", "/api/sessions/none");
    const made = await server.json(201, "POST", "/api/sessions", session);
    assert.deepEqual(made.notebook, { path: "a.ipynb", name: "a" });
    const change = { kernel: { id: "none" }, path: "b" };
    await server.json(501, "PATCH", `/api/sessions/${made.id}`, change);
    await server.json(501, "PATCH", `/api/sessions/${made.id}`, { kernel: { name: "ruby" } });
    assert.equal((await server.json(200, "GET", `/api/sessions/${made.id}`)).path, "a.ipynb");
    const legacy = { notebook: { path: "c.ipynb" }, kernel: { id: made.kernel.id } };
    const other = await server.json(201, "POST", "/api/sessions", legacy);
    assert.deepEqual([other.type, other.kernel.id], ["notebook", made.kernel.id]);
  }));

Deno.test("/api/contents is empty and read-only without a notebook directory", () =>
  withServer({}, async (server) => {
    const root = await server.json(200, "GET", "/api/contents");
    assert.deepEqual([root.type, root.content, root.writable], ["directory", [], false]);
    await server.json(404, "GET", "/api/contents/a.ipynb");
    const file = { type: "file", format: "text", content: "" };
    for (
      const [status, method, path, body, message] of [
        [403, "PUT", "/a.txt", file, /Cannot write "a\.txt": .*NOTEBOOK_DIR/],
        [404, "POST", "", {}, /Cannot find ""/],
        [403, "DELETE", "/a.txt", {}, /Cannot write "a\.txt": .*NOTEBOOK_DIR/],
      ] as const
    ) {
      const refused = await server.json(status, method, `/api/contents${path}`, body);
      assert.match(refused.message, message);
    }
  }));

Deno.test("/api/contents lets no path and no link lead out of the notebook directory", async () => {
  await using outside = await temporaryDirectory({ "secret.txt": "secret" });
  await using directory = await temporaryDirectory({ "a.txt": "a" });
  await Deno.symlink(outside.path, `${directory.path}/link`);
  await Deno.symlink(`${outside.path}/secret.txt`, `${directory.path}/secret.txt`);
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    for (
      const path of [
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "link/secret.txt",
        "secret.txt",
        ".hidden",
        "a%00b",
        "..%5csecret.txt",
      ]
    ) {
      const read = await server.request("GET", `/api/contents/${path}`);
      assert([400, 403, 404].includes(read.status), `${path}: ${read.status}`);
      assert.doesNotMatch(await read.text(), /"content":"secret"/);
      const body = JSON.stringify({ type: "file", format: "text", content: "changed" });
      const write = await server.request("PUT", `/api/contents/${path}`, body);
      assert([400, 403, 404].includes(write.status), `${path}: ${write.status}`);
    }
    const rename = { path: "../b.txt" };
    await server.json(400, "PATCH", "/api/contents/a.txt", rename);
    await server.json(400, "PATCH", "/api/contents/a.txt", {});
    await server.json(400, "POST", "/api/contents", { copy_from: "../secret.txt" });
    await server.json(400, "DELETE", "/api/contents/");
    const listed = await server.json(200, "GET", "/api/contents");
    assert.deepEqual(listed.content.map(({ name }: { name: string }) => name), ["a.txt"]);
  });
  assert.equal(await Deno.readTextFile(`${outside.path}/secret.txt`), "secret");
});

Deno.test("/api/contents answers in the types and formats that are asked for", async () => {
  await using directory = await temporaryDirectory({ "a.txt": "text", "b.ipynb": "no notebook" });
  await Deno.mkdir(`${directory.path}/ünder`);
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    const file = await server.json(200, "GET", "/api/contents/a.txt?hash=1&type=file");
    assert.deepEqual([file.content, file.format, file.mimetype], ["text", "text", "text/plain"]);
    assert.equal(file.hash_algorithm, "sha256");
    const base64 = await server.json(200, "GET", "/api/contents/a.txt?format=base64");
    assert.deepEqual([base64.content, base64.format], ["dGV4dA==", "base64"]);
    const bare = await server.json(200, "GET", "/api/contents/a.txt?content=0&1795");
    assert.deepEqual([bare.content, bare.format, bare.size], [null, null, 4]);
    await server.json(400, "GET", "/api/contents/a.txt?type=directory");
    await server.json(400, "GET", "/api/contents/a.txt?type=other");
    await server.json(400, "GET", "/api/contents/b.ipynb");
    await server.json(404, "GET", "/api/contents/a.txt/b");
    const nested = "/api/contents/%C3%BCnder/n%20b.txt";
    const put = { type: "file", format: "text", content: "x" };
    assert.equal((await server.json(201, "PUT", nested, put)).path, "ünder/n b.txt");
    await server.json(200, "PUT", nested, put);
    await server.json(400, "PUT", nested, { ...put, content: 1 });
    await server.json(400, "PUT", nested, { ...put, format: "base64", content: "?" });
    await server.json(404, "PUT", "/api/contents/none/a.txt", put);
    const chunk = (chunk: number, content: string) =>
      server.json(chunk === 1 ? 201 : 200, "PUT", "/api/contents/big.txt", {
        ...put,
        chunk,
        content,
      });
    await chunk(1, "a");
    await chunk(2, "b");
    await chunk(-1, "c");
    assert.equal((await server.json(200, "GET", "/api/contents/big.txt")).content, "abc");
    await server.json(409, "PATCH", "/api/contents/big.txt", { path: "a.txt" });
    assert.deepEqual(await server.json(200, "GET", "/api/contents/a.txt/checkpoints"), []);
    await server.json(404, "GET", "/api/contents/none.txt/checkpoints");
    const made = await server.json(201, "POST", "/api/contents/a.txt/checkpoints");
    assert.equal(
      (await server.request("POST", `/api/contents/a.txt/checkpoints/${made.id}`)).status,
      204,
    );
    assert.equal(
      (await server.request("DELETE", `/api/contents/a.txt/checkpoints/${made.id}`)).status,
      204,
    );
    assert.equal(
      (await server.request("DELETE", `/api/contents/a.txt/checkpoints/${made.id}`)).status,
      404,
    );
    assert.equal((await server.request("DELETE", "/api/contents/a.txt")).status, 204);
  });
});

Deno.test("GET /api/resolvePath finds what a kernel or the notebook directory has, and nothing else", async () => {
  await using outside = await temporaryDirectory({ "secret.py": "secret" });
  await using directory = await temporaryDirectory({ "a.py": "a" });
  await using server = createServer({
    settings: { NOTEBOOK_DIR: directory.path, MOUNT_ROOTS: outside.path },
  });
  const resolve = (query: Record<string, string>) =>
    server.json(200, "GET", `/api/resolvePath?${new URLSearchParams(query)}`);
  const here = { resolved: [{ scope: "server", path: "a.py" }] };
  for (const path of ["a.py", "b/../a.py", `${directory.path}/a.py`]) {
    assert.deepEqual(await resolve({ path }), here, path);
  }
  for (const path of ["b.py", `${outside.path}/secret.py`, "../secret.py", "/etc/passwd"]) {
    assert.deepEqual(await resolve({ path }), { resolved: [] }, path);
  }
  const mounts = [{ root: outside.path, mountPoint: "/mnt/data" }];
  const kernel = await server.createKernel({ mode: "worker", mounts });
  assert.deepEqual(await resolve({ path: "/mnt/data/secret.py", kernel }), {
    resolved: [{ scope: "kernel", path: "/mnt/data/secret.py" }],
  });
  assert.deepEqual(await resolve({ path: "a.py", kernel }), here);
  const { unresolved } = await resolve({ path: "a.py", kernel: "nobody" });
  assert.match(unresolved[0].reason, /Cannot find kernel "nobody"/);
  await server.json(400, "GET", "/api/resolvePath");
});

Deno.test("the server tells Jupyter's clients who they are and what it has not", () =>
  withServer({}, async (server) => {
    const asked = encodeURIComponent('{"contents": ["read"]}');
    const me = await server.json(200, "GET", `/api/me?permissions=${asked}`);
    assert.deepEqual([me.identity.username, me.permissions], ["user", { contents: ["read"] }]);
    await server.json(400, "GET", "/api/me?permissions=x");
    assert.deepEqual(await server.json(200, "GET", "/api/terminals"), []);
    await server.json(403, "POST", "/api/terminals");
    assert.deepEqual(await server.json(200, "GET", "/api/nbconvert"), {});
    assert.deepEqual(await server.json(200, "GET", "/api/config/notebook"), {});
    await server.json(200, "PATCH", "/api/config/notebook", { a: { b: 1, c: 2 } });
    assert.deepEqual(await server.json(200, "PATCH", "/api/config/notebook", { a: { b: null } }), {
      a: { c: 2 },
    });
    assert.equal((await server.request("PUT", "/api/config/notebook", { d: 1 })).status, 204);
    assert.deepEqual(await server.json(200, "GET", "/api/config/notebook"), { d: 1 });
    assert.equal((await server.json(200, "GET", "/api/spec.yaml")).openapi, "3.1.0");
    assert.equal((await server.json(404, "GET", "/api/nothing")).code, "not_found");
  }));
