import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { fakeManager } from "../../../support/fake_host.ts";
import { nextEvent } from "../../../support/mod.ts";
import { createServer, streamedEvents, type TestServer } from "../../../support/server.ts";

async function withKernel(): Promise<{ server: TestServer; id: string; path: string }> {
  const server = createServer();
  const id = await server.createKernel();
  return { server, id, path: `/api/kernels/${id}/executions` };
}

Deno.test("POST .../executions answers the record when it is done", async () => {
  const { server, id, path } = await withKernel();
  await using _ = server;
  const record = await server.json(200, "POST", path, {
    code: "print('out')\n6 * 7",
    userExpressions: { twice: "2 * 2" },
  });
  assert.deepEqual([record.kernelId, record.status, record.executionCount], [id, "ok", 1]);
  assert.deepEqual(record.outputs.map((it: { output_type: string }) => it.output_type), [
    "stream",
    "execute_result",
  ]);
  assert.equal(record.result.data["text/plain"], "42");
  assert.equal(record.userExpressions.twice.data["text/plain"], "4");
  assert.equal(record.error, null);
  assert(record.usage.wallMs > 0 && record.usage.memoryBytes > 2 ** 20);
  assert(record.usage.outputBytes > 0 && record.usage.droppedOutputBytes === 0);
  assert(Date.parse(record.createdAt) <= Date.parse(record.startedAt));
  assert(Date.parse(record.startedAt) <= Date.parse(record.finishedAt));
  assert.deepEqual(await server.json(200, "GET", `/api/executions/${record.id}`), record);
});

Deno.test("POST .../executions answers a Python exception as a result", async () => {
  const { server, path } = await withKernel();
  await using _ = server;
  const record = await server.json(200, "POST", path, { code: "1 / 0" });
  assert.equal(record.status, "error");
  assert.equal(record.error.ename, "ZeroDivisionError");
});

Deno.test("POST .../executions answers at once when told not to wait", async () => {
  const { server, path } = await withKernel();
  await using _ = server;
  const response = await server.request("POST", path, {
    id: "mine",
    code: "print('first')\ninput()",
    wait: false,
    allowStdin: true,
  });
  assert.equal(response.status, 202);
  assert.equal(response.headers.get("Location"), "/api/executions/mine");
  assert.equal((await response.json()).status, "queued");
  const events = await server.executions.events("mine");
  for await (const { json } of events.follow()) {
    if (JSON.parse(json).type === "input_request") break;
  }
  const running = await server.json(200, "GET", "/api/executions/mine");
  assert.equal(running.status, "running");
  assert.deepEqual(running.outputs, [{ output_type: "stream", name: "stdout", text: "first\n" }]);
  const later = server.json(200, "GET", "/api/executions/mine?wait=20");
  const answer = { value: "typed" };
  assert.deepEqual(await server.json(200, "POST", "/api/executions/mine/input", answer), {
    accepted: true,
  });
  assert.equal((await later).result.data["text/plain"], "'typed'");
  assert.deepEqual(await server.json(200, "POST", "/api/executions/mine/input", answer), {
    accepted: false,
  });
});

Deno.test("POST .../executions answers input() with the lines that came along", async () => {
  const { server, path } = await withKernel();
  await using _ = server;
  const record = await server.json(200, "POST", path, {
    code: "[input(), input()]\ninput()",
    stdin: ["a", "b"],
  });
  assert.equal(record.error.ename, "EOFError");
  const { result } = await server.json(200, "POST", path, { code: "input() * 2", stdin: ["x"] });
  assert.equal(result.data["text/plain"], "'xx'");
});

Deno.test("POST .../executions enforces its timeout and says so", async () => {
  const { server, path } = await withKernel();
  await using _ = server;
  const record = await server.json(200, "POST", path, { code: "while True: pass", timeoutMs: 100 });
  assert.equal(record.status, "timeout");
  assert.equal(record.kernel.statePreserved, true);
  assert.match(record.kernel.reason, /timeout: interrupted after 100 ms/);
});

for (
  const [what, body, message] of [
    ["there is no code", {}, /code: name the Python to run/],
    ["the code is no string", { code: 1 }, /code: /],
    ["a key is unknown", { code: "1", timeout: 1 }, /Unrecognized key: "timeout"/],
    ["the timeout is negative", { code: "1", timeoutMs: -1 }, /timeoutMs: /],
    ["the id is no name", { code: "1", id: "a b" }, /id: use 1 to 128 letters/],
    ["onDisconnect is unknown", { code: "1", onDisconnect: "explode" }, /onDisconnect: /],
  ] as const
) {
  Deno.test(`POST .../executions answers 400 when ${what}, and nothing runs`, async () => {
    await using fake = fakeManager();
    await using server = createServer({ manager: fake.manager });
    const id = await server.createKernel();
    const error = await server.json(400, "POST", `/api/kernels/${id}/executions`, body);
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, message);
    assert.deepEqual(fake.made[0]!.requests, []);
    assert.deepEqual((await server.json(200, "GET", "/api/executions")).executions, []);
  });
}

Deno.test("POST .../executions answers 409 for an id that was used", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const path = `/api/kernels/${await server.createKernel()}/executions`;
  await server.json(200, "POST", path, { code: "1", id: "a" });
  assert.equal(
    (await server.json(409, "POST", path, { code: "1", id: "a" })).code,
    "already_exists",
  );
});

Deno.test("POST .../executions answers 429 when the queue is full", async () => {
  await using fake = fakeManager(() => {}, { limits: { queue: 1 } });
  await using server = createServer({ manager: fake.manager });
  const path = `/api/kernels/${await server.createKernel()}/executions`;
  await server.json(202, "POST", path, { code: "wait", wait: false, id: "a" });
  const refused = await server.request("POST", path, { code: "1" });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("Retry-After"), "1");
  assert.match((await refused.json()).message, /is full \(limit 1\)/);
  assert.equal((await server.json(200, "DELETE", "/api/executions/a")).cancelled, "interrupted");
});

Deno.test("POST .../executions answers 409 when the kernel is dead", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  const dead = nextEvent(server.kernels.getKernel(id), "kernel_terminated");
  fake.made[0]!.die("it crashed");
  await dead;
  const error = await server.json(409, "POST", `/api/kernels/${id}/executions`, { code: "1" });
  assert.equal(error.code, "kernel_dead");
  assert.match(error.message, /it crashed/);
});

Deno.test("DELETE /api/executions/{id} takes what waits out of the queue", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const path = `/api/kernels/${await server.createKernel()}/executions`;
  await server.json(202, "POST", path, { code: "wait", wait: false, id: "a" });
  await server.json(202, "POST", path, { code: "1", wait: false, id: "b" });
  assert.deepEqual(await server.json(200, "DELETE", "/api/executions/b"), {
    id: "b",
    cancelled: "dequeued",
  });
  const aborted = await server.json(200, "GET", "/api/executions/b?wait=5");
  assert.deepEqual([aborted.status, aborted.error.ename], ["aborted", "ExecutionCancelled"]);
  fake.made[0]!.obedient = false;
  const refused = await server.json(409, "DELETE", "/api/executions/a");
  assert.equal(refused.code, "interrupt_failed");
  fake.made[0]!.obedient = true;
  await server.json(200, "DELETE", "/api/executions/a");
  await server.json(200, "GET", "/api/executions/a?wait=5");
  assert.equal((await server.json(409, "DELETE", "/api/executions/a")).code, "execution_finished");
});

Deno.test("requests for an unknown execution answer 404", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  for (
    const [method, path, body] of [
      ["GET", ""],
      ["DELETE", ""],
      ["GET", "/events"],
      ["POST", "/input", { value: "x" }],
    ] as const
  ) {
    const error = await server.json(404, method, `/api/executions/nobody${path}`, body);
    assert.match(error.message, /Cannot find execution "nobody"/);
  }
});

Deno.test("GET /api/executions lists by kernel and status", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const a = await server.createKernel();
  const b = await server.createKernel();
  await server.json(200, "POST", `/api/kernels/${a}/executions`, { code: "1", id: "one" });
  await server.json(202, "POST", `/api/kernels/${b}/executions`, {
    code: "wait",
    id: "two",
    wait: false,
  });
  const list = async (query: string) => {
    const { executions } = await server.json(200, "GET", `/api/executions${query}`);
    return executions.map(({ id }: { id: string }) => id);
  };
  assert.deepEqual(await list(""), ["two", "one"]);
  assert.deepEqual(await list(`?kernelId=${a}`), ["one"]);
  assert.deepEqual(await list("?status=running"), ["two"]);
  assert.deepEqual(await list("?limit=1"), ["two"]);
  assert.match((await server.json(400, "GET", "/api/executions?limit=x")).message, /limit/);
  await server.json(200, "DELETE", "/api/executions/two");
});

for (
  const [format, type] of [
    ["text/event-stream", "text/event-stream"],
    ["application/x-ndjson", "application/x-ndjson"],
  ] as const
) {
  Deno.test(`POST .../executions streams its events as ${type}`, async () => {
    const { server, path } = await withKernel();
    await using _ = server;
    const response = await fetch(await server.listen() + path, {
      method: "POST",
      headers: { Accept: format },
      body: JSON.stringify({ code: "print('hi')\n7" }),
    });
    assert.equal(response.headers.get("Content-Type"), type);
    assert.match(response.headers.get("Location")!, /^\/api\/executions\//);
    const events = await Array.fromAsync(streamedEvents(response));
    assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
    assert.deepEqual(events.map(({ type }) => type), [
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
      "done",
    ]);
    assert.equal(events.at(-1).execution.status, "ok");
    assert.equal(events.at(-1).execution.outputs, undefined);
  });
}

Deno.test("GET .../events gives a client that was cut off everything it missed", async () => {
  const { server, id, path } = await withKernel();
  await using _ = server;
  const origin = await server.listen();
  const asked = nextEvent(server.kernels.getKernel(id), "input_request");
  const client = new AbortController();
  const cut = await fetch(origin + path, {
    method: "POST",
    headers: { Accept: "application/x-ndjson" },
    body: JSON.stringify({
      id: "long",
      code: "for i in range(20):\n    print(i, flush=True)\n    if i == 9: input()",
      allowStdin: true,
    }),
    signal: client.signal,
  });
  const seen = [];
  try {
    for await (const event of streamedEvents(cut)) {
      seen.push(event);
      if (event.type === "stream") client.abort();
    }
  } catch (error) {
    assert.equal((error as Error).name, "AbortError");
  }
  const last = seen.at(-1).seq;
  const again = await fetch(`${origin}/api/executions/long/events`, {
    headers: { "Last-Event-ID": String(last) },
  });
  await asked;
  assert(await server.executions.answerInput("long", ""));
  const rest = await Array.fromAsync(streamedEvents(again));
  const all = [...seen, ...rest];
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, index) => index + 1));
  const text = all.filter(({ type }) => type === "stream").map(({ text }) => text).join("");
  assert.equal(text, Array.from({ length: 20 }, (_, i) => `${i}\n`).join(""));
  assert.equal(all.at(-1).execution.status, "ok");
  const replay = await fetch(`${origin}/api/executions/long/events?after=0`, {
    headers: { Accept: "application/x-ndjson" },
  });
  assert.deepEqual(await Array.fromAsync(streamedEvents(replay)), all);
});

/** Has a client that is answered in a form leave while its execution asks for input. */
async function leave(accept: string, onDisconnect: string) {
  const { server, id, path } = await withKernel();
  const asked = nextEvent(server.kernels.getKernel(id), "input_request");
  const client = new AbortController();
  const left = fetch(await server.listen() + path, {
    method: "POST",
    headers: { Accept: accept },
    body: JSON.stringify({ id: "left", code: "input()", allowStdin: true, onDisconnect }),
    signal: client.signal,
  }).then((response) => response.text()).catch(() => {});
  await asked;
  // Not asked for over HTTP: that would be another client that waits for it.
  const execution = server.executions.getLive("left")!;
  client.abort();
  await left;
  return { server, execution };
}

for (const accept of ["application/json", "text/event-stream"]) {
  Deno.test(`POST .../executions is interrupted when its client for ${accept} leaves, if asked for`, async () => {
    const { server, execution } = await leave(accept, "interrupt");
    await using _ = server;
    assert.equal((await execution.done).error?.ename, "KeyboardInterrupt");
  });

  Deno.test(`POST .../executions goes on when its client for ${accept} leaves`, async () => {
    const { server, execution } = await leave(accept, "continue");
    await using _ = server;
    // Until the server has noticed: there is no event of it.
    while (execution.attached > 0) await delay(1);
    assert(await server.executions.answerInput("left", "later"));
    assert.equal((await execution.done).result?.data["text/plain"], "'later'");
  });
}

Deno.test("GET /api/executions leaves out what may be large unless asked, and goes on where it ended", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const kernel = await server.createKernel();
  const long = "x".repeat(1_000_000);
  const ids = Array.from({ length: 25 }, (_, i) => `e${i}`);
  for (const id of ids) {
    await server.json(200, "POST", `/api/kernels/${kernel}/executions`, { id, code: long });
  }
  const all: string[] = [];
  for (let before = "";;) {
    const path = `/api/executions?limit=10${before && `&before=${before}`}`;
    const { executions } = await server.json(200, "GET", path);
    if (executions.length === 0) break;
    // The code of each is a megabyte: a page ends before its limit.
    assert(executions.length < 10);
    assert(JSON.stringify(executions).length < 200_000);
    for (const { id, result, codeTruncated } of executions) {
      all.push(id);
      assert.deepEqual([result, codeTruncated], [null, true]);
    }
    before = all.at(-1)!;
  }
  assert.deepEqual(all, ids.toReversed());
  const whole = await server.json(200, "GET", "/api/executions?limit=2&include=outputs");
  assert.deepEqual(whole.executions[0].outputs, []);
  assert.equal(whole.executions[0].code.length, long.length);
  await server.json(404, "GET", "/api/executions?before=unknown");
  await server.json(400, "GET", "/api/executions?include=everything");
});

Deno.test("POST .../tools answers the calls of tools that a kernel was created with", async () => {
  await using server = createServer();
  const id = await server.createKernel({ tools: { search: { description: "Finds." } } });
  const path = `/api/kernels/${id}/executions`;
  for (
    const [answer, outcome] of [
      [{ value: ["found"] }, "['found']"],
      [{ error: "nothing there" }, "ToolError: nothing there"],
    ] as const
  ) {
    const called = nextEvent(server.kernels.getKernel(id), "tool_call");
    const running = server.json(200, "POST", path, { code: "await tools.search(query='x')" });
    const { executionId, requestId } = await called;
    const url = `/api/executions/${executionId}/tools`;
    await server.json(400, "POST", url, { requestId });
    assert.deepEqual(await server.json(200, "POST", url, { requestId, ...answer }), {
      accepted: true,
    });
    const { result, error } = await running;
    const shown = error ? `${error.ename}: ${error.evalue}` : result.data["text/plain"];
    assert.equal(shown, outcome);
    assert.deepEqual(await server.json(200, "POST", url, { requestId, value: 1 }), {
      accepted: false,
    });
    const events = await (await server.request("GET", `/api/executions/${executionId}/events`))
      .text();
    assert.match(events, /"type":"tool_call".*"name":"search","arguments":\{"query":"x"\}/);
  }
});
