import assert from "node:assert/strict";
import { createAgentServer } from "../../../support/agent.ts";
import { nextEvent } from "../../../support/mod.ts";
import { mcpEvents, modernHeaders, modernMessage, post } from "../../../support/raw_agent.ts";
import type { TestServer } from "../../../support/server.ts";

const WITH_TASKS = {
  elicitation: { form: {} },
  extensions: { "io.modelcontextprotocol/tasks": {} },
};

/** Returns a function that sends a request of a client with capabilities, and returns the whole answer. */
async function client(server: TestServer, capabilities: Record<string, unknown> = WITH_TASKS) {
  const url = `${await server.listen()}/mcp`;
  let id = 0;
  // deno-lint-ignore no-explicit-any -- answers are looked at field by field
  return async (method: string, params: Record<string, unknown> = {}): Promise<any> => {
    const name = (params["name"] ?? params["taskId"]) as string | undefined;
    const message = modernMessage(++id, method, params, capabilities);
    const response = await post(url, message, modernHeaders(method, name));
    if (response.headers.get("Content-Type")?.includes("json")) return await response.json();
    for await (const { message } of mcpEvents(response)) if (message?.id === id) return message;
  };
}

function call(code: string, more: Record<string, unknown> = {}) {
  return { name: "run_code", arguments: { code, session: "work", ...more } };
}

Deno.test("a long call becomes a task for a client that takes tasks, with its result and artifacts", async () => {
  await using server = createAgentServer();
  const ask = await client(server);
  const discovered = await ask("server/discover");
  assert.deepEqual(Object.keys(discovered.result.capabilities.extensions), [
    "io.modelcontextprotocol/tasks",
  ]);
  const quick = (await ask("tools/call", call("1 + 1"))).result;
  assert.deepEqual([quick.resultType, quick.structuredContent.result], ["complete", "2"]);
  const code = "import os, time\nwhile not os.path.exists('/tmp/end'): time.sleep(0.01)\n" +
    "open('out.txt', 'w').write('made'); 42";
  const made = (await ask("tools/call", call(code, { artifacts: ["out.txt"] }))).result;
  const { taskId } = made;
  assert.deepEqual([made.resultType, made.status, typeof made.ttlMs], [
    "task",
    "working",
    "number",
  ]);
  for (const name of ["task", "result", "error", "inputRequests"]) assert(!(name in made), name);
  const working = (await ask("tasks/get", { taskId })).result;
  assert.deepEqual([working.resultType, working.status, working.result], [
    "complete",
    "working",
    undefined,
  ]);
  await server.kernels.getKernel("mcp:work").files.write("/tmp/end", new Uint8Array());
  await server.executions.getLive(taskId)?.done;
  const done = (await ask("tasks/get", { taskId })).result;
  assert.equal(done.status, "completed");
  assert.equal(done.result.structuredContent.result, "42");
  assert.equal(done.result.structuredContent.artifacts[0].path, "/home/pyodide/out.txt");
  assert.deepEqual((await ask("tasks/cancel", { taskId })).result.resultType, "complete");
});

Deno.test("a task asks for input, fails as its code does, and can be cancelled", async () => {
  await using server = createAgentServer();
  const ask = await client(server);
  const start = async (code: string): Promise<string> =>
    (await ask("tools/call", call(code))).result.taskId;
  const asked = nextEvent(server.kernels, "input_request");
  const asking = await start("import time\ntime.sleep(1.5)\nint(input('n? '))");
  await asked;
  const question = (await ask("tasks/get", { taskId: asking })).result;
  assert.equal(question.status, "input_required");
  const [[key, { params }]] = Object.entries<{ params: { message: string } }>(
    question.inputRequests,
  ) as [
    [string, { params: { message: string } }],
  ];
  assert.equal(params.message, "n? ");
  const inputResponses = { [key]: { action: "accept", content: { value: "x" } } };
  const updated = await ask("tasks/update", { taskId: asking, inputResponses });
  assert.equal(updated.result.resultType, "complete");
  await server.executions.getLive(asking)?.done;
  const failed = (await ask("tasks/get", { taskId: asking })).result;
  assert.deepEqual([failed.status, failed.result.isError], ["completed", true]);
  assert.equal(failed.result.structuredContent.error.name, "ValueError");
  const endless = await start("while True: pass");
  assert.equal((await ask("tasks/cancel", { taskId: endless })).result.resultType, "complete");
  await server.executions.getLive(endless)?.done;
  const cancelled = (await ask("tasks/get", { taskId: endless })).result;
  assert.deepEqual([cancelled.status, cancelled.result], ["cancelled", undefined]);
});

Deno.test("tasks are refused to clients that do not take them, and unknown ones to all", async () => {
  await using server = createAgentServer({ MCP_WAIT: "1.5" });
  const plain = await client(server, {});
  const going = (await plain("tools/call", call("while True: pass"))).result;
  assert.deepEqual([going.resultType, going.structuredContent.status], ["complete", "running"]);
  const taskId = going.structuredContent.run;
  for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
    assert.equal((await plain(method, { taskId })).error.code, -32021);
  }
  const ask = await client(server);
  for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
    assert.equal((await ask(method, { taskId: "unknown" })).error.code, -32602);
  }
  for (const method of ["tasks/list", "tasks/result"]) {
    assert.equal((await ask(method, { taskId })).error.code, -32601);
  }
  await ask("tasks/cancel", { taskId });
  await server.executions.getLive(taskId)?.done;
});
