import assert from "node:assert/strict";
import { KernelError } from "../../../kernel/mod.ts";
import {
  chooseLimits,
  DEFAULT_LIMITS,
  parseLimits,
  resolveLimits,
} from "../../../kernel/limits/limits.ts";

Deno.test("chooseLimits() takes what is asked for before the manager's defaults and ours", () => {
  assert.deepEqual(chooseLimits({}), DEFAULT_LIMITS);
  const limits = chooseLimits({ memoryMiB: 100 }, { memoryMiB: 200, filesMiB: 7 });
  assert.deepEqual(limits, { ...DEFAULT_LIMITS, memoryMiB: 100, filesMiB: 7 });
});

Deno.test("resolveLimits() takes the older names everywhere, and shows both", () => {
  const limits = resolveLimits({ memoryMb: 100 }, { memoryMiB: 200, filesMb: 7 }, { filesMb: 5 });
  const named = { memoryMiB: 100, memoryMb: 100, filesMiB: 5, filesMb: 5 };
  assert.deepEqual(limits, { ...DEFAULT_LIMITS, ...named });
});

Deno.test("chooseLimits() lowers defaults to the ceilings", () => {
  const limits = chooseLimits({}, {}, { memoryMiB: 64, executionSeconds: 5, queue: 1_000 });
  assert.deepEqual(limits, { ...DEFAULT_LIMITS, memoryMiB: 64, executionSeconds: 5 });
});

for (
  const [asked, ceilings, message] of [
    [{ memoryMb: 65 }, { memoryMb: 64 }, /limits\.memoryMb: 65 is more .* use at most 64$/],
    [{ memoryMiB: 65 }, { memoryMb: 64 }, /limits\.memoryMiB: 65 is more .* use at most 64$/],
    [{ executionSeconds: 0 }, { executionSeconds: 9 }, /use at most 9 \(0 means no limit\)$/],
    [{ cpuSeconds: 10 }, { cpuSeconds: 9 }, /limits\.cpuSeconds: 10/],
  ] as const
) {
  Deno.test(`resolveLimits() refuses ${JSON.stringify(asked)} above ${JSON.stringify(ceilings)}`, () => {
    assert.throws(() => resolveLimits(asked, {}, ceilings), (error) => {
      assert(error instanceof KernelError);
      assert.equal(error.code, "permission_denied");
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("resolveLimits() takes no time at all for any time", () => {
  assert.equal(resolveLimits({ cpuSeconds: 0 }, {}, { cpuSeconds: 0 }).cpuSeconds, 0);
  assert.equal(resolveLimits({ cpuSeconds: 5 }, {}, { cpuSeconds: 0 }).cpuSeconds, 5);
  assert.equal(resolveLimits({ outputBytes: 0 }, {}, { outputBytes: 10 }).outputBytes, 0);
});

for (
  const [limits, message] of [
    [{ memoryMiB: 63 }, /^memoryMiB: use a whole number from 64 to 4096$/],
    [{ memoryMb: 64, memoryMiB: 64 }, /^memoryMb: this is the older name of memoryMiB/],
    [{ memoryMb: 63 }, /^memoryMb: use a whole number from 64 to 4096$/],
    [{ memoryMb: 64.5 }, /^memoryMb: use a whole number/],
    [{ filesMb: "1" }, /^filesMb: use a whole number/],
    [{ cpuSeconds: -1 }, /^cpuSeconds: use 0 \(no limit\) or more/],
    [{ queue: 0 }, /^queue: /],
    [{ openFiles: 1 }, /^openFiles: use a whole number from 16/],
    [{ disk: 1 }, /"disk"/],
    [null, /expected object/],
  ] as const
) {
  Deno.test(`parseLimits() names what is wrong in ${JSON.stringify(limits)}`, () => {
    assert.throws(() => parseLimits(limits), { code: "invalid_argument", message });
  });
}
