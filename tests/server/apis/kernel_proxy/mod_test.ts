import assert from "node:assert/strict";
import { fakeManager } from "../../../support/fake_host.ts";
import { createServer, type TestServer, withServer } from "../../../support/server.ts";

const PREFIX = "/kernel-proxy";

interface Message {
  header: Record<string, string>;
  parent_header: Record<string, string>;
  msg_type: string;
  content: Record<string, unknown>;
}

async function execute(server: TestServer, id: string, code: string): Promise<Message[]> {
  return (await server.json(200, "POST", `${PREFIX}/execute_code`, { id, code })).results;
}

Deno.test("POST /kernel-proxy/execute_code returns the messages of a Jupyter kernel", async () => {
  await using server = createServer();
  const { id } = await server.json(200, "POST", `${PREFIX}/start_kernel`);
  const results = await execute(server, id, "print('Hello, World!')\n6 * 7");
  assert.deepEqual(results.map(({ header }) => header["msg_type"]), [
    "status",
    "execute_input",
    "stream",
    "execute_result",
    "execute_reply",
    "status",
  ]);
  const [busy, input, stream, result, reply, idle] = results;
  assert.deepEqual(busy!.content, { execution_state: "busy" });
  assert.deepEqual(input!.content["execution_count"], 1);
  assert.deepEqual(stream!.content, { name: "stdout", text: "Hello, World!\n" });
  assert.deepEqual(result!.content["data"], { "text/plain": "42" });
  assert.equal(reply!.content["status"], "ok");
  assert.deepEqual(idle!.content, { execution_state: "idle" });
  const parents = new Set(results.map(({ parent_header }) => JSON.stringify(parent_header)));
  assert.equal(parents.size, 1);
  assert.equal(busy!.parent_header["msg_type"], "execute_request");
  assert.equal(new Set(results.map(({ header }) => header["msg_id"])).size, results.length);
  assert.equal(new Set(results.map(({ header }) => header["session"])).size, 1);
  const failed = await execute(server, id, "1 / 0");
  const error = failed.find(({ msg_type }) => msg_type === "error");
  assert.equal(error?.content["ename"], "ZeroDivisionError");
  assert.equal(
    failed.find(({ msg_type }) => msg_type === "execute_reply")?.content["status"],
    "error",
  );
  assert.deepEqual(await server.json(200, "POST", `${PREFIX}/shutdown_kernel`, { id }), {
    message: `Kernel ${id} shutdown`,
  });
});

Deno.test("two clients of the kernel proxy share nothing", async () => {
  await using server = createServer();
  const start = async () => (await server.json(200, "POST", `${PREFIX}/start_kernel`)).id;
  const [one, two] = [await start(), await start()];
  await Promise.all([execute(server, one, "x = 1"), execute(server, two, "x = 2")]);
  const values = await Promise.all([execute(server, one, "x"), execute(server, two, "x")]);
  assert.deepEqual(
    values.map((it) => it.find(({ msg_type }) => msg_type === "execute_result")?.content["data"]),
    [{ "text/plain": "1" }, { "text/plain": "2" }],
  );
});

Deno.test("POST /kernel-proxy/execute_code answers 500 with the reason when the kernel dies", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const { id } = await server.json(200, "POST", `${PREFIX}/start_kernel`);
  const running = Promise.withResolvers<void>();
  using _ = server.kernels.events.on("status", (it) => it.status === "busy" && running.resolve());
  const answer = server.json(500, "POST", `${PREFIX}/execute_code`, { id, code: "wait" });
  await running.promise;
  fake.made[0]!.die("it has run out of memory");
  assert.match((await answer).detail, /Execution failed: .*it has run out of memory/);
});

Deno.test("the kernel proxy refuses as its own does, and has no routes at the root", () =>
  withServer({ API_FAMILIES: "kernel_proxy" }, async (server) => {
    const none = { id: "none", code: "1" };
    for (const path of ["execute_code", "shutdown_kernel"]) {
      const { detail } = await server.json(404, "POST", `${PREFIX}/${path}`, none);
      assert.equal(detail, "Kernel not found");
    }
    await server.json(422, "POST", `${PREFIX}/execute_code`, { id: "a" });
    assert.deepEqual(await server.json(200, "GET", `${PREFIX}/health`), { status: "ok" });
    await server.json(404, "POST", "/execute_code", none);
    await server.json(404, "POST", "/colab/execute_code", none);
  }));
