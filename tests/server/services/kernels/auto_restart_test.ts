import assert from "node:assert/strict";
import { AutoRestart } from "../../../../server/services/kernels/auto_restart.ts";

Deno.test("allowed() gives up after five deaths in a row", () => {
  const deaths = new AutoRestart(() => 0);
  assert.deepEqual(Array.from({ length: 7 }, () => deaths.allowed()), [
    ...Array(5).fill(true),
    false,
    false,
  ]);
});

Deno.test("allowed() counts anew when the kernel has lived for a while", () => {
  let now = 0;
  const deaths = new AutoRestart(() => now);
  for (let i = 0; i < 5; i++) deaths.allowed();
  now += 10_000;
  assert(!deaths.allowed());
  now += 10_001;
  assert(deaths.allowed());
});
