import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { fakeManager } from "../../../support/fake_host.ts";
import { startCurrentJupyterServer } from "../../../support/jupyter_server.ts";
import { createManager, temporaryDirectory } from "../../../support/mod.ts";
import { run } from "../../../support/programs.ts";
import { pythonEnvironment } from "../../../support/python_environment.ts";
import { ServerProcess } from "../../../support/server_process.ts";
import { createServer, type TestServer, withServer } from "../../../support/server.ts";

const EXAMPLE = fileURLToPath(new URL("./polling.py", import.meta.url));
const WORKFLOW = fileURLToPath(new URL("./workflow.py", import.meta.url));
const REQUESTS = fileURLToPath(new URL("../../../support/requests.txt", import.meta.url));

async function statusOf(server: TestServer, id: string) {
  return await server.json(200, "GET", `/execution_status/${id}`);
}

async function execute(server: TestServer, id: string, code: string): Promise<string> {
  return (await server.json(200, "POST", "/execute_code", { id, code })).execution_id;
}

Deno.test("the Colab executor's Python example runs as it stands", async () => {
  const python = await pythonEnvironment("requests", REQUESTS);
  await using server = createServer();
  const origin = await server.listen();
  const text = await Deno.readTextFile(EXAMPLE);
  for (const base of [origin, `${origin}/colab`]) {
    const printed = await run(python, ["-c", text.replaceAll("http://localhost:8000", base)]);
    assert.match(printed, /Status: COMPLETED\nResults: {.*'stdout': 'Hello from Jupyter!\\n'/);
    assert.deepEqual(server.kernels.listKernels(), []);
  }
});

Deno.test("the Colab executor's curl lines show the output of an execution that runs", async () => {
  await using server = createServer();
  const origin = await server.listen();
  const curl = async (line: string) => JSON.parse(await run("bash", ["-c", line]));
  const { id } = await curl(`curl -s -X POST ${origin}/start_kernel`);
  const body = JSON.stringify({
    id,
    code: "import time\nfor i in range(60):\n    print(i+1, flush=True)\n    time.sleep(1)",
  });
  const { execution_id } = await curl(
    `curl -s -X POST -H "Content-Type: application/json" -d '${body}' ${origin}/execute_code`,
  );
  const events = server.executions.getLive(execution_id)!.follow();
  for await (const { json } of events) if (json.includes('"stream"')) break;
  const { output, results, ...status } = await curl(
    `curl -s ${origin}/execution_status/${execution_id} | jq .`,
  );
  assert.deepEqual([status.execution_id, status.kernel_id], [execution_id, id]);
  assert.deepEqual([status.status, status.completed_at], ["RUNNING", null]);
  assert(status.started_at >= status.created_at && status.created_at > 1.7e9);
  assert.match(output.stdout, /^1\n/);
  const { stdout: _, ...rest } = output;
  assert.deepEqual(rest, {
    stderr: "",
    result: null,
    error: null,
    traceback: null,
    execution_count: null,
    status: "ok",
  });
  assert.deepEqual(results, output);
});

Deno.test("a Colab execution is COMPLETED with its value, its display or its exception", async () => {
  await using server = createServer();
  const { id } = await server.json(200, "POST", "/start_kernel");
  const done = async (code: string) => {
    const execution = await execute(server, id, code);
    await server.executions.getLive(execution)?.done;
    const { status, output } = await statusOf(server, execution);
    assert.equal(status, "COMPLETED");
    return output;
  };
  const value = await done("6 * 7");
  assert.deepEqual([value.result, value.execution_count, value.status], ["42", 1, "ok"]);
  const shown = await done("from IPython.display import HTML, display\ndisplay(HTML('<b>'))");
  assert.equal(shown.result["text/html"], "<b>");
  const failed = await done("print('a')\n1 / 0");
  assert.deepEqual(
    [failed.stdout, failed.error, failed.status],
    ["a\n", "ZeroDivisionError", "error"],
  );
  assert(Array.isArray(failed.traceback));
});

Deno.test("two clients of the Colab executor share nothing", async () => {
  await using server = createServer();
  const outputOf = async (value: number) => {
    const { id } = await server.json(200, "POST", "/start_kernel");
    await execute(server, id, `x = ${value}`);
    const shown = await execute(server, id, "globals()['x']");
    await server.executions.getLive(shown)?.done;
    return (await statusOf(server, shown)).output.result;
  };
  assert.deepEqual(await Promise.all([outputOf(1), outputOf(2)]), ["1", "2"]);
});

Deno.test("a Colab execution is FAILED with the reason when its kernel dies, which starts again alone", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const start = async () => (await server.json(200, "POST", "/start_kernel")).id;
  const [one, other] = [await start(), await start()];
  const waiting = await execute(server, one, "wait");
  assert.equal((await statusOf(server, waiting)).output?.error ?? null, null);
  const behind = await execute(server, one, "1");
  assert.equal((await statusOf(server, behind)).status, "PENDING");
  const running = server.executions.getLive(waiting)!;
  fake.made[0]!.die("it has run out of memory");
  await running.done;
  const { status, error } = await statusOf(server, waiting);
  assert.equal(status, "FAILED");
  assert.match(error, /it has run out of memory/);
  const unharmed = await execute(server, other, "1");
  await server.executions.getLive(unharmed)?.done;
  assert.equal((await statusOf(server, unharmed)).status, "COMPLETED");
  await fake.madeAtLeast(3);
  const kernel = await server.services.kernels.get(one);
  if (kernel.info.status !== "idle") {
    const idle = Promise.withResolvers<void>();
    using _ = kernel.on("status", ({ status }) => status === "idle" && idle.resolve());
    await idle.promise;
  }
  const again = await execute(server, one, "1");
  await server.executions.getLive(again)?.done;
  assert.equal((await statusOf(server, again)).status, "COMPLETED");
});

Deno.test("the Colab executor's refusals have the status and the body of its own", () =>
  withServer({}, async (server) => {
    const detail = async (status: number, method: string, path: string, body?: unknown) =>
      (await server.json(status, method, path, body)).detail;
    const none = { id: "none", code: "1" };
    assert.equal(await detail(404, "POST", "/execute_code", none), "Kernel not found");
    assert.equal(await detail(404, "POST", "/shutdown_kernel", none), "Kernel not found");
    assert.equal(await detail(404, "GET", "/execution_status/none"), "Execution not found");
    for (
      const [body, field] of [
        [{}, "id"],
        [{ id: "", code: "1" }, "id"],
        [{ id: "a", code: " \n" }, "code"],
        [{ id: "a" }, "code"],
      ] as const
    ) {
      const faults: { loc: string[] }[] = await detail(422, "POST", "/execute_code", body);
      assert(faults.some(({ loc }) => loc.join(".") === `body.${field}`));
    }
    const { id } = await server.json(200, "POST", "/start_kernel");
    assert.deepEqual(await server.json(200, "POST", "/shutdown_kernel", { id }), {
      message: `Kernel ${id} shutdown`,
    });
    assert.deepEqual(await server.json(200, "GET", "/colab/health"), { status: "ok" });
    assert.equal((await server.json(200, "GET", "/health")).status, "ok");
  }));

Deno.test("the Colab executor's kernels start on the server that JUPYTER_SERVER_URL or --server-url names", async () => {
  await using directory = await temporaryDirectory();
  await using jupyter = await startCurrentJupyterServer(directory.path);
  const { url, token } = jupyter;
  await using program = new ServerProcess(
    ["--server-url", url, "--port", "0", "--log-level", "WARN"],
    { JUPYTER_TOKEN: token },
  );
  await using server = createServer({
    settings: { JUPYTER_SERVER_URL: url, JUPYTER_TOKEN: token },
    manager: createManager({ servers: { jupyter: { url, token } } }),
  });
  for (const prefix of ["/colab", "/kernel-proxy"]) {
    const { id } = await server.json(200, "POST", `${prefix}/start_kernel`);
    assert.equal(server.kernels.getKernel(id).info.remote?.server, "jupyter");
    const body = { id, code: "import sys; print(sys.platform)" };
    const answer = await server.json(200, "POST", `${prefix}/execute_code`, body);
    if (prefix === "/colab") {
      await server.executions.getLive(answer.execution_id)?.done;
      assert.equal((await statusOf(server, answer.execution_id)).output.stdout, "linux\n");
    } else {
      const stream = answer.results.find((it: { msg_type: string }) => it.msg_type === "stream");
      assert.deepEqual(stream.content, { name: "stdout", text: "linux\n" });
    }
    await server.json(200, "POST", `${prefix}/shutdown_kernel`, { id });
  }
  const origin = await program.url();
  const { id } = await (await fetch(`${origin}/start_kernel`, { method: "POST" })).json();
  const workflow = (await Deno.readTextFile(WORKFLOW)).replaceAll("http://localhost:8000", origin)
    .replace("kernel-id", id).replace("sleep(5)", "sleep(0.5)");
  const python = await pythonEnvironment("requests", REQUESTS);
  assert.match(await run(python, ["-c", workflow]), /^Results: {.*'stdout': 'Done!\\n'/);
  const [kernel] = await (await fetch(`${origin}/api/kernels`)).json();
  assert.deepEqual([kernel.id, kernel.remote.server], [id, "jupyter"]);
});
