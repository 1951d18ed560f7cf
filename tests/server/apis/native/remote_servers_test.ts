import assert from "node:assert/strict";
import { createServer, type TestServer } from "../../../support/server.ts";

/** A server whose kernels run on another server of the same kind. */
async function chain(): Promise<AsyncDisposable & { front: TestServer; back: TestServer }> {
  const stack = new AsyncDisposableStack();
  const token = crypto.randomUUID();
  const back = stack.use(createServer({ settings: { TOKEN: token } }));
  const url = await back.listen();
  const REMOTE_SERVERS = JSON.stringify({ back: { url, token } });
  const front = stack.use(createServer({ settings: { REMOTE_SERVERS } }));
  return { front, back, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

Deno.test("POST /api/kernels starts a kernel on a server of the settings, which runs what it is sent", async () => {
  await using servers = await chain();
  const { front, back } = servers;
  const kernel = await front.json(201, "POST", "/api/kernels", { name: "back" });
  assert.deepEqual([kernel.mode, kernel.permissions, kernel.limits.memoryMiB], [
    "remote",
    "remote",
    null,
  ]);
  assert.deepEqual(kernel.remote, { server: "back", kernelName: "python", path: null });
  assert.equal(back.kernels.listKernels().length, 1);
  const run = (code: string) =>
    front.json(200, "POST", `/api/kernels/${kernel.id}/executions`, { code });
  await run("x = 20");
  const { result, error } = await run("print('told'); x + 22");
  assert.deepEqual([result.data["text/plain"], error], ["42", null]);
  assert.equal((await run("1 / 0")).error.ename, "ZeroDivisionError");
  const deleted = await front.request("DELETE", `/api/kernels/${kernel.id}`);
  assert.equal(deleted.status, 204);
  assert.deepEqual(back.kernels.listKernels(), []);
});

Deno.test("GET /api/servers lists the servers, their kinds and their kernels", async () => {
  await using servers = await chain();
  const { front, back } = servers;
  const id = await back.kernels.createKernel();
  assert.deepEqual(await front.json(200, "GET", "/api/servers"), [{ name: "back" }]);
  const specs = await front.json(200, "GET", "/api/servers/back/kernelspecs");
  assert(
    specs.some(({ name, language }: Record<string, string>) =>
      name === "python" && language === "python"
    ),
  );
  const [kernel] = await front.json(200, "GET", "/api/servers/back/kernels");
  assert.equal(kernel.id, id);
  const attached = await front.json(201, "POST", "/api/kernels", {
    server: "back",
    remoteKernelId: id,
  });
  await front.request("DELETE", `/api/kernels/${attached.id}`);
  assert.equal(back.kernels.listKernels().length, 1);
  const refused = await front.json(400, "GET", "/api/servers/http:%2F%2F127.0.0.1/kernels");
  assert.match(refused.message, /use "back"/);
});

Deno.test("POST /api/kernels answers 502 when the other server is away", async () => {
  const REMOTE_SERVERS = JSON.stringify({ away: { url: "http://127.0.0.1:9/" } });
  await using server = createServer({ settings: { REMOTE_SERVERS } });
  const { message } = await server.json(502, "POST", "/api/kernels", { server: "away" });
  assert.match(message, /"away".*cannot be reached/);
});

Deno.test("POST /api/kernels answers 400 to an option that the other server cannot keep", async () => {
  await using servers = await chain();
  const request = { server: "back", limits: { memoryMiB: 64 } };
  const { message } = await servers.front.json(400, "POST", "/api/kernels", request);
  assert.match(message, /limits.memoryMiB/);
});
