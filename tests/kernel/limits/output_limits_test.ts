import assert from "node:assert/strict";
import { OutputLimits } from "../../../kernel/limits/output_limits.ts";

Deno.test("OutputLimits.of() counts the late output of an execution as its own", () => {
  const limits = new OutputLimits(10);
  limits.begin("a").take(8);
  const later = limits.begin("b");
  assert.equal(limits.of("a").take(100), 2);
  assert.equal(limits.of("a").take(100), 0);
  assert.equal(limits.of("b"), later);
  assert.equal(later.take(100), 10);
});

Deno.test("OutputLimits.of() counts what belongs to no recent execution together, anew with each execution", () => {
  const limits = new OutputLimits(10);
  assert.equal(limits.of("a request").take(6), 6);
  assert.equal(limits.of(undefined).take(6), 4);
  for (let i = 0; i <= 64; i++) limits.begin(`${i}`);
  assert.equal(limits.of("0"), limits.of(null));
  assert.notEqual(limits.of("1"), limits.of(null));
  assert.equal(limits.of("0").take(100), 10);
});

Deno.test("OutputLimits.reset() counts everything from zero", () => {
  const limits = new OutputLimits(10);
  limits.begin("a").take(100);
  limits.of(null).take(100);
  limits.reset();
  assert.deepEqual([limits.of("a").take(100), limits.of(null).take(100)], [10, 10]);
});
