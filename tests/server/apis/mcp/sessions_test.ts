import assert from "node:assert/strict";
import { connectAgent, createAgentServer, ERAS } from "../../../support/agent.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

Deno.test("calls of one connection of 2025 share a session that no other connection gets", async () => {
  await using server = createAgentServer();
  await using a = await connectAgent(server, { era: "2025-11-25" });
  await using b = await connectAgent(server, { era: "2025-11-25" });
  const first = await a.call("run_code", { code: "x = 1" });
  assert.equal((await a.call("run_code", { code: "x" })).structured.result, "1");
  const other = await b.call("run_code", { code: "x" });
  assert.equal(other.structured.error.name, "NameError");
  assert.notEqual(other.structured.session, first.structured.session);
  const names = async (agent: typeof a) =>
    (await agent.call("sessions", { action: "list" })).structured.sessions.map((
      { session }: { session: string },
    ) => session);
  assert.deepEqual(await names(a), [first.structured.session]);
  assert.deepEqual(await names(b), [other.structured.session]);
});

Deno.test("calls of 2026 that name no session get one each", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const { structured } = await agent.call("run_code", { code: "x = 1" });
  const other = await agent.call("run_code", { code: "x" });
  assert.equal(other.structured.error.name, "NameError");
  assert.equal((await agent.call("sessions", { action: "list" })).text, "There are no sessions");
  const known = await agent.call("run_code", { code: "x", session: structured.session });
  assert.equal(known.structured.result, "1");
});

for (const era of ERAS) {
  Deno.test(`sessions() creates, lists, resets and ends a session for a client of ${era}`, async () => {
    await using directory = await temporaryDirectory({ "a.txt": "mounted" });
    await using server = createAgentServer({ MOUNT_ROOTS: directory.path });
    await using agent = await connectAgent(server, { era });
    const mounts = [{ root: directory.path, mountPoint: "/mnt/data", access: "ro" }];
    const created = await agent.call("sessions", {
      action: "create",
      session: "work",
      limits: { memoryMiB: 256 },
      mounts,
    });
    assert.deepEqual([created.isError, created.structured.sessions[0].session], [false, "work"]);
    const kernel = server.kernels.getKernel("mcp:work");
    assert.equal(kernel.limits.memoryMiB, 256);
    const read = await agent.call("run_code", {
      code: "x = open('/mnt/data/a.txt').read(); x",
      session: "work",
    });
    assert.equal(read.structured.result, "'mounted'");
    const taken = await agent.call("sessions", { action: "create", session: "work" });
    assert.match(taken.text, /already_exists/);
    const greedy = await agent.call("sessions", { action: "create", limits: { memoryMiB: 9_999 } });
    assert.match(greedy.text, /limits.memoryMiB: use a whole number from 64 to 4096/);
    const outside = await agent.call("sessions", {
      action: "create",
      mounts: [{ root: "/", mountPoint: "/mnt/all" }],
    });
    assert.match(outside.text, /permission_denied/);
    assert.match((await agent.call("sessions", { action: "list" })).text, /^work: idle, 1 runs$/);
    assert.equal(
      (await agent.call("sessions", { action: "reset", session: "work" })).isError,
      false,
    );
    const gone = await agent.call("run_code", { code: "x", session: "work" });
    assert.equal(gone.structured.error.name, "NameError");
    assert.equal((await agent.call("sessions", { action: "end", session: "work" })).isError, false);
    assert.deepEqual(server.kernels.listKernels(), []);
    const missing = await agent.call("sessions", { action: "end", session: "work" });
    assert.match(missing.text, /there is no session "work"/);
    const mixed = await agent.call("sessions", { action: "end", kind: "python" });
    assert.match(mixed.text, /options are for create, not for end/);
  });
}

Deno.test("agents reach no kernel of others unless MCP_KERNELS allows it", async () => {
  for (const [reach, found] of [["own", false], ["all", true]] as const) {
    await using server = createAgentServer({ MCP_KERNELS: reach });
    const id = await server.createKernel({ id: "private" });
    const { id: run } = await server.json(200, "POST", `/api/kernels/${id}/executions`, {
      code: "secret = 7; secret",
    });
    await using agent = await connectAgent(server);
    const { structured } = await agent.call("run_code", {
      code: "globals().get('secret')",
      session: "private",
    });
    assert.equal(structured.result, found ? "7" : null);
    assert.equal(structured.new_session, !found);
    const output = await agent.call("read_output", { run });
    assert.equal(output.isError, !found);
    assert.equal((await agent.call("interrupt", { run })).isError, true);
    const uri = `run://${run}/text`;
    const text = agent.client.readResource({ uri });
    if (found) assert.equal((await text).contents.length, 1);
    else await assert.rejects(text);
  }
});

Deno.test("a session ends with the connection of 2025 that alone knows its name", async () => {
  await using server = createAgentServer();
  const agent = await connectAgent(server, { era: "2025-11-25" });
  await agent.call("run_code", { code: "1" });
  await agent.call("run_code", { code: "1", session: "shared" });
  const { transport } = agent.client;
  assert(transport && "terminateSession" in transport);
  await (transport.terminateSession as () => Promise<void>)();
  await agent.client.close();
  assert.deepEqual(server.kernels.listKernels().map(({ id }) => id), ["mcp:shared"]);
});

Deno.test("a session that its kernel's death has emptied says so and goes on", async () => {
  await using server = createAgentServer({ KERNEL_LIMITS: "memoryMiB=64" });
  await using agent = await connectAgent(server);
  const died = await agent.call("run_code", {
    code: "x = 1\nimport ctypes; ctypes.string_at(0xffffffff)",
    session: "work",
  });
  assert.equal(died.isError, true);
  const after = await agent.call("run_code", { code: "1 + 1", session: "work" });
  assert.equal(after.structured.result, "2");
});

Deno.test("100 sessions at once: as many start as MAX_KERNELS allows, and the others are refused", async () => {
  await using fake = fakeManager(() => {}, { maxKernels: 10 });
  await using server = createServer({ manager: fake.manager });
  await using agent = await connectAgent(server);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => agent.call("run_code", { code: "1" })),
  );
  const refused = answers.filter(({ isError }) => isError);
  assert.equal(refused.length, 90);
  for (const { text } of refused) assert.match(text, /limit_exceeded/);
  assert.equal(server.kernels.listKernels().length, 10);
});
