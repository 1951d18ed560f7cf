import assert from "node:assert/strict";
import { FakeClock } from "../../../support/fake_clock.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { run } from "../../../support/programs.ts";
import { createServer, withServer } from "../../../support/server.ts";

const DAY_MS = 24 * 3_600_000;

Deno.test("the examples of CodeRunner's description run as they stand", async () => {
  await using server = createServer();
  const origin = await server.listen();
  for (const base of [origin, `${origin}/coderunner`]) {
    const health = await run("bash", ["-c", `curl -s ${base}/health`]);
    assert(JSON.parse(health).services.kernel_pool.total_kernels >= 0);
    const answer = await run("bash", [
      "-c",
      `curl -s -X POST ${base}/execute -H "Content-Type: application/json" ` +
      `-d '{"command": "print(\\"Hello API!\\")", "language": "python"}'`,
    ]);
    const { stdout, stderr, execution_time, cpu_time, session_id } = JSON.parse(answer);
    assert.deepEqual([stdout, stderr], ["Hello API!\n", ""]);
    assert(execution_time >= 0);
    assert(cpu_time === null || cpu_time <= execution_time + 1);
    assert.equal(typeof session_id, "string");
  }
});

Deno.test("CodeRunner's sessions keep their variables, and two clients share nothing", async () => {
  await using server = createServer();
  const start = async () =>
    (await server.json(200, "POST", "/sessions?language=python")).session_id;
  const [one, two] = [await start(), await start()];
  const execute = (session_id: string, body: object) =>
    server.json(200, "POST", "/execute", { session_id, ...body });
  await execute(one, { command: "x = 5" });
  await execute(two, { code: "x = 6" });
  assert.equal((await execute(one, { command: "print(x)" })).stdout, "5\n");
  const other = await execute(two, { code: "x" });
  assert.deepEqual([other.stdout, other.session_id], ["6\n", two]);
  const failed = await execute(one, { command: "print('a')\n1 / 0" });
  assert.equal(failed.stdout, "a\n");
  assert.match(failed.stderr, /ZeroDivisionError: division by zero\n$/);
  const javascript = await execute(one, { command: "console.log(1 + 1)", language: "js" });
  assert.deepEqual([javascript.stdout, javascript.session_id], ["2\n", one]);
  const bash = await execute(one, { command: "echo 'Hello Bash!'", language: "bash" });
  assert.deepEqual([bash.stdout, bash.session_id], ["Hello Bash!\n", one]);
  const shell = await execute(one, { command: "%%bash\nfalse || echo $((6 * 7))" });
  assert.equal(shell.stdout, "42\n");
  const { languages } = await server.json(200, "GET", "/languages");
  assert.deepEqual(languages.bash, { aliases: ["sh", "shell", "bash"], magic: "%%bash" });
  const magic = await execute(one, { command: "%%javascript\nconsole.log(3)" });
  assert.equal(magic.stdout, "3\n");
  const { sessions } = await server.json(200, "GET", "/sessions");
  assert.deepEqual(Object.keys(sessions), [one, two]);
  assert.equal(sessions[one].language, "python");
  assert.equal((await server.json(200, "DELETE", `/sessions/${one}`)).success, true);
  assert.deepEqual(server.kernels.listKernels().map(({ id }) => id), [`coderunner:${two}.python`]);
});

Deno.test("a CodeRunner command whose time is over is interrupted and says so", async () => {
  await using server = createServer();
  const command = "while True: pass";
  const answer = await server.json(200, "POST", "/execute", { command, timeout: 0.5 });
  assert.match(answer.stderr, /its time was over/);
  assert(answer.execution_time >= 0.5);
});

Deno.test("CodeRunner commands that come at once share their session's kernel of a language", () =>
  withServer({}, async (server) => {
    const { session_id } = await server.json(200, "POST", "/sessions");
    const command = { command: "1", language: "js", timeout: 2.3, session_id };
    await Promise.all([1, 2, 3].map(() => server.json(200, "POST", "/execute", command)));
    assert.deepEqual(server.kernels.listKernels().map(({ id }) => id), [
      `coderunner:${session_id}.python`,
      `coderunner:${session_id}.javascript`,
    ]);
  }));

Deno.test("CodeRunner's tasks tell of an execution that nobody waits for", () =>
  withServer({}, async (server) => {
    const { task_id, status } = await server.json(200, "POST", "/execute_async", { command: "1" });
    assert.equal(status, "queued");
    await server.executions.getLive(task_id)?.done;
    const task = await server.json(200, "GET", `/tasks/${task_id}`);
    assert.equal(task.status, "completed");
    assert.deepEqual([task.command, task.language, task.error], ["1", "python", null]);
    assert.deepEqual(task.result, { stdout: "", stderr: "", session_id: task.session_id });
    assert(task.completed_at >= task.created_at);
    const waiting = await server.json(200, "POST", "/execute_async", { command: "wait" });
    const running = await server.json(200, "GET", `/tasks/${waiting.task_id}`);
    assert(["queued", "running"].includes(running.status));
    assert.equal(running.result, null);
    await server.json(200, "DELETE", `/sessions/${running.session_id}`);
    await server.executions.getLive(waiting.task_id)?.done;
    const failed = await server.json(200, "GET", `/tasks/${waiting.task_id}`);
    assert.equal(failed.status, "failed");
    assert(failed.error.length > 0);
  }));

Deno.test("CodeRunner's refusals have the status and the body of its own", () =>
  withServer({}, async (server) => {
    const detail = async (status: number, method: string, path: string, body?: unknown) =>
      (await server.json(status, method, path, body)).detail;
    assert.equal(await detail(404, "GET", "/tasks/none"), "Task not found");
    for (const method of ["GET", "DELETE"]) {
      assert.equal(await detail(404, method, "/sessions/none"), "Session not found");
    }
    const unknown = { command: "1", language: "cobol" };
    for (const path of ["/execute", "/execute_async", "/coderunner/execute"]) {
      assert.match(await detail(400, "POST", path, unknown), /"cobol"; use one of python/);
      assert.match(await detail(400, "POST", path, {}), /There is no code/);
      assert.equal(
        await detail(404, "POST", path, { command: "1", session_id: "none" }),
        "Session not found",
      );
      const [fault] = await detail(422, "POST", path, { command: 7 });
      assert.deepEqual(fault.loc, ["body", "command"]);
      assert.equal(typeof await detail(422, "POST", path, "{"), "string");
    }
    assert.match(await detail(400, "POST", "/sessions?language=cobol"), /use one of/);
    const { stdout, stderr, execution_time } = await server.json(400, "POST", "/execute", {});
    assert.deepEqual([stdout, execution_time], ["", 0]);
    assert.match(stderr, /There is no code/);
    assert.equal(server.kernels.listKernels().length, 0);
  }));

Deno.test("InstaVM's sessions start with their client's wishes, share files, and end", async () => {
  await using server = createServer({ settings: { MAX_KERNEL_LIMITS: "memoryMiB=2048" } });
  const { session_id, status } = await server.json(200, "POST", `/v1/sessions/session`, {
    ...{ vm_lifetime_seconds: 300, memory_mb: 1024, vcpu_count: 2 },
    ...{ env: { NAME: "é", N: 1 }, metadata: { team: "a" } },
  });
  assert.equal(status, "active");
  const execute = (command: string, language = "python") =>
    server.json(200, "POST", "/v1/execute", { command, language, session_id });
  const form = new FormData();
  form.set("file", new File(["print(6 * 7)"], "/home/me/a.py"));
  form.set("remote_path", "/app/b/");
  form.set("session_id", session_id);
  const { remote_path } = await (await server.request("POST", `/upload`, form)).json();
  assert.equal(remote_path, "/app/b/a.py");
  assert.equal((await execute("python b/a.py; echo $NAME $N", "bash")).output, "42\né 1\n");
  await execute("open('c', 'wb').write(bytes(range(256)))");
  const wanted = new URLSearchParams({ filename: "c", session_id });
  const { content } = await server.json(200, "POST", `/download`, wanted);
  assert.deepEqual(atob(content).length, 256);
  const record = await server.json(200, "GET", `/v1/sessions/status/${session_id}`);
  assert.deepEqual([record.vm_lifetime_seconds, record.memory_mb], [300, 1024]);
  const found = `/v1/sessions/sandboxes?metadata=${encodeURIComponent('{"team":"a"}')}`;
  const [listed] = await server.json(200, "GET", found);
  assert.equal(listed.session_id, session_id);
  const usage = await server.json(200, "GET", `/v1/sessions/usage/${session_id}`);
  assert.equal(usage.commands, 2);
  const homesNow = () => [...Deno.readDirSync(server.config.sandboxDir)].length;
  const homes = homesNow();
  await server.json(200, "POST", `/kill`, { session_id });
  await server.json(404, "GET", `/v1/sessions/status/${session_id}`);
  assert.deepEqual([homes, homesNow()], [1, 0]);
});

Deno.test("InstaVM's first routes start, show and end sessions, and say what is not here", () =>
  withServer({}, async (server) => {
    const path = "/v1/sessions/session";
    const { session_id, status } = await server.json(200, "POST", path);
    assert.equal(status, "active");
    const named = `${path}?session_id=${session_id}`;
    assert.deepEqual(await server.json(200, "GET", named), { session_id, status });
    await server.json(400, "GET", path);
    assert.deepEqual(await server.json(200, "DELETE", named), { status: "stopped" });
    await server.json(404, "GET", named);
    for (const path of ["/v1/browser/interactions/navigate", "/v1/browser/content"]) {
      const refused = await server.json(501, "POST", path, {});
      assert.match(refused.detail, /drives no browser/);
    }
    await server.json(501, "GET", "/v1/volumes");
    await server.json(404, "GET", "/v1/nothing");
    for (
      const [body, field] of [
        [{ vm_lifetime_seconds: 0 }, "vm_lifetime_seconds"],
        [{ memory_mb: "much" }, "memory_mb"],
        [{ env: { "a b": "c" } }, "env"],
        [{ metadata: [] }, "metadata"],
      ] as const
    ) {
      const { detail } = await server.json(422, "POST", path, body);
      assert.deepEqual(detail[0].loc.slice(0, 2), ["body", field]);
    }
    await server.json(400, "POST", path, { memory_mb: 1 });
    const form = (fields: Record<string, string>) => new URLSearchParams(fields);
    await server.json(422, "POST", "/download", form({ filename: "a" }));
    await server.json(404, "POST", "/download", form({ filename: "a", session_id: "none" }));
    await server.json(400, "POST", "/upload", "{");
    await server.json(400, "GET", "/v1/sessions/sandboxes?metadata=x");
    const refused = await server.json(501, "POST", "/v1/vms", { volumes: [{}] });
    assert.match(refused.detail, /no volumes/);
    assert.deepEqual(server.kernels.listKernels(), []);
  }));

Deno.test("InstaVM's sessions begin with a token in the body, and with no wrong one", () =>
  withServer({ TOKEN: "0123456789abcdef" }, async (server) => {
    const start = (path: string, api_key: unknown) => server.request("POST", path, { api_key });
    for (const path of ["/v1/sessions/session", "/v1/sessions", "/coderunner/v1/sessions"]) {
      assert.equal((await start(path, "0123456789abcdef")).status, 200);
      for (const key of ["0123456789abcdeg", 7]) assert.equal((await start(path, key)).status, 401);
    }
    assert.equal((await start("/sessions", "0123456789abcdef")).status, 403);
  }));

Deno.test("a CodeRunner session ends after 24 hours without work", async () => {
  const clock = new FakeClock();
  await using fake = fakeManager(() => {}, { clock });
  await using server = createServer({ manager: fake.manager });
  const { session_id } = await server.json(200, "POST", "/sessions");
  await clock.advance(DAY_MS - 1_000);
  await server.json(200, "POST", "/execute", { command: "1", session_id });
  await clock.advance(DAY_MS - 1_000);
  await server.json(200, "GET", `/sessions/${session_id}`);
  await clock.advance(2_000);
  await server.json(404, "GET", `/sessions/${session_id}`);
});

Deno.test("commands without a session take the place of the oldest one that nobody names", async () => {
  await using fake = fakeManager(() => {}, { maxKernels: 2 });
  await using server = createServer({ manager: fake.manager });
  const execute = async (body: object) =>
    (await server.json(200, "POST", "/execute", body)).session_id;
  const kept = await execute({ command: "1" });
  await execute({ command: "1", session_id: kept });
  await execute({ command: "2" });
  await execute({ command: "3" });
  await server.json(200, "GET", `/sessions/${kept}`);
  assert.equal(fake.manager.listKernels().length, 2);
  await server.json(200, "POST", "/sessions");
  await server.json(429, "POST", "/sessions");
});
