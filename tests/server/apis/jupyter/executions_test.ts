import assert from "node:assert/strict";
import { about, connectChannels, disconnected } from "../../../support/channels_client.ts";
import { createServer, streamedEvents } from "../../../support/server.ts";

const settings = { ALLOWED_KERNEL_MODES: "worker" };

Deno.test("a cell over /channels has a record under its message's id, which is counted", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  const asked = client.send("execute_request", {
    code: "print('out')\n6 * 7",
    user_expressions: { twice: "2 * 2" },
  });
  await client.find(about(asked, "execute_reply"));
  const record = await server.json(200, "GET", `/api/executions/${asked}?wait=20`);
  assert.deepEqual(
    [record.kernelId, record.origin, record.status, record.executionCount],
    [id, "jupyter", "ok", 1],
  );
  assert.deepEqual(record.outputs.map((it: { output_type: string }) => it.output_type), [
    "stream",
    "execute_result",
  ]);
  assert.equal(record.userExpressions.twice.data["text/plain"], "4");
  assert(record.usage.wallMs > 0);
  const { executions } = await server.json(200, "GET", `/api/executions?kernelId=${id}`);
  assert.deepEqual(executions.map((it: { id: string }) => it.id), [asked]);
  const metrics = await (await server.request("GET", "/metrics")).text();
  assert.match(metrics, /^executions_total\{status="ok"\} 1$/m);
  assert.match(metrics, /^executions_live 0$/m);
});

Deno.test("a cell over /channels can be replayed and followed to its end after a lost connection", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  let asked: string;
  {
    await using client = await connectChannels(server, id);
    asked = client.send("execute_request", {
      code: "print('before')\ninput()\nprint('after')",
      allow_stdin: true,
    });
    await client.find(about(asked, "input_request"));
  }
  await disconnected(server, id);
  const response = await server.request("GET", `/api/executions/${asked}/events`, undefined, {
    Accept: "application/x-ndjson",
  });
  const events = [];
  for await (const event of streamedEvents(response)) {
    events.push(event);
    if (event.type === "input_request") await server.executions.answerInput(asked, "");
  }
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
  assert.deepEqual(events.map(({ type }) => type), [
    "status",
    "execute_input",
    "stream",
    "input_request",
    "stream",
    "status",
    "done",
  ]);
  assert.equal(events.at(-1).execution.status, "ok");
  const rest = await server.request("GET", `/api/executions/${asked}/events?after=5`);
  assert.deepEqual(await Array.fromAsync(streamedEvents(rest)), events.slice(5));
});

Deno.test("a cell over /channels keeps its output when its client is gone for good", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  let asked: string;
  {
    await using client = await connectChannels(server, id);
    asked = client.send("execute_request", {
      code: "input()\nprint('for the record')\n7",
      allow_stdin: true,
    });
    await client.find(about(asked, "input_request"));
  }
  await disconnected(server, id);
  await server.executions.answerInput(asked, "");
  const record = await server.json(200, "GET", `/api/executions/${asked}?wait=20`);
  assert.equal(record.status, "ok");
  assert.equal(record.outputs[0].text, "for the record\n");
  assert.equal(record.result.data["text/plain"], "7");
});

Deno.test("a cell over /channels is waited for in a shutdown, and later cells are refused", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  const running = client.send("execute_request", { code: "input()", allow_stdin: true });
  await client.find(about(running, "input_request"));
  let drained = false;
  const drain = server.executions.drain(60_000).then(() => drained = true);
  const late = client.send("execute_request", { code: "1" });
  const refused = await client.find(about(late, "execute_reply"));
  assert.deepEqual([refused.content["status"], refused.content["ename"]], [
    "error",
    "ServiceError",
  ]);
  assert.match(String(refused.content["evalue"]), /shutting down/);
  assert(!drained, "the shutdown did not wait for the cell");
  client.send("input_reply", { value: "typed" }, "stdin");
  const reply = await client.find(about(running, "execute_reply"));
  assert.equal(reply.content["status"], "ok");
  await drain;
  assert.equal((await server.executions.get(running)).result?.data["text/plain"], "'typed'");
});

Deno.test("a cell that asks gets a line or the end of its input, whatever a client answers", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  client.send("input_reply", { value: "nobody asked" }, "stdin");
  for (
    const [answer, result] of [
      [{ value: "" }, "''"],
      [{ value: 5 }, "'5'"],
      [{}, "''"],
      [{ value: "\x04" }, "EOFError"],
      [{ value: null }, "EOFError"],
      [{ value: ["a"] }, "EOFError"],
    ] as const
  ) {
    const running = client.send("execute_request", { code: "input()", allow_stdin: true });
    await client.find(about(running, "input_request"));
    client.send("input_reply", answer, "stdin");
    const reply = await client.find(about(running, "execute_reply"));
    const { result: value } = await server.executions.get(running);
    assert.equal(reply.content["ename"] ?? value?.data["text/plain"], result);
  }
});

Deno.test("cells over /channels have records of their own whatever their messages are called", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  for (const [index, name] of ["same", "same", "no id: ö"].entries()) {
    client.send("execute_request", { code: `${index}` }, "shell", name);
    await client.find(({ content }) =>
      content["execution_count"] === index + 1 && "status" in content
    );
  }
  const { executions } = await server.json(200, "GET", `/api/executions?kernelId=${id}`);
  assert.deepEqual(executions.map(({ code }: { code: string }) => code), ["2", "1", "0"]);
  const ids = new Set(executions.map((it: { id: string }) => it.id));
  assert.equal(ids.size, 3);
  assert(ids.has("same"));
});

Deno.test("silent cells and cells that were given up have records", async () => {
  await using server = createServer({ settings });
  const id = await server.createKernel();
  await using client = await connectChannels(server, id);
  const silent = client.send("execute_request", { code: "x = 1", silent: true });
  await client.find(about(silent, "execute_reply"));
  const failing = client.send("execute_request", { code: "input()\n1/0", allow_stdin: true });
  await client.find(about(failing, "input_request"));
  const behind = client.send("execute_request", { code: "2" });
  // The request that follows is answered after `behind` is in the queue.
  const info = client.send("kernel_info_request", {});
  await client.find(about(info, "kernel_info_reply"));
  client.send("input_reply", { value: "" }, "stdin");
  await client.find(about(behind, "execute_reply"));
  const statusOf = async (execution: string) =>
    (await server.json(200, "GET", `/api/executions/${execution}?wait=20`)).status;
  assert.deepEqual(
    [await statusOf(silent), await statusOf(failing), await statusOf(behind)],
    ["ok", "error", "aborted"],
  );
});
