import assert from "node:assert/strict";
import { fromCodePoints, toCodePoints } from "../../../../server/ui/editor/positions.ts";

Deno.test("toCodePoints() and fromCodePoints() undo each other", () => {
  const text = "é🎉a\n🎉";
  const boundaries = [0, 1, 3, 4, 5, 7];
  assert.deepEqual(boundaries.map((it) => toCodePoints(text, it)), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((it) => fromCodePoints(text, it)), boundaries);
  assert.equal(fromCodePoints(text, 99), text.length);
});
