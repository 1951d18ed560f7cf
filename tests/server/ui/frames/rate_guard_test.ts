import assert from "node:assert/strict";
import { RateGuard } from "../../../../server/ui/frames/rate_guard.ts";

Deno.test("RateGuard.allows() refuses more events than the limit in one window", () => {
  let time = 0;
  const guard = new RateGuard({ limit: 2, windowMs: 10, now: () => time });
  assert.deepEqual([guard.allows(), guard.allows(), guard.allows()], [true, true, false]);
  time = 9;
  assert.equal(guard.allows(), false);
  time = 10;
  assert.deepEqual([guard.allows(), guard.allows(), guard.allows()], [true, true, false]);
});
