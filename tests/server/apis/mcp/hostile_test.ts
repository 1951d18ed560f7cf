import assert from "node:assert/strict";
import { connectAgent, createAgentServer, ERAS } from "../../../support/agent.ts";
import { openConnection, post } from "../../../support/raw_agent.ts";
import { withServer } from "../../../support/server.ts";

for (const era of ERAS) {
  Deno.test(`hostile arguments of a client of ${era} are refused, and the server goes on`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    for (
      const [name, args] of [
        ["run_code", { code: 1 }],
        ["run_code", { code: ["1"] }],
        ["run_code", { code: "1", timeout: -1 }],
        ["run_code", { code: "1", timeout: 1e300 }],
        ["run_code", { code: "1", session: "" }],
        ["run_code", { code: "1", session: "x".repeat(10_000) }],
        ["run_code", { code: "1", session: "../../etc" }],
        ["run_code", { code: "1", session: "mcp:other" }],
        ["run_code", { code: "1", packages: Array(1_000).fill("a") }],
        ["run_code", { code: "1", files: Array(1_000).fill({ path: "a", text: "" }) }],
        ["read_output", { run: "__proto__" }],
        ["read_output", { run: "constructor", offset: -1 }],
        ["interrupt", { run: "unknown" }],
        ["interrupt", { session: "unknown" }],
        ["sessions", { action: "explode" }],
        ["sessions", { action: "create", limits: { memoryMiB: "all" } }],
        ["sessions", { action: "create", kind: "unknown" }],
        ["sessions", { action: "create", mounts: [{ root: "relative", mountPoint: "/m" }] }],
        ["files", { action: "read", path: "\0" }],
        ["files", { action: "list", path: "x".repeat(10_000) }],
        ["install_packages", { packages: [] }],
      ] as const
    ) {
      const { isError, text } = await agent.call(name, args);
      assert.equal(isError, true, JSON.stringify(args).slice(0, 100));
      assert(text.length < 20_000, `${name}: it has ${text.length}`);
      assert.doesNotMatch(text, /internal|file:\/\/|at .*\.ts/, text);
    }
    await assert.rejects(agent.call("no_such_tool"), /no_such_tool/);
    assert.equal((await agent.call("run_code", { code: "1 + 1" })).structured.result, "2");
  });

  Deno.test(`code of a client of ${era} may be as large as a body`, async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server, { era });
    const code = `x = '${"x".repeat(9_000_000)}'\nlen(x)`;
    assert.equal((await agent.call("run_code", { code })).structured.result, "9000000");
  });
}

Deno.test("connections of 2025 are bounded, and the one that was used least recently makes room", () =>
  withServer({}, async (server) => {
    const url = `${await server.listen()}/mcp`;
    const first = await openConnection(url);
    const second = await openConnection(url);
    const ping = async (headers: Record<string, string>) => {
      const response = await post(url, { jsonrpc: "2.0", id: 1, method: "ping" }, headers);
      await response.body?.cancel();
      return response.status;
    };
    for (let i = 0; i < 998; i++) await openConnection(url);
    assert.equal(await ping(first), 200);
    await openConnection(url);
    assert.equal(await ping(second), 404);
    assert.equal(await ping(first), 200);
  }));

Deno.test("a batch of many messages, and one that cancels what is not there, do no harm", () =>
  withServer({}, async (server) => {
    const url = `${await server.listen()}/mcp`;
    const headers = await openConnection(url);
    const ping = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
    const many = await post(url, Array.from({ length: 10_000 }, (_, id) => ping(id)), headers);
    assert.equal(many.status, 400);
    await many.body?.cancel();
    const cancelled = { requestId: 99, reason: "x" };
    const note = { jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled };
    const accepted = await post(url, note, headers);
    assert.equal(accepted.status, 202);
    await accepted.body?.cancel();
    const alive = await post(url, ping(1), headers);
    assert.equal(alive.status, 200);
    await alive.body?.cancel();
  }));
