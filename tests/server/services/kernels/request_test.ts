import assert from "node:assert/strict";
import { kernelOptions } from "../../../../server/services/kernels/request.ts";

Deno.test("kernelOptions() takes newer and older names of options", () => {
  assert.deepEqual(
    kernelOptions({ limits: { memoryMiB: 256, filesMiB: 10, queue: 2 }, allowEval: true }),
    { limits: { memoryMb: 256, filesMb: 10, queue: 2 }, javascript: true },
  );
  assert.deepEqual(kernelOptions({ limits: { memoryMb: 256 }, javascript: false }), {
    limits: { memoryMb: 256 },
    javascript: false,
  });
});

Deno.test("kernelOptions() refuses a limit that is given by both names", () => {
  assert.throws(() => kernelOptions({ limits: { memoryMiB: 1, memoryMb: 2 } }), {
    code: "invalid_argument",
    message: "limits: use memoryMiB or memoryMb, not both",
  });
});

Deno.test("kernelOptions() takes permissions in both places", () => {
  const permissions = { net: ["example.com"] };
  assert.deepEqual(kernelOptions({ permissions }), { deno: { permissions } });
  assert.deepEqual(kernelOptions({ deno: { permissions } }), { deno: { permissions } });
});
