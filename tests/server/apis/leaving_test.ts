import assert from "node:assert/strict";
import { temporaryDirectory } from "../../support/mod.ts";
import { createServer, type TestServer } from "../../support/server.ts";

/** Code that has set `x`, and goes on when the file is there. */
const WAITS = `
import os, time
x = 6
print("begun")
while not os.path.exists("/tmp/go"): time.sleep(0.01)
print(x * 7)`;
const ENDLESS = "y = 7\nprint('begun')\nwhile True: pass";

/** Sends a request whose client hangs up once its code has begun, and returns the id of its kernel. */
async function hangUp(
  server: TestServer,
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const known = new Set((await server.executions.list({ limit: 100 })).map((it) => it.id));
  const leaving = new AbortController();
  const asking = fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
    signal: leaving.signal,
  }).then((answer) => answer.text());
  asking.catch(() => {}); // It is awaited below.
  const kernelId = await begun(server, known);
  leaving.abort();
  await assert.rejects(asking, { name: "AbortError" });
  return kernelId;
}

/** Waits for the output of an execution that is not known, and returns the id of its kernel. */
async function begun(server: TestServer, known: ReadonlySet<string>): Promise<string> {
  for (;;) {
    const listed = await server.executions.list({ status: "running", limit: 100 });
    const found = listed.find((it) => !known.has(it.id));
    const outputs = found && (await server.executions.get(found.id)).outputs;
    if (outputs && outputs.length > 0) return found.kernelId;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function letGo(server: TestServer, kernelId: string): Promise<void> {
  const path = `/api/kernels/${kernelId}/files/content?path=/tmp/go`;
  assert.equal((await server.request("PUT", path, "")).status, 201);
}

Deno.test("a client that hangs up, and a server that starts again, are to each family what its users expect", async (t) => {
  await using data = await temporaryDirectory();
  const settings = { DATA_DIR: data.path };
  const left = { task: "", session: "", execution: "", colab: "", jupycell: 0, proxy: "" };
  let sandbox: { sandboxID: string; envdAccessToken: string };
  await using first = new AsyncDisposableStack();
  const server = first.use(createServer({ settings }));
  const origin = await server.listen();

  await t.step("CodeRunner's command goes on, and its session has what it did", async () => {
    const { session_id } = await server.json(200, "POST", "/coderunner/sessions");
    left.session = session_id;
    const kernelId = await hangUp(server, `${origin}/coderunner/execute`, {
      command: WAITS,
      session_id,
    });
    await letGo(server, kernelId);
    const next = { command: "print(x)", session_id };
    assert.equal((await server.json(200, "POST", "/coderunner/execute", next)).stdout, "6\n");
    const { task_id } = await server.json(200, "POST", "/coderunner/execute_async", next);
    left.task = task_id;
    await server.json(200, "GET", `/api/executions/${task_id}?wait=30`);
  });

  await t.step("JupyCell's cell goes on, and its outputs are kept", async () => {
    const { kernel_id } = await server.json(200, "POST", "/jupycell/start");
    left.jupycell = kernel_id;
    const cell = { kernel_id, cell_number: 1 };
    const post = (body: object) => server.json(200, "POST", "/jupycell/cell", { ...cell, ...body });
    await post({ action: "add", code: WAITS });
    const kernelId = await hangUp(server, `${origin}/jupycell/cell`, { ...cell, action: "run" });
    await letGo(server, kernelId);
    await post({ cell_number: 2, action: "add", code: "x" }); // It runs after the first one.
    await post({ cell_number: 2, action: "run" });
    const outputs = `/jupycell/cell_outputs?kernel_id=${kernel_id}&cell_number=1`;
    assert.match(JSON.stringify(await server.json(200, "GET", outputs)), /42\\n/);
  });

  await t.step(
    "the kernel proxy's code is interrupted, and the kernel keeps its state",
    async () => {
      const { id } = await server.json(200, "POST", "/kernel-proxy/start_kernel");
      left.proxy = id;
      await hangUp(server, `${origin}/kernel-proxy/execute_code`, { id, code: ENDLESS });
      const next = { id, code: "print(y)" };
      const answer = await server.json(200, "POST", "/kernel-proxy/execute_code", next);
      assert.match(JSON.stringify(answer), /"text":"7\\n"/);
    },
  );

  await t.step("E2B's code is interrupted, and the sandbox keeps its state", async () => {
    sandbox = await server.json(201, "POST", "/e2b/v2/sandboxes", { templateID: "base" });
    const headers = inSandbox(sandbox);
    await hangUp(server, `${origin}/e2b/execute`, { code: ENDLESS }, headers);
    const answer = await server.request("POST", "/e2b/execute", { code: "y" }, headers);
    assert.match(await answer.text(), /"text":"7"/);
  });

  await t.step("a Colab execution goes on while nobody asks", async () => {
    const { id } = await server.json(200, "POST", "/colab/start_kernel");
    left.colab = id;
    const code = { id, code: ENDLESS };
    const { execution_id } = await server.json(200, "POST", "/colab/execute_code", code);
    left.execution = execution_id;
    const status = `/colab/execution_status/${execution_id}`;
    while ((await server.json(200, "GET", status)).status !== "RUNNING");
  });

  await first.disposeAsync();
  await using again = createServer({ settings });

  await t.step("after a start, tasks and executions tell how they ended", async () => {
    const task = await again.json(200, "GET", `/coderunner/tasks/${left.task}`);
    assert.deepEqual([task.status, task.result.stdout], ["completed", "6\n"]);
    const execution = await again.json(200, "GET", `/colab/execution_status/${left.execution}`);
    assert.equal(execution.status, "FAILED");
    assert.notEqual(execution.error, undefined);
  });

  await t.step("after a start, kernels, sessions and sandboxes are unknown", async () => {
    const code = (id: string) => ({ id, code: "1" });
    const detail = async (path: string, body?: unknown) =>
      (await again.json(404, body ? "POST" : "GET", path, body)).detail;
    assert.equal(await detail("/colab/execute_code", code(left.colab)), "Kernel not found");
    assert.equal(await detail("/kernel-proxy/execute_code", code(left.proxy)), "Kernel not found");
    assert.equal(await detail(`/coderunner/sessions/${left.session}`), "Session not found");
    const run = { kernel_id: left.jupycell, cell_number: 1, action: "run" };
    assert.equal((await again.json(200, "POST", "/jupycell/cell", run)).error, "Kernel not found");
    const answer = await again.request("POST", "/e2b/execute", { code: "1" }, inSandbox(sandbox));
    assert.equal(answer.status, 502); // The clients' word for a sandbox that is not there.
    await answer.body?.cancel();
  });
});

function inSandbox(
  { sandboxID, envdAccessToken }: { sandboxID: string; envdAccessToken: string },
): Record<string, string> {
  return { "E2b-Sandbox-Id": sandboxID, "X-Access-Token": envdAccessToken };
}
