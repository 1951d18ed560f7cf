import assert from "node:assert/strict";
import { kernelOptions } from "../../../../server/services/kernels/request.ts";
import { withServer } from "../../../support/server.ts";

Deno.test("kernelOptions() gives options their newer names", () => {
  assert.deepEqual(
    kernelOptions({ javascript: true, inactivityTimeout: 1, maxExecutionTime: 2, cwd: "/tmp" }),
    { allowEval: true, inactivityTimeoutMs: 1, maxExecutionTimeMs: 2, cwd: "/tmp" },
  );
  assert.deepEqual(kernelOptions({ allowEval: true, inactivityTimeoutMs: 1 }), {
    allowEval: true,
    inactivityTimeoutMs: 1,
  });
});

Deno.test("kernelOptions() takes permissions in both places", () => {
  const permissions = { net: ["example.com"] };
  assert.deepEqual(kernelOptions({ permissions }), { deno: { permissions } });
  assert.deepEqual(kernelOptions({ deno: { permissions } }), { deno: { permissions } });
});

Deno.test("POST /api/kernels takes limits and times by both names, over those of the kind", () =>
  withServer({
    KERNEL_PROFILES: JSON.stringify({
      old: { javascript: true, inactivityTimeout: 5_000, limits: { memoryMb: 256 } },
    }),
  }, async (server) => {
    const older = await server.json(201, "POST", "/api/kernels", { name: "old" });
    assert.deepEqual(
      [older.inactivityTimeout, older.inactivityTimeoutMs, older.limits.memoryMiB],
      [5_000, 5_000, 256],
    );
    const newer = await server.json(201, "POST", "/api/kernels", {
      name: "old",
      allowEval: false,
      inactivityTimeoutMs: 7_000,
      limits: { memoryMiB: 128 },
    });
    assert.deepEqual([newer.inactivityTimeout, newer.limits.memoryMb], [7_000, 128]);
    assert.equal(newer.language, "python");
  }));

for (
  const [field, body] of [
    ["javascript", { javascript: true, allowEval: true }],
    ["memoryMb", { limits: { memoryMb: 256, memoryMiB: 256 } }],
    ["inactivityTimeout", { inactivityTimeout: 1, inactivityTimeoutMs: 1 }],
  ] as const
) {
  Deno.test(`POST /api/kernels answers 400 when ${field} is given by both names`, () =>
    withServer({}, async (server) => {
      const refused = await server.json(400, "POST", "/api/kernels", body);
      assert.match(refused.message, new RegExp(`${field}: this is the older name of`));
    }));
}

Deno.test("PATCH /api/kernels/{id} takes the timeout by one of its names", () =>
  withServer({}, async (server) => {
    const path = `/api/kernels/${await server.createKernel()}`;
    const changed = await server.json(200, "PATCH", path, { inactivityTimeoutMs: 1_000 });
    assert.equal(changed.inactivityTimeout, 1_000);
    for (const body of [{}, { inactivityTimeout: 1, inactivityTimeoutMs: 1 }]) {
      const refused = await server.json(400, "PATCH", path, body);
      assert.match(refused.message, /inactivityTimeoutMs: give this, or its older name/);
    }
  }));
