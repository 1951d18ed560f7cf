import assert from "node:assert/strict";
import { formatBytes, formatDuration } from "../../../../server/ui/panels/format.ts";

Deno.test("formatBytes() keeps to three digits", () => {
  const sizes = [0, 999, 1000, 1536, 10_240, 31_457_280, 5e9];
  assert.deepEqual(sizes.map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 KB",
    "1.5 KB",
    "10 KB",
    "30 MB",
    "4.7 GB",
  ]);
});

Deno.test("formatDuration() uses the largest units", () => {
  const times = [12, 1_500, 12_000, 90_000, 3_660_000, 3 * 86_400_000];
  assert.deepEqual(times.map(formatDuration), [
    "12 ms",
    "1.5 s",
    "12 s",
    "1 min 30 s",
    "1 h 1 min",
    "3 days",
  ]);
});
