import assert from "node:assert/strict";
import { KernelManager } from "../../../../kernel/mod.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { createServer, streamedEvents } from "../../../support/server.ts";
import { nextEvent, temporaryDirectory } from "../../../support/mod.ts";

Deno.test("POST /api/kernels starts a kernel and answers it in both shapes", async () => {
  await using server = createServer();
  const response = await server.request("POST", "/api/kernels", { id: "a", name: "python3" });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("Location"), "/api/kernels/a");
  const kernel = await response.json();
  assert.deepEqual([kernel.id, kernel.name, kernel.mode, kernel.status], [
    "a",
    "python",
    "process",
    "idle",
  ]);
  assert.equal(kernel.execution_state, "idle");
  assert.equal(kernel.last_activity, kernel.lastActivity);
  assert.match(kernel.created, /^\d{4}-.*\.\d{3}Z$/);
  assert.equal(kernel.inactivityTimeout, 3_600_000);
  assert.deepEqual(await server.json(200, "GET", "/api/kernels/a"), kernel);
  assert.deepEqual(await server.json(200, "GET", "/api/kernels"), [kernel]);
});

Deno.test("POST /api/kernels takes no body at all", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  await server.json(201, "POST", "/api/kernels");
});

Deno.test("POST /api/kernels leaves no kernel behind when its client has left", async () => {
  const begun = Promise.withResolvers<void>();
  await using fake = fakeManager((host) => {
    host.starting = Promise.withResolvers<void>().promise;
    begun.resolve();
  });
  await using server = createServer({ manager: fake.manager });
  const origin = await server.listen();
  const client = new AbortController();
  const asked = fetch(`${origin}/api/kernels`, { method: "POST", signal: client.signal });
  await begun.promise;
  const ended = nextEvent(fake.manager, "kernel_terminated");
  client.abort();
  await assert.rejects(asked);
  assert.equal((await ended).reason, "its start was given up");
  assert.deepEqual(await (await fetch(`${origin}/api/kernels`)).json(), []);
});

Deno.test("POST /api/kernels passes every option on", async () => {
  await using directory = await temporaryDirectory({ "a.txt": "host" });
  await using server = createServer({ settings: { MOUNT_ROOTS: directory.path } });
  const id = await server.createKernel({
    namespace: "team",
    id: "b",
    mounts: [{ root: directory.path, mountPoint: "/mnt/data", access: "ro" }],
    permissions: { net: [] },
    env: { GREETING: "hi" },
    cwd: "/tmp",
    inactivityTimeout: 5_000,
    maxExecutionTime: 7_000,
  });
  assert.equal(id, "team:b");
  const kernel = await server.json(200, "GET", "/api/kernels/team:b");
  assert.deepEqual([kernel.inactivityTimeout, kernel.maxExecutionTime], [5_000, 7_000]);
  assert.deepEqual(kernel.mounts, [
    { root: directory.path, mountPoint: "/mnt/data", access: "ro" },
  ]);
  const { result } = await server.json(200, "POST", "/api/kernels/team:b/executions", {
    code: "import os\n[os.environ['GREETING'], os.getcwd(), open('/mnt/data/a.txt').read()]",
  });
  assert.equal(result.data["text/plain"], "['hi', '/tmp', 'host']");
  assert.equal((await server.json(200, "GET", "/api/kernels?namespace=team")).length, 1);
  assert.equal((await server.json(200, "GET", "/api/kernels?namespace=x")).length, 0);
});

for (
  const [what, body, status, code, message] of [
    ["the mode is unknown", { mode: "moon" }, 400, "invalid_argument", /mode: /],
    ["the id is no name", { id: "a b" }, 400, "invalid_argument", /id: use 1 to 128 letters/],
    ["a field has the wrong type", { env: { A: 1 } }, 400, "invalid_argument", /env\.A: /],
    ["the body is no object", [], 400, "invalid_argument", /expected object/],
    ["the body is no JSON", "{", 400, "invalid_json", /it is not JSON/],
    [
      "the mode is not allowed",
      { mode: "main_thread" },
      403,
      "permission_denied",
      /"main_thread" is not allowed here; use "worker"/,
    ],
    [
      "nothing may be mounted",
      { mounts: [{ root: "/tmp", mountPoint: "/x" }] },
      403,
      "permission_denied",
      /allows no mounts/,
    ],
    [
      "a permission is above the ceiling",
      { permissions: { net: ["example.com"] } },
      403,
      "permission_denied",
      /deno\.permissions\.net: \[example\.com\] is more than may be granted here \(nothing\)/,
    ],
    [
      "a limit is unknown",
      { limits: { memory: 1 } },
      400,
      "invalid_argument",
      /limits: Unrecognized key: "memory"/,
    ],
    [
      "a limit is above the ceiling",
      { limits: { memoryMb: 513 } },
      403,
      "permission_denied",
      /limits\.memoryMb: 513 is more than may be asked for here; use at most 512/,
    ],
    [
      "a permission in Deno's own place is above the ceiling",
      { deno: { permissions: { read: true } } },
      403,
      "permission_denied",
      /deno\.permissions\.read/,
    ],
  ] as const
) {
  Deno.test(`POST /api/kernels answers ${status} when ${what}`, async () => {
    await using server = createServer({
      settings: { ALLOWED_KERNEL_MODES: "worker" },
      manager: new KernelManager({
        mountRoots: [],
        allowedModes: ["worker"],
        permissionCeiling: {},
        limitCeilings: { memoryMb: 512 },
      }),
    });
    const error = await server.json(status, "POST", "/api/kernels", body);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal(error.error, error.message);
    assert.match(error.requestId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(await server.json(200, "GET", "/api/kernels"), []);
  });
}

Deno.test("POST /api/kernels answers 409 when the id is taken, 429 when there are too many", async () => {
  await using fake = fakeManager(() => {}, { maxKernels: 2 });
  await using server = createServer({ manager: fake.manager });
  await server.createKernel({ id: "a" });
  assert.equal(
    (await server.json(409, "POST", "/api/kernels", { id: "a" })).code,
    "already_exists",
  );
  await server.createKernel({ id: "b" });
  const refused = await server.request("POST", "/api/kernels", {});
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("Retry-After"), "1");
  assert.equal((await refused.json()).code, "limit_exceeded");
});

Deno.test("POST /api/kernels answers 500 with the reason when the kernel does not start", async () => {
  await using fake = fakeManager((host) => host.starting = Promise.reject(new Error("no memory")));
  await using server = createServer({ manager: fake.manager });
  const error = await server.json(500, "POST", "/api/kernels", { id: "a" });
  assert.equal(error.code, "start_failed");
  assert.equal(error.message, 'Cannot start kernel "a": no memory');
});

Deno.test("requests for an unknown kernel answer 404", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  for (
    const [method, path, body] of [
      ["GET", ""],
      ["DELETE", ""],
      ["PATCH", "", { inactivityTimeout: 1 }],
      ["POST", "/interrupt"],
      ["POST", "/restart"],
      ["POST", "/ping"],
      ["GET", "/events"],
      ["GET", "/info"],
      ["POST", "/execute", { code: "1" }],
      ["POST", "/execute/stream", { code: "1" }],
      ["POST", "/execute/submit", { code: "1" }],
      ["POST", "/executions", { code: "1" }],
      ["POST", "/complete", { code: "1" }],
      ["GET", "/variables"],
      ["GET", "/history"],
      ["GET", "/files"],
      ["GET", "/files/content?path=a"],
      ["PUT", "/files/content?path=a", "x"],
    ] as const
  ) {
    const error = await server.json(404, method, `/api/kernels/nobody${path}`, body);
    assert.equal(error.code, "not_found", path);
    assert.match(error.error, /Cannot find kernel "nobody"/);
  }
});

Deno.test("DELETE /api/kernels/{id} ends a kernel", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  const response = await server.request("DELETE", `/api/kernels/${id}`);
  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
  assert.equal(fake.made[0]!.terminated, "it was destroyed");
  await server.json(404, "DELETE", `/api/kernels/${id}`);
});

Deno.test("PATCH /api/kernels/{id} changes the inactivity timeout and nothing else", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const path = `/api/kernels/${await server.createKernel()}`;
  const changed = await server.json(200, "PATCH", path, { inactivityTimeout: 60_000 });
  assert.equal(changed.inactivityTimeout, 60_000);
  const refused = await server.json(400, "PATCH", path, { inactivityTimeout: -1 });
  assert.match(refused.message, /use 0 \(never\) or more/);
  assert.match((await server.json(400, "PATCH", path, { mode: "worker" })).message, /mode/);
});

Deno.test("POST .../interrupt answers 204 when it struck, will strike or nothing runs, 409 when it cannot", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  const interrupt = () => server.request("POST", `/api/kernels/${id}/interrupt`, {});
  assert.equal((await interrupt()).status, 204);
  const { done } = await server.executions.submit(id, submission("wait"));
  fake.made[0]!.obedient = false;
  const refused = await interrupt();
  assert.equal(refused.status, 409);
  assert.equal((await refused.json()).code, "interrupt_failed");
  fake.made[0]!.obedient = "later";
  assert.equal((await interrupt()).status, 204);
  fake.made[0]!.obedient = true;
  assert.equal((await interrupt()).status, 204);
  assert.equal((await done).error?.ename, "KeyboardInterrupt");
});

Deno.test("POST .../restart answers the kernel with a fresh interpreter", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  await server.json(200, "POST", `/api/kernels/${id}/executions`, { code: "x = 1" });
  const kernel = await server.json(200, "POST", `/api/kernels/${id}/restart`);
  assert.deepEqual([kernel.id, kernel.status, kernel.executionCount], [id, "idle", 0]);
  const { error } = await server.json(200, "POST", `/api/kernels/${id}/executions`, { code: "x" });
  assert.equal(error.ename, "NameError");
});

Deno.test("POST .../ping tells whether the kernel answers", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  const ping = (timeoutMs: number) =>
    server.json(200, "POST", `/api/kernels/${id}/ping`, { timeoutMs });
  assert.deepEqual(await ping(60_000), { alive: true });
  const started = nextEvent(server.kernels.getKernel(id), "execute_input");
  const { done } = await server.executions.submit(id, submission("while True: pass"));
  await started;
  assert.deepEqual(await ping(300), { alive: false });
  await server.request("POST", `/api/kernels/${id}/interrupt`);
  await done;
  assert.deepEqual(await ping(60_000), { alive: true });
});

Deno.test("GET .../events follows a kernel to its end", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  const response = await fetch(`${await server.listen()}/api/kernels/${id}/events`);
  assert.equal(response.headers.get("Content-Type"), "text/event-stream");
  const events = streamedEvents(response);
  assert.equal((await events.next()).value.status, "idle");
  await server.json(200, "POST", `/api/kernels/${id}/executions`, { code: "1" });
  assert.equal((await events.next()).value.status, "busy");
  assert.equal((await events.next()).value.status, "idle");
  await server.request("DELETE", `/api/kernels/${id}`);
  const rest = await Array.fromAsync(events);
  assert.deepEqual(rest.map(({ type }) => type), ["status", "kernel_terminated"]);
});

function submission(code: string) {
  return { code, origin: "native" as const };
}
