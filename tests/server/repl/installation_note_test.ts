import assert from "node:assert/strict";
import type { PackageProgressEvent } from "../../../kernel/mod.ts";
import { InstallationNote } from "../../../server/repl/installation_note.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function progress(name: string, bytes: number | null, done = false): PackageProgressEvent {
  return { type: "package_progress", kernelId: "a", name, bytes, done };
}

Deno.test("take() tells of packages that are still being installed after half a second", async () => {
  const [clock, lines]: [FakeClock, string[]] = [new FakeClock(), []];
  using note = new InstallationNote((text) => lines.push(text), clock);
  note.take(progress("six", 11_000));
  note.take(progress("numpy", null));
  note.take(progress("numpy", 2_900_000));
  await clock.advance(400);
  note.take(progress("six", 11_000, true));
  assert.deepEqual(lines, []);
  await clock.advance(100);
  assert.deepEqual(lines, ["Installing numpy, 2.9 MB\n"]);
  note.take(progress("pandas", null));
  note.take(progress("pandas", 7_000_000));
  note.take(progress("numpy", 2_900_000, true));
  assert.deepEqual(lines.slice(1), ["Installing pandas\n"]);
});

Deno.test("dispose() says nothing of an installation that has ended", async () => {
  const [clock, lines]: [FakeClock, string[]] = [new FakeClock(), []];
  {
    using note = new InstallationNote((text) => lines.push(text), clock);
    note.take(progress("numpy", 2_900_000));
  }
  await clock.advance(1_000);
  assert.deepEqual([lines, clock.size], [[], 0]);
});
