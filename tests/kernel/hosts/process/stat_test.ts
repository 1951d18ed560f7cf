import assert from "node:assert/strict";
import {
  readPeakMemory,
  readProcessStat,
  readUser,
  resetPeakMemory,
} from "../../../../kernel/hosts/process/stat.ts";

const linux = Deno.build.os === "linux";

Deno.test({
  name: "readProcessStat() tells how this process stands",
  ignore: !linux,
  fn() {
    const stat = readProcessStat(Deno.pid)!;
    assert.match(stat.state, /^[RS]$/); // Tests run in a thread of their own.
    const { rss } = Deno.memoryUsage();
    assert(Math.abs(stat.residentBytes - rss) < rss / 4, `${stat.residentBytes} and ${rss}`);
    assert.equal(readUser(Deno.pid), Deno.uid());
  },
});

Deno.test({
  name: "resetPeakMemory() forgets what was",
  ignore: !linux,
  fn() {
    const before = readPeakMemory(Deno.pid)!;
    assert(before >= readProcessStat(Deno.pid)!.residentBytes * 0.9);
    assert.equal(resetPeakMemory(Deno.pid), true);
    assert(readPeakMemory(Deno.pid)! <= before);
  },
});

Deno.test("readProcessStat() knows nothing of a process that is not there", () => {
  const nobody = 2 ** 22 + 1;
  assert.equal(readProcessStat(nobody), undefined);
  assert.equal(readPeakMemory(nobody), null);
  assert.equal(readUser(nobody), undefined);
  assert.equal(resetPeakMemory(nobody), false);
});
