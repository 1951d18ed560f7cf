import assert from "node:assert/strict";
import { fakeManager } from "../../../support/fake_host.ts";
import { createServer } from "../../../support/server.ts";

Deno.test("GET /api/server tells what the server offers", async () => {
  await using fake = fakeManager();
  await using server = createServer({
    manager: fake.manager,
    settings: {
      MAX_KERNELS: "3",
      ALLOWED_KERNEL_MODES: "worker,main_thread",
      KERNEL_LIMITS: "memoryMb=512",
      MAX_KERNEL_LIMITS: "filesMb=100",
    },
  });
  const { languages } = await server.json(200, "GET", "/api/languages");
  assert.deepEqual(languages.slice(0, 3), [
    { language: "python", displayName: "Python", modes: ["worker", "main_thread"] },
    { language: "javascript", displayName: "JavaScript", modes: ["worker"] },
    { language: "typescript", displayName: "TypeScript", modes: ["worker"] },
  ]);
  const facts = await server.json(200, "GET", "/api/server");
  assert.deepEqual(facts.modes, ["worker", "main_thread"]);
  assert.equal(facts.defaultMode, "worker");
  assert.equal(facts.notebooks, false);
  assert.equal(facts.limits.maxKernels, 3);
  assert.deepEqual([facts.limits.kernel.memoryMb, facts.limits.kernel.filesMb], [512, 100]);
});

Deno.test("GET /health tells what keeps process kernels in", async () => {
  await using server = createServer();
  const { isolation } = await server.json(200, "GET", "/health");
  assert.deepEqual(isolation[0], {
    name: "own process",
    applied: true,
    detail: "each kernel is a process that can be killed",
  });
});

Deno.test("GET /health and /ready answer without a token", async () => {
  await using fake = fakeManager();
  await using server = createServer({
    manager: fake.manager,
    settings: { TOKEN: "0123456789abcdef" },
  });
  assert.equal((await server.json(200, "GET", "/health")).status, "ok");
  assert.deepEqual(await server.json(200, "GET", "/ready"), { ready: true });
  assert.equal((await server.json(403, "GET", "/metrics")).code, "token_required");
});

Deno.test("GET /metrics counts kernels, executions and requests", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const id = await server.createKernel();
  await server.json(200, "POST", `/api/kernels/${id}/executions`, { code: "1" });
  const text = await (await server.request("GET", "/metrics")).text();
  assert.match(text, /^kernels\{status="idle"\} 1$/m);
  assert.match(text, /^kernel_starts_total\{outcome="ok"\} 1$/m);
  assert.match(text, /^executions_total\{status="ok"\} 1$/m);
  assert.match(text, /^executions_live 0$/m);
  assert.match(text, /^kernel_memory_bytes 1024$/m);
  assert.match(
    text,
    /^http_request_duration_seconds_count\{method="POST",route="\/api\/kernels\/:id\/executions",status="2xx"\} 1$/m,
  );
});

Deno.test("an unknown path answers 404 in JSON", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const error = await server.json(404, "GET", "/api/nothing");
  assert.equal(error.code, "not_found");
  assert.match(error.message, /GET \/api\/nothing/);
});
