import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type TestServer } from "../../../support/server.ts";
import { fakeManager } from "../../../support/fake_host.ts";

const TOKEN = "0123456789abcdef0123";
const KEY = { "X-API-Key": TOKEN };

interface Tokens {
  sandboxID: string;
  envdAccessToken: string;
  trafficAccessToken: string;
}

async function create(server: TestServer, body: object = {}): Promise<Tokens> {
  const request = { templateID: "code-interpreter-v1", ...body };
  const response = await server.request("POST", "/e2b/v2/sandboxes", request, KEY);
  assert.equal(response.status, 201, await response.clone().text());
  return await response.json();
}

async function withServer(body: (server: TestServer) => Promise<void>): Promise<void> {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager, settings: { TOKEN } });
  await body(server);
}

Deno.test("E2B's API wants the server's token as its key, and answers 401 in its form", () =>
  withServer(async (server) => {
    for (const headers of [{}, { "X-API-Key": "wrong" }, { "X-Access-Token": TOKEN }]) {
      for (const [method, path] of [["POST", "v2/sandboxes"], ["GET", "v2/sandboxes"]] as const) {
        const response = await server.request(method, `/e2b/${path}`, undefined, { ...headers });
        assert.equal(response.status, 401);
        assert.match((await response.json()).message, /E2B_API_KEY/);
      }
    }
    assert.deepEqual(server.services.sandboxes.list(), []);
  }));

Deno.test("calls to a sandbox that is gone are answered with 502, also those that are streams", () =>
  withServer(async (server) => {
    for (
      const [method, path] of [
        ["GET", "health"],
        ["GET", "files?path=a"],
        ["POST", "execute"],
        ["POST", "process.Process/Start"],
        ["POST", "process.Process/Connect"],
        ["POST", "process.Process/StreamInput"],
        ["POST", "process.Process/List"],
        ["POST", "filesystem.Filesystem/WatchDir"],
        ["POST", "filesystem.Filesystem/Stat"],
      ] as const
    ) {
      const headers = { "E2b-Sandbox-Id": "gone", "X-Access-Token": "any" };
      const body = method === "POST" ? {} : undefined;
      const response = await server.request(method, `/e2b/${path}`, body, headers);
      const { sandboxId, code } = await response.json();
      assert.deepEqual([response.status, sandboxId, code], [502, "gone", 502], path);
    }
  }));

Deno.test("a sandbox's calls need its own tokens, and no other sandbox's", () =>
  withServer(async (server) => {
    const [mine, other] = [await create(server), await create(server)];
    const calls = [
      ["POST", "execute", { code: "1" }],
      ["GET", "contexts"],
      ["POST", "contexts", {}],
      ["GET", "files?path=a"],
      ["POST", "files?path=a", "text"],
      ["POST", "filesystem.Filesystem/Stat", { path: "/" }],
      ["POST", "filesystem.Filesystem/ListDir", { path: "/" }],
      ["POST", "filesystem.Filesystem/CreateWatcher", { path: "/" }],
      ["POST", "process.Process/List", {}],
    ] as const;
    const wrong: Record<string, string>[] = [
      {},
      KEY,
      { "X-Access-Token": "wrong" },
      { "X-Access-Token": other.envdAccessToken },
      { "E2B-Traffic-Access-Token": other.trafficAccessToken },
      {
        "X-Access-Token": other.envdAccessToken,
        "E2B-Traffic-Access-Token": mine.trafficAccessToken,
      },
      { "X-Access-Token": mine.envdAccessToken, "E2B-Traffic-Access-Token": "wrong" },
    ];
    for (const [method, path, body] of calls) {
      for (const headers of wrong) {
        const response = await server.request(method, `/e2b/${path}`, body, {
          "E2b-Sandbox-Id": mine.sandboxID,
          ...headers,
        });
        assert.equal(response.status, 401, `${method} ${path} ${JSON.stringify(headers)}`);
        await response.body?.cancel();
      }
    }
    const traffic = {
      "E2b-Sandbox-Id": mine.sandboxID,
      "E2B-Traffic-Access-Token": mine.trafficAccessToken,
    };
    const contexts = await server.request("GET", "/e2b/contexts", undefined, traffic);
    assert.deepEqual((await contexts.json()).map((it: { language: string }) => it.language), [
      "python",
    ]);
    const files = await server.request("GET", "/e2b/files?path=a", undefined, traffic);
    assert.equal(files.status, 401);
  }));

Deno.test("a call to a sandbox that is not there is answered 502, without its id 400", () =>
  withServer(async (server) => {
    for (const path of ["health", "contexts", "files?path=a"]) {
      const gone = await server.request("GET", `/e2b/${path}`, undefined, {
        "E2b-Sandbox-Id": "no",
      });
      assert.equal(gone.status, 502);
      assert.deepEqual(await gone.json(), {
        sandboxId: "no",
        message: "The sandbox was not found",
        code: 502,
      });
      const unnamed = await server.request("GET", `/e2b/${path}`);
      assert.equal(unnamed.status, 400);
    }
  }));

Deno.test("a signed URL of a file is for one sandbox, operation, path and time", () =>
  withServer(async (server) => {
    const { envdAccessToken } = await create(server);
    const sign = (path: string, operation: string, expiration?: number) => {
      const end = expiration === undefined ? "" : `:${expiration}`;
      const hash = createHash("sha256").update(`${path}:${operation}::${envdAccessToken}${end}`)
        .digest("base64").replace(/=+$/, "");
      const signature = encodeURIComponent(`v1_${hash}`);
      return `path=${path}&signature=${signature}` +
        (expiration === undefined ? "" : `&signature_expiration=${expiration}`);
    };
    const later = Math.floor(Date.now() / 1_000) + 60;
    const status = async (method: string, query: string) => {
      const response = await server.request(
        method,
        `/files?${query}`,
        method === "POST" ? "x" : undefined,
      );
      await response.body?.cancel();
      return response.status;
    };
    for (
      const [method, query] of [
        ["GET", sign("a", "write")],
        ["POST", sign("a", "read")],
        ["GET", sign("b", "read").replace("path=b", "path=a")],
        ["GET", sign("a", "read", 1)],
        ["GET", sign("a", "read", later).replace(String(later), String(later + 1))],
        ["GET", "path=a&signature=v1_"],
        ["GET", "path=a"],
      ] as const
    ) assert([400, 401].includes(await status(method, query)), `${method} ${query}`);
    // The fake kernel has no files: the door was passed.
    assert(![400, 401].includes(await status("GET", sign("a", "read", later))));
  }));

Deno.test("sandboxes are listed by metadata and in pages; wrong requests are refused with the field", () =>
  withServer(async (server) => {
    const { sandboxID } = await create(server, { metadata: { "a b": "c&d" } });
    await create(server);
    const ids = async (query: string) => {
      const response = await server.request("GET", `/e2b/v2/sandboxes?${query}`, undefined, KEY);
      const list: Tokens[] = await response.json();
      return { ids: list.map((it) => it.sandboxID), next: response.headers.get("X-Next-Token") };
    };
    const metadata = new URLSearchParams({ metadata: "a%2520b=c%2526d" });
    assert.deepEqual(await ids(String(metadata)), { ids: [sandboxID], next: null });
    const first = await ids("limit=1");
    assert.deepEqual(first.ids, [sandboxID]);
    assert.equal((await ids(`limit=1&nextToken=${first.next}`)).ids.length, 1);
    assert.deepEqual((await ids("state=paused")).ids, []);
    for (
      const [status, body] of [
        [400, { timeout: -1 }],
        [400, { timeout: 90_000 }],
        [400, { autoPause: true }],
        [400, { volumeMounts: [{ name: "a", path: "/a" }] }],
        [400, { envVars: { "A=B": "c" } }],
        [404, { templateID: "nothing" }],
      ] as const
    ) {
      const request = { templateID: "base", ...body };
      const response = await server.request("POST", "/e2b/sandboxes", request, KEY);
      assert.equal(response.status, status, JSON.stringify(body));
      assert.equal((await response.json()).code, status);
    }
    for (const action of ["pause", "fork", "snapshots"]) {
      const path = `/e2b/sandboxes/${sandboxID}/${action}`;
      assert.equal((await server.request("POST", path, {}, KEY)).status, 501);
    }
    for (const method of ["GET", "DELETE"]) {
      const response = await server.request(method, "/e2b/sandboxes/no", undefined, KEY);
      assert.deepEqual(await response.json(), { code: 404, message: "Sandbox no not found" });
    }
  }));
