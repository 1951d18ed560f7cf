import { AuthenticationError, Sandbox } from "@e2b/code-interpreter";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { run } from "../support/programs.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { ServerProcess } from "../support/server_process.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

function startServer(env: Record<string, string> = {}): ServerProcess {
  return new ServerProcess(["--port", "0"], { LOG_LEVEL: "error", TOKEN, ...env });
}

/** Returns the options by which the client finds a server. */
async function optionsFor(server: ServerProcess) {
  const url = new URL("/e2b", await server.url()).href;
  return { apiUrl: url, sandboxUrl: url, apiKey: TOKEN };
}

Deno.test("E2B's client for Python, synchronous and asynchronous, works in sandboxes", async () => {
  // Kernels start faster in workers; the client for JavaScript has those of processes.
  await using server = startServer({ DEFAULT_KERNEL_MODE: "worker" });
  const { apiUrl } = await optionsFor(server);
  const file = (name: string) => fileURLToPath(new URL(`./e2b/${name}`, import.meta.url));
  const python = await pythonEnvironment("e2b-python", file("requirements.txt"));
  await run(python, [file("client_test.py"), apiUrl, TOKEN]);
});

Deno.test({
  name: "E2B's client for JavaScript works in debug mode",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = startServer({ E2B_DEBUG_PORTS: "on" });
    await server.url();
    const sandbox = await Sandbox.create({ debug: true });
    assert.equal((await sandbox.runCode("shared = 6\nshared * 7")).text, "42");
    await sandbox.files.write("a.txt", "text");
    assert.equal((await sandbox.commands.run("cat a.txt")).stdout, "text");
    const other = await Sandbox.create({ debug: true });
    assert.equal((await other.runCode("shared")).text, "6");
  },
});

Deno.test({
  name: "E2B's client for JavaScript works in sandboxes",
  // The client keeps its connections in pools that cannot be closed.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = startServer();
    const options = await optionsFor(server);
    const sandbox = await Sandbox.create({
      ...options,
      metadata: { owner: "a b" },
      envs: { A: "1" },
    });
    const lines: string[] = [];
    const execution = await sandbox.runCode(
      "import os\nprint('é')\nx = 2\n[os.environ['A'], os.getcwd()]",
      { onStdout: ({ line }) => void lines.push(line) },
    );
    assert.deepEqual([lines, execution.logs.stdout], [["é\n"], ["é\n"]]);
    assert.deepEqual(execution.results[0]?.json, ["1", "/home/user"]);
    assert.equal((await sandbox.runCode("1 / 0")).error?.name, "ZeroDivisionError");
    assert.equal((await sandbox.runCode("1 + 1", { language: "ts" })).text, "2");
    assert.deepEqual((await sandbox.runCode("x")).text, "2");

    await sandbox.files.write([{ path: "d/a.txt", data: "a" }, { path: "d/b.txt", data: "b" }]);
    assert.equal(await sandbox.files.read("/home/user/d/a.txt"), "a");
    assert.deepEqual((await sandbox.files.list("d")).map((it) => it.name), ["a.txt", "b.txt"]);
    const signed = await fetch(await sandbox.downloadUrl("d/b.txt"));
    assert.equal(await signed.text(), "b");
    const seen = Promise.withResolvers<string>();
    const watcher = await sandbox.files.watchDir("d", ({ name }) => seen.resolve(name));
    await sandbox.files.write("d/c.txt", "c");
    assert.equal(await seen.promise, "c.txt");
    await watcher.stop();

    const heard: string[] = [];
    const command = await sandbox.commands.run("cat d/a.txt - ; echo; ls d", {
      background: true,
      stdin: true,
      onStdout: (text) => void heard.push(text),
    });
    assert((await sandbox.commands.list()).some(({ pid }) => pid === command.pid));
    const connected = await sandbox.commands.connect(command.pid);
    await sandbox.commands.sendStdin(command.pid, "from stdin");
    await sandbox.commands.closeStdin(command.pid);
    const output = "afrom stdin\na.txt\nb.txt\nc.txt\n";
    assert.deepEqual([(await command.wait()).stdout, heard.join("")], [output, output]);
    assert.equal((await connected.wait()).exitCode, 0);
    const endless = await sandbox.commands.run("sleep 600", { background: true });
    assert.equal(await sandbox.commands.kill(endless.pid), true);
    await assert.rejects(endless.wait(), { name: "CommandExitError" });
    const bash = await sandbox.runCode("cat d/a.txt", { language: "bash" });
    assert.deepEqual(bash.logs.stdout.join(""), "a");

    await assert.rejects(sandbox.runCode("while True: pass", { timeoutMs: 500 }), {
      name: "TimeoutError",
    });
    const again = await Sandbox.connect(sandbox.sandboxId, options);
    assert.equal((await again.runCode("x")).text, "2");
    const page = await Sandbox.list({ ...options, query: { metadata: { owner: "a b" } } })
      .nextItems();
    assert.deepEqual(page.map((it) => it.sandboxId), [sandbox.sandboxId]);
    assert.equal(await sandbox.kill(), true);
    assert.equal(await sandbox.isRunning(), false);
    await assert.rejects(sandbox.runCode("x"), { name: "TimeoutError" });
    await assert.rejects(Sandbox.create({ ...options, apiKey: "wrong" }), AuthenticationError);
  },
});
