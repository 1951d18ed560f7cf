import assert from "node:assert/strict";
import { KernelManager, ServerConnection } from "@jupyterlab/services";
import { fileURLToPath } from "node:url";
import { run } from "../support/jupyter.ts";
import { PYTHON, startJupyterServer } from "../support/jupyter_server.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { ServerProcess } from "../support/server_process.ts";

const scripts = new URL("./jupyter/", import.meta.url);

async function python(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(PYTHON, {
    args,
    env,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

function startServer(): ServerProcess {
  return new ServerProcess(["--port", "0"], { LOG_LEVEL: "error" });
}

function script(name: string): string {
  return fileURLToPath(new URL(name, scripts));
}

Deno.test("jupyter_kernel_test is content with a kernel, through the gateway client", async () => {
  await using server = startServer();
  const text = await python([script("kernel_test.py"), await server.url()]);
  assert.match(text, /Ran 12 tests[^]*\nOK\n/);
});

Deno.test("nbclient runs notebooks, through the gateway client", async () => {
  await using server = startServer();
  assert.match(
    await python([script("notebooks_test.py"), await server.url()]),
    /Ran 9 tests[^]*\nOK\n/,
  );
});

Deno.test("nbconvert executes a notebook, through the gateway client", async () => {
  await using server = startServer();
  const cells = ["print('from nbconvert')", "import sys\nsys.platform"].map((source) => ({
    cell_type: "code",
    id: crypto.randomUUID().slice(0, 8),
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
  await using directory = await temporaryDirectory({ "a.ipynb": JSON.stringify(notebook) });
  await python([
    ...["-m", "nbconvert", "--to", "notebook", "--execute", `${directory.path}/a.ipynb`],
    "--ExecutePreprocessor.kernel_manager_class=jupyter_server.gateway.managers.GatewayKernelManager",
    ...["--output", `${directory.path}/b.ipynb`],
  ], { JUPYTER_GATEWAY_URL: await server.url(), HOME: directory.path });
  const executed = JSON.parse(await Deno.readTextFile(`${directory.path}/b.ipynb`));
  assert.deepEqual(executed.cells[0].outputs[0].text, ["from nbconvert\n"]);
  assert.deepEqual(executed.cells[1].outputs[0].data["text/plain"], ["'emscripten'"]);
});

Deno.test("a Jupyter server passes its clients' kernels on", async () => {
  await using server = startServer();
  await using directory = await temporaryDirectory();
  await using front = await startJupyterServer(
    "jupyter_server",
    directory.path,
    await server.url(),
  );
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: front.url,
    wsUrl: front.url.replace("http", "ws"),
    token: front.token,
    appendToken: true,
  });
  const manager = new KernelManager({ serverSettings });
  const kernel = await manager.startNew({ name: "python" });
  const { outputs, reply } = await run(kernel, "print('through')\n1");
  assert.equal(reply.status, "ok");
  assert.deepEqual(outputs.map(({ type }) => type).slice(1, -1), [
    "execute_input",
    "stream",
    "execute_result",
  ]);
  await kernel.shutdown();
  kernel.dispose();
  for (
    const [name, code] of [
      ["javascript", "const x = 6; console.log('in'); x * 7"],
      ["typescript", "const y: number = 6; console.log('in'); y * 7"],
      ["bash", "echo in; echo $((6 * 7))"],
    ] as const
  ) {
    const other = await manager.startNew({ name });
    const { outputs, reply } = await run(other, code);
    assert.equal(reply.status, "ok", name);
    assert.match(JSON.stringify(outputs), /in\\n[^]*42/, name);
    await other.shutdown();
    other.dispose();
  }
  await manager.ready;
  manager.dispose();
});
