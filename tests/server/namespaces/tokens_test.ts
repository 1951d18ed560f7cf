import assert from "node:assert/strict";
import { createServer, type TestServer, withServer } from "../../support/server.ts";
import { fakeManager } from "../../support/fake_host.ts";
import { temporaryDirectory } from "../../support/mod.ts";
import type { TokenSettings } from "../../../server/services/tokens/token.ts";
import { clientOf } from "./world.ts";

const TOKEN = "the-administrators-token";

/** Sends a request with a token. */
async function ask(
  server: TestServer,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  // deno-lint-ignore no-explicit-any -- answers are looked at field by field
): Promise<{ status: number; body: any; headers: Headers }> {
  const response = await server.request(method, path, body, { Authorization: `Bearer ${token}` });
  const text = await response.text();
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

/** Makes a token by the API. */
async function makeToken(server: TestServer, settings: TokenSettings): Promise<string> {
  const { status, body } = await ask(server, TOKEN, "POST", "/api/tokens", settings);
  assert.equal(status, 201, JSON.stringify(body));
  return body.token;
}

Deno.test("/api/tokens makes, lists and withdraws tokens for the administrator only", () =>
  withServer({ TOKEN }, async (server) => {
    const secret = await makeToken(server, { namespace: "alice", scopes: ["read"] });
    const listed = await ask(server, TOKEN, "GET", "/api/tokens");
    const [{ id, ...shown }] = listed.body.tokens;
    assert.deepEqual([shown.namespace, shown.scopes, shown.kept], ["alice", ["read"], false]);
    assert(!JSON.stringify(listed.body).includes(secret));
    for (const [method, path] of [["GET", "/api/tokens"], ["POST", "/api/tokens"]] as const) {
      const settings = method === "POST" ? { namespace: "bob" } : undefined;
      const { status, body } = await ask(server, secret, method, path, settings);
      assert.equal(status, 404);
      assert.match(body.message, /There is nothing at/);
    }
    assert.equal((await ask(server, secret, "DELETE", `/api/tokens/${id}`)).status, 404);
    for (const wrong of [{ namespace: "a.b" }, { expiresAt: "2020-01-31T12:00:00Z" }]) {
      const settings = { namespace: "bob", ...wrong };
      assert.equal((await ask(server, TOKEN, "POST", "/api/tokens", settings)).status, 400);
    }
    assert.equal((await ask(server, secret, "GET", "/api/kernels")).status, 200);
    assert.equal((await ask(server, TOKEN, "DELETE", `/api/tokens/${id}`)).status, 204);
    assert.equal((await ask(server, TOKEN, "DELETE", `/api/tokens/${id}`)).status, 404);
    assert.equal((await ask(server, secret, "GET", "/api/kernels")).status, 403);
  }));

Deno.test("a server that lets everybody in makes no tokens over the API", () =>
  withServer({}, async (server) => {
    const { code } = await server.json(403, "POST", "/api/tokens", { namespace: "alice" });
    assert.equal(code, "permission_denied");
  }));

Deno.test("a token that a part of the server has made reaches its namespace, also where nobody else needs one", () =>
  withServer({}, async (server) => {
    const { secret } = server.services.tokens.issue({ namespace: "lab" });
    await server.json(201, "POST", "/api/kernels", { id: "shared" });
    assert.deepEqual((await ask(server, secret, "GET", "/api/kernels")).body, []);
    await ask(server, secret, "POST", "/api/kernels", { id: "own" });
    const own = (await ask(server, secret, "GET", "/api/kernels")).body;
    assert.deepEqual(own.map(({ id }: { id: string }) => id), ["lab:own"]);
    assert.equal((await server.json(200, "GET", "/api/kernels")).length, 2);
  }));

Deno.test("with TOKENS_FILE the server asks for a token, and starts only if it can read the file", async () => {
  await using directory = await temporaryDirectory({ "tokens.json": "[]" });
  const TOKENS_FILE = `${directory.path}/tokens.json`;
  await using fake = fakeManager();
  assert.throws(() => createServer({ manager: fake.manager, settings: { TOKENS_FILE } }), {
    name: "ConfigError",
    message: /TOKENS_FILE: .*tokens\.json: .*object/,
  });
  await Deno.remove(TOKENS_FILE);
  await using server = createServer({ manager: fake.manager, settings: { TOKENS_FILE } });
  assert.equal((await server.request("GET", "/api/kernels")).status, 403);
  const { secret } = await server.services.tokens.create({ namespace: "alice" });
  assert.equal((await ask(server, secret, "GET", "/api/kernels")).status, 200);
  assert.equal((await ask(server, `${secret}x`, "GET", "/api/kernels")).status, 403);
});

Deno.test("scopes and families bound what a token does", () =>
  withServer({ TOKEN }, async (server) => {
    const all = await makeToken(server, { namespace: "alice" });
    const reads = await makeToken(server, { namespace: "alice", scopes: ["read"] });
    const runs = await makeToken(server, { namespace: "alice", scopes: ["run"] });
    const files = await makeToken(server, { namespace: "alice", scopes: ["files"] });
    const agents = await makeToken(server, { namespace: "alice", families: ["mcp"] });
    const jupyter = await makeToken(server, { namespace: "alice", families: ["jupyter"] });
    const { id } = (await ask(server, all, "POST", "/api/kernels", {})).body;
    const statuses = async (method: string, path: string, body?: unknown) =>
      await Promise.all(
        [reads, runs, files, agents, jupyter].map(async (it) => {
          const answer = await ask(server, it, method, path, body);
          return answer.status === 403 ? answer.body.code : answer.status;
        }),
      );
    const [scope, family] = ["scope_required", "family_not_allowed"];
    assert.deepEqual(await statuses("GET", `/api/kernels/${id}`), [200, 200, 200, family, 200]);
    assert.deepEqual(await statuses("POST", `/api/kernels/${id}/executions`, { code: "1" }), [
      ...[scope, 200, scope, family, family],
    ]);
    assert.deepEqual(await statuses("PATCH", `/api/kernels/${id}`, { inactivityTimeoutMs: 0 }), [
      ...[scope, 200, scope, family, family],
    ]);
    assert.deepEqual(await statuses("PUT", "/api/config/x", {}), [scope, scope, 204, family, 204]);
    assert.deepEqual(await statuses("GET", "/api/config/x"), [200, 200, 200, family, 200]);
    // A scope is asked for before anything is looked up: it says nothing about what there is.
    assert.deepEqual((await statuses("DELETE", "/api/kernels/nobody"))[0], scope);
    assert.deepEqual((await statuses("POST", "/mcp", {})).slice(0, 3), [scope, scope, scope]);
    assert.notEqual((await statuses("POST", "/mcp", {}))[3], family);
    assert.equal((await statuses("GET", "/e2b/v2/sandboxes"))[4], family);
  }));

Deno.test("a token's kernels are within its limits, and reach nothing of the host", async () => {
  await using directory = await temporaryDirectory();
  for (const name of ["own", "other"]) await Deno.mkdir(`${directory.path}/${name}`);
  await Deno.symlink(`${directory.path}/other`, `${directory.path}/own/link`);
  await withServer(
    { TOKEN, MOUNT_ROOTS: directory.path, KERNEL_ALLOW_NET: "true" },
    async (server) => {
      const mounts = [`${directory.path}/own`];
      const secret = await makeToken(server, {
        namespace: "alice",
        limits: { kernels: 2, memoryMiB: 256, executionSeconds: 60 },
        mounts,
      });
      const start = (body: unknown) => ask(server, secret, "POST", "/api/kernels", body);
      const { status, body } = await start({ id: "a" });
      assert.equal(status, 201);
      assert.deepEqual([body.id, body.namespace], ["alice:a", "alice"]);
      assert.deepEqual([body.limits.memoryMiB, body.limits.executionSeconds], [256, 60]);
      const refused = async (options: unknown) => {
        const { status, body } = await start(options);
        assert.equal(status, 403, JSON.stringify(body));
        return body.message;
      };
      assert.match(await refused({ limits: { memoryMiB: 257 } }), /limits\.memoryMiB: 257 is more/);
      assert.match(await refused({ limits: { memoryMb: 257 } }), /limits\.memoryMb: 257 is more/);
      assert.match(
        await refused({ limits: { executionSeconds: 0 } }),
        /executionSeconds: 0 is more/,
      );
      assert.match(
        await refused({ mode: "worker" }),
        /mode: "worker" kernels are not for this token/,
      );
      assert.match(await refused({ mode: "main_thread" }), /mode/);
      assert.match(await refused({ permissions: { net: true } }), /permissions/);
      assert.match(await refused({ deno: { permissions: { net: ["a"] } } }), /permissions/);
      for (const root of ["other", "own/link", "own/../other", "", "nowhere"]) {
        const at = `${directory.path}/${root}`;
        const message = `Cannot create kernel: mounts: "${at}" is not among the directories that ` +
          "this token may mount";
        assert.equal(await refused({ mounts: [{ root: at, mountPoint: "/mnt/x" }] }), message);
      }
      assert.match(
        await refused({ filesystem: { enabled: true, root: "/etc" } }),
        /filesystem\.root/,
      );
      assert.equal((await start({ name: "python-worker" })).status, 404);
      const kinds = (await ask(server, secret, "GET", "/api/kernelspecs")).body.kernelspecs;
      assert("python-process" in kinds && !("python-worker" in kinds));
      const about = (await ask(server, secret, "GET", "/api/server")).body;
      assert.deepEqual([about.modes, about.limits.maxKernels], [["process"], 2]);
      assert.equal(about.limits.kernel.memoryMiB, 256);
      // Two that start at once count, before they are there.
      const results = await Promise.all([start({ id: "b" }), start({ id: "c" })]);
      assert.deepEqual(results.map(({ status }) => status).sort(), [201, 429]);
      assert.match(
        results.find(({ status }) => status === 429)!.body.message,
        /this token may have/,
      );
    },
  );
});

Deno.test("a token's requests have a rate of their own", () =>
  withServer({ TOKEN }, async (server) => {
    const slow = await makeToken(server, { namespace: "alice", requestsPerMinute: 2 });
    const other = await makeToken(server, { namespace: "alice" });
    for (let count = 0; count < 2; count++) {
      assert.equal((await ask(server, slow, "GET", "/api/kernels")).status, 200);
    }
    const refused = await ask(server, slow, "GET", "/api/kernels");
    assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
    assert(Number(refused.headers.get("Retry-After")) > 0);
    assert.equal((await ask(server, other, "GET", "/api/kernels")).status, 200);
  }));

Deno.test("the page's form takes a token, and its cookie is bound to it", () =>
  withServer({ TOKEN }, async (server) => {
    const secret = await makeToken(server, { namespace: "alice" });
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const login = await server.request("POST", "/login", `token=${secret}`, form);
    assert.equal(login.status, 302);
    const cookie = login.headers.get("Set-Cookie")!.split(";")[0]!;
    assert(!cookie.includes(secret));
    await ask(server, secret, "POST", "/api/kernels", { id: "mine" });
    await ask(server, TOKEN, "POST", "/api/kernels", { id: "theirs" });
    const list = async (value: string) =>
      await server.request("GET", "/api/kernels", undefined, { Cookie: value });
    assert.deepEqual((await (await list(cookie)).json()).map((it: { id: string }) => it.id), [
      "alice:mine",
    ]);
    const { id, entry: { sha256 } } = server.services.tokens.list()[0]!;
    const name = cookie.split("=")[0];
    for (const value of [id, `${id}.`, `${id}.${sha256}`, `${cookie.split("=")[1]}0`]) {
      assert.equal((await list(`${name}=${value}`)).status, 403, value);
    }
    await server.services.tokens.withdraw(id);
    assert.equal((await list(cookie)).status, 403);
  }));

Deno.test("what is open to all counts nothing of namespaces for who is known by no token", () =>
  withServer({ TOKEN }, async (server) => {
    const count = async (token?: string) => {
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      const health = await server.request("GET", "/health", undefined, headers);
      const { kernels, services } = await health.json();
      assert.equal(services.kernel_pool.total_kernels, kernels);
      return kernels;
    };
    const [alice, bob] = [
      await makeToken(server, { namespace: "alice" }),
      await makeToken(server, { namespace: "bob" }),
    ];
    await ask(server, alice, "POST", "/api/kernels", {});
    assert.deepEqual([await count(), await count(TOKEN)], [0, 1]);
    assert.deepEqual([await count(alice), await count(bob)], [1, 0]);
    assert.deepEqual([await count("wrong"), await count(`${bob}x`)], [0, 0]);
    assert.equal((await ask(server, bob, "GET", "/metrics")).status, 404);
    assert.equal((await ask(server, TOKEN, "GET", "/metrics")).status, 200);
  }));

Deno.test("the connections of a token end when it is withdrawn", () =>
  withServer({ TOKEN }, async (server) => {
    const origin = await server.listen();
    const [alice, bob] = [
      await makeToken(server, { namespace: "alice" }),
      await makeToken(server, { namespace: "bob" }),
    ];
    const open = async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const { body } = await ask(server, token, "POST", "/api/kernels", {});
      const kernel = encodeURIComponent(body.id);
      const response = await fetch(`${origin}/api/kernels/${kernel}/events`, { headers });
      const reader = response.body!.getReader();
      await reader.read();
      const url = `${origin.replace("http", "ws")}/api/kernels/${kernel}/channels?token=${token}`;
      const socket = new WebSocket(url);
      const closed = Promise.withResolvers<void>();
      socket.onclose = () => closed.resolve();
      socket.onerror = (event) => event.preventDefault();
      const opened = Promise.withResolvers<void>();
      socket.onopen = () => opened.resolve();
      await opened.promise;
      const rest = (async () => {
        while (!(await reader.read()).done);
      })();
      return { closed: closed.promise, rest, socket, reader };
    };
    const [hers, his] = [await open(alice), await open(bob)];
    const { id } = server.services.tokens.list().find((it) => it.namespace === "alice")!;
    const waiting = fetch(`${origin}/api/kernels`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    assert.equal((await ask(server, TOKEN, "DELETE", `/api/tokens/${id}`)).status, 204);
    await hers.closed;
    await assert.rejects(hers.rest);
    assert.equal((await (await waiting).json()).length, 2);
    // Those of others go on, and so do the kernels.
    assert.equal(his.socket.readyState, WebSocket.OPEN);
    assert.equal(server.kernels.listKernels().length, 2);
    his.socket.close();
    await his.closed;
    await his.reader.cancel();
    await his.rest.catch(() => {});
  }));

Deno.test("a sandbox's secrets open nothing once a token of its namespace is withdrawn", () =>
  withServer({ TOKEN }, async (server) => {
    const [first, second] = [
      await makeToken(server, { namespace: "alice" }),
      await makeToken(server, { namespace: "alice" }),
    ];
    const created = await ask(server, first, "POST", "/e2b/v2/sandboxes", { templateID: "base" });
    const { sandboxID, ...before } = created.body;
    const contexts = async ({ envdAccessToken }: { envdAccessToken: string }) => {
      const headers = { "E2b-Sandbox-Id": sandboxID, "X-Access-Token": envdAccessToken };
      const response = await server.request("GET", "/e2b/contexts", undefined, headers);
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await contexts(before), 200);
    await server.services.tokens.withdraw(server.services.tokens.find(first)!.id);
    assert.equal(await contexts(before), 401);
    const again = await ask(server, second, "POST", `/e2b/sandboxes/${sandboxID}/connect`, {});
    assert.equal(again.status, 200);
    assert.equal(await contexts(again.body), 200);
  }));

Deno.test("a kind of kernels that mounts what a token may not is not there for it", async () => {
  await using directory = await temporaryDirectory();
  const mounts = [{ root: directory.path, mountPoint: "/mnt/data" }];
  const KERNEL_PROFILES = JSON.stringify({ data: { mounts }, net: { permissions: { net: true } } });
  const settings = {
    TOKEN,
    MOUNT_ROOTS: directory.path,
    KERNEL_ALLOW_NET: "true",
    KERNEL_PROFILES,
  };
  await withServer(settings, async (server) => {
    const kinds = async (token: string) => {
      const { kernelspecs } = (await ask(server, token, "GET", "/api/kernelspecs")).body;
      return ["data", "net"].filter((it) => it in kernelspecs);
    };
    const plain = await makeToken(server, { namespace: "alice" });
    const wide = await makeToken(server, {
      ...{ namespace: "alice", mounts: [directory.path], permissions: true },
    });
    assert.deepEqual(await kinds(TOKEN), ["data", "net"]);
    assert.deepEqual(await kinds(plain), []);
    assert.deepEqual(await kinds(wide), ["data", "net"]);
    const unknown = await ask(server, plain, "POST", "/api/kernels", { name: "nothing" });
    const hidden = await ask(server, plain, "POST", "/api/kernels", { name: "data" });
    assert.equal(hidden.status, unknown.status);
    assert.equal(hidden.body.message, unknown.body.message.replace("nothing", "data"));
    assert.equal((await ask(server, wide, "POST", "/api/kernels", { name: "data" })).status, 201);
  });
});

Deno.test("the administrator sees a namespace's sessions with the paths of their files", async () => {
  await using directory = await temporaryDirectory();
  await withServer({ TOKEN, NOTEBOOK_DIR: directory.path }, async (server) => {
    const alice = await makeToken(server, { namespace: "alice" });
    const open = (token: string, path: string) =>
      ask(server, token, "POST", "/api/sessions", { path, type: "notebook", kernel: {} });
    const hers = (await open(alice, "plan.ipynb")).body;
    assert.deepEqual([hers.path, hers.kernel.namespace], ["plan.ipynb", "alice"]);
    const own = (await open(TOKEN, "plan.ipynb")).body;
    assert.notEqual(own.id, hers.id);
    assert.equal((await open(TOKEN, "alice/plan.ipynb")).body.id, hers.id);
    const paths = async (token: string) =>
      (await ask(server, token, "GET", "/api/sessions")).body.map((it: { path: string }) =>
        it.path
      );
    assert.deepEqual(await paths(TOKEN), ["alice/plan.ipynb", "plan.ipynb"]);
    const path = "alice/next.ipynb";
    const moved = await ask(server, TOKEN, "PATCH", `/api/sessions/${hers.id}`, { path });
    assert.equal(moved.body.path, path);
    assert.deepEqual(await paths(alice), ["next.ipynb"]);
  });
});

Deno.test("one namespace takes a quarter of the kernels, unless its token or the server says another number", async () => {
  const MAX_KERNELS = "8";
  for (
    const [settings, token, most] of [
      [{}, {}, 2],
      [{ NAMESPACE_KERNELS: "3" }, {}, 3],
      [{ NAMESPACE_KERNELS: "3" }, { limits: { kernels: 4 } }, 4],
    ] as const
  ) {
    await withServer({ TOKEN, MAX_KERNELS, ...settings }, async (server) => {
      const { secret } = await server.services.tokens.create({ namespace: "alice", ...token });
      const alice = clientOf(server, secret);
      for (let count = 0; count < most; count++) await alice.json(201, "POST", "/api/kernels");
      const { message } = await alice.json(429, "POST", "/api/kernels");
      assert.match(message, new RegExp(`limit ${most}\\)`));
      await clientOf(server, TOKEN).json(201, "POST", "/api/kernels");
    });
  }
});
