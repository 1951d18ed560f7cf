import assert from "node:assert/strict";
import { TimeWindows } from "../../../server/middleware/time_windows.ts";

Deno.test("TimeWindows.of() begins a window anew when the former one has ended", () => {
  let now = 0;
  const windows = new TimeWindows({ begin: () => ({ n: 0 }), lengthMs: 100, now: () => now });
  windows.of("a").value.n++;
  now = 99;
  assert.equal(windows.of("a").value.n, 1);
  now = 100;
  assert.equal(windows.find("a"), undefined);
  assert.equal(windows.of("a").value.n, 0);
});

Deno.test("TimeWindows remembers no more clients than its bound, and none whose window has ended", () => {
  let now = 0;
  const windows = new TimeWindows({ begin: () => 0, lengthMs: 100, maxClients: 5, now: () => now });
  for (let i = 0; i < 20; i++) windows.of(`client ${i}`);
  assert.equal(windows.size, 5);
  now = 200;
  windows.of("another");
  assert.equal(windows.size, 1);
});
