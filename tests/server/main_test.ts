import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../support/mod.ts";
import { streamedEvents } from "../support/server.ts";
import { ServerProcess } from "../support/server_process.ts";

async function post(url: string, body: unknown = {}): // deno-lint-ignore no-explicit-any -- answers are looked at field by field
Promise<any> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return await response.json();
}

/** Resolves when the server takes no more work. */
async function shuttingDown(url: string): Promise<void> {
  for (let ready = true; ready;) {
    // The port is closed by then, or a connection that is still open tells it.
    ready = await fetch(`${url}/ready`).then(async (response) => {
      await response.body?.cancel();
      return response.ok;
    }, () => false);
  }
}

Deno.test("main.ts ends on SIGTERM after what runs is done, and exits with 0", async () => {
  await using directory = await temporaryDirectory();
  await using server = new ServerProcess(["--port", "0", "--mount-roots", directory.path]);
  const url = await server.url();
  const { id } = await post(`${url}/api/kernels`, {
    mounts: [{ root: directory.path, mountPoint: "/mnt/data", access: "ro" }],
  });
  const stream = await fetch(`${url}/api/kernels/${id}/executions`, {
    method: "POST",
    headers: { Accept: "application/x-ndjson" },
    body: JSON.stringify({
      code: "import os, time\nprint('begun')\n" +
        "while not os.path.exists('/mnt/data/end'): time.sleep(0.01)\n'finished'",
    }),
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("begun")) text += (await reader.read()).value;
  const ended = server.end("SIGTERM");
  await shuttingDown(url);
  await Deno.writeTextFile(`${directory.path}/end`, "");
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  assert.match(text, /'finished'/);
  assert.match(text, /"type":"done"/);
  const { code, log } = await ended;
  assert.equal(code, 0, log);
  assert.match(log, /"message":"ending"[^\n]*"signal":"SIGTERM"/);
});

Deno.test("main.ts ends what does not end by itself when the time is over", async () => {
  await using server = new ServerProcess(["--port=0", "--shutdown-timeout=0.2"]);
  const url = await server.url();
  const { id } = await post(`${url}/api/kernels`);
  const events = await fetch(`${url}/api/kernels/${id}/events`);
  const answer = post(`${url}/api/kernels/${id}/executions`, { code: "while True: pass" });
  for await (const { type } of streamedEvents(events)) if (type === "execute_input") break;
  const ended = server.end("SIGINT");
  const { status, error } = await answer;
  assert.equal(status, "aborted");
  assert.match(error.evalue, /it was destroyed/);
  assert.equal((await ended).code, 0);
});

Deno.test("main.ts ends although a client is stuck in the middle of a request", async () => {
  await using server = new ServerProcess(["--port=0"]);
  const url = new URL(await server.url());
  using client = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  const head = `POST /api/kernels HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 100\r\n\r\n{`;
  await client.write(new TextEncoder().encode(head));
  await (await fetch(`${url}health`)).body?.cancel();
  assert.equal((await server.end("SIGTERM")).code, 0);
});

Deno.test("main.ts answers for finished executions after SIGKILL, and calls the others lost", async () => {
  await using directory = await temporaryDirectory();
  const args = ["--port=0", `--data-dir=${directory.path}`];
  {
    await using server = new ServerProcess(args);
    const url = await server.url();
    const { id } = await post(`${url}/api/kernels`);
    const path = `${url}/api/kernels/${id}/executions`;
    await post(path, { id: "done", code: "print('kept')\n6 * 7" });
    await post(path, { id: "running", code: "while True: pass", wait: false });
    await post(path, { id: "waiting", code: "1", wait: false });
    await server.end("SIGKILL");
  }
  await using server = new ServerProcess(args);
  const url = await server.url();
  const get = async (path: string) => await (await fetch(`${url}/api/executions/${path}`)).json();
  const done = await get("done");
  assert.deepEqual([done.status, done.result.data["text/plain"]], ["ok", "42"]);
  assert.equal(done.outputs[0].text, "kept\n");
  const events = await fetch(`${url}/api/executions/done/events?after=1`);
  assert.match(await events.text(), /kept[^]*"type":"done"/);
  for (const id of ["running", "waiting"]) {
    const lost = await get(id);
    assert.deepEqual([lost.status, lost.error.ename], ["lost", "ExecutionLost"]);
    assert.match(await (await fetch(`${url}/api/executions/${id}/events`)).text(), /"type":"done"/);
  }
  await server.end("SIGTERM");
});

Deno.test("main.ts says what is wrong with its settings and does not start", async () => {
  await using server = new ServerProcess(["--port=none"], { MAX_KERNELS: "0", TOKEN: "short" });
  const { code, log } = await server.end();
  assert.equal(code, 2);
  assert.match(log, /PORT: "none": use a whole number/);
  assert.match(log, /MAX_KERNELS: "0": use a whole number from 1 up/);
  assert.match(log, /TOKEN: .*at least 16/);
  assert.doesNotMatch(log, /^ +at /m);
});

Deno.test("main.ts says that its port is in use", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using server = new ServerProcess([`--port=${listener.addr.port}`]);
  const { code, log } = await server.end();
  assert.equal(code, 1);
  assert.match(log, new RegExp(`port ${listener.addr.port} is in use; choose another with --port`));
});

Deno.test("main.ts makes and prints a token when others can reach it, and asks for it", async () => {
  await using server = new ServerProcess(["--host=0.0.0.0", "--port=0"]);
  const [, port, token] = await server.printed(
    /Notebook: http:\/\/0\.0\.0\.0:(\d+)\/\?token=(\w+)/,
  );
  const url = `http://127.0.0.1:${port}/api/kernels`;
  const refused = await fetch(url);
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "token_required");
  const allowed = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  assert.deepEqual(await allowed.json(), []);
  const { log } = await server.end("SIGTERM");
  assert(!log.includes(token!), "the token is in the log");
});

Deno.test("main.ts logs what nobody handles, and goes on", async () => {
  const preload = fileURLToPath(new URL("../support/faults.ts", import.meta.url));
  await using server = new ServerProcess(["--port=0"], {}, preload);
  const url = await server.url();
  const { id } = await post(`${url}/api/kernels`);
  server.process.kill("SIGUSR2");
  for (let i = 0; i < 10; i++) {
    const { status } = await post(`${url}/api/kernels/${id}/executions`, { code: "1" });
    assert.equal(status, "ok");
  }
  const { code, log } = await server.end("SIGTERM");
  assert.equal(code, 0, log);
  assert.match(log, /a rejection from nowhere/);
  assert.match(log, /an error from nowhere/);
});

/** Runs a program of the server to its end. */
async function runProgram(args: string[], env: Record<string, string> = {}) {
  const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--cached-only", main, ...args],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  // Deno itself says this when other programs of the project start at the same moment.
  const own = text(stderr).replace(/^Blocking waiting for file lock [^\n]*\n/, "");
  return { code, stdout: text(stdout), stderr: own };
}

Deno.test("main.ts says in a line why it cannot start, and tells its version", async () => {
  const [host, directory, option, version] = await Promise.all([
    runProgram(["--port=0"], { HOST: "300.1.1.1" }),
    runProgram(["--port=0", "--notebook-dir=/no/such/directory"]),
    runProgram(["--max-kernel=3"]),
    runProgram(["--version"]),
  ]);
  assert.deepEqual([host.code, directory.code, option.code, version.code], [1, 2, 2, 0]);
  assert.match(host.stderr, /^Cannot start: HOST: "300\.1\.1\.1" is no address[^\n]*\n$/);
  assert.match(directory.stderr, /^Cannot start:\nNOTEBOOK_DIR: there is no directory/);
  assert.match(option.stderr, /Unknown option '--max-kernel': did you mean --max-kernels\?/);
  assert.match(version.stdout, /^Deno Code Interpreter \d+\.\d+\.\d+ \(Deno [\d.]+\)\n$/);
});
