import assert from "node:assert/strict";
import { createServer, streamedEvents } from "../../../support/server.ts";

const CODE = "print('a')\nfrom IPython.display import HTML\ndisplay(HTML('<b>'))\n1 + 1";
const OUTPUTS = [
  { type: "stream", data: { name: "stdout", text: "a\n" } },
  {
    type: "display_data",
    data: {
      data: { "text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>" },
      metadata: {},
      transient: {},
    },
  },
  {
    type: "execute_result",
    data: { data: { "text/plain": "2" }, metadata: {}, execution_count: 1 },
  },
];

Deno.test("POST .../execute answers what the code showed", async () => {
  await using server = createServer();
  const path = `/api/kernels/${await server.createKernel()}/execute`;
  assert.deepEqual(await server.json(200, "POST", path, { code: CODE }), OUTPUTS);
  const [error] = await server.json(200, "POST", path, { code: "1 / 0" });
  assert.equal(error.type, "execute_error");
  assert.equal(error.data.ename, "ZeroDivisionError");
  assert(Array.isArray(error.data.traceback));
});

Deno.test("POST .../execute answers 400 when there is no code", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  for (const body of [{}, { code: "" }, { code: 7 }]) {
    for (const route of ["execute", "execute/stream", "execute/submit"]) {
      const error = await server.json(400, "POST", `/api/kernels/${id}/${route}`, body);
      assert.match(error.error, /code: /);
    }
  }
});

Deno.test("POST .../execute/stream sends each output as it comes", async () => {
  await using server = createServer();
  const path = `/api/kernels/${await server.createKernel()}/execute/stream`;
  const response = await fetch(await server.listen() + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code: CODE }),
  });
  assert.equal(response.headers.get("Content-Type"), "text/event-stream");
  assert.deepEqual(await Array.fromAsync(streamedEvents(response)), OUTPUTS);
});

Deno.test("POST .../execute/submit names a session whose result waits and can be replayed", async () => {
  await using server = createServer();
  const id = await server.createKernel();
  const path = `/api/kernels/${id}/execute`;
  const { session_id } = await server.json(200, "POST", `${path}/submit`, { code: CODE });
  assert.deepEqual(await server.json(200, "GET", `${path}/result/${session_id}`), OUTPUTS);
  const stream = await fetch(`${await server.listen()}${path}/stream/${session_id}`);
  assert.deepEqual(await Array.fromAsync(streamedEvents(stream)), OUTPUTS);
  const info = await server.json(200, "GET", `/api/kernels/${id}/info`);
  assert.deepEqual(info.history, [{ id: session_id, script: CODE, outputs: OUTPUTS }]);
  assert.deepEqual([info.id, info.mode, info.status], [id, "process", "idle"]);
});

Deno.test("GET .../execute/result answers 404 for a session that is not the kernel's", async () => {
  await using server = createServer();
  const first = await server.createKernel();
  const second = await server.createKernel();
  const { session_id } = await server.json(200, "POST", `/api/kernels/${first}/execute/submit`, {
    code: "1",
  });
  for (const path of [`result/${session_id}`, `stream/${session_id}`, "result/x", "stream/x"]) {
    const error = await server.json(404, "GET", `/api/kernels/${second}/execute/${path}`);
    assert.equal(typeof error.error, "string");
  }
});
