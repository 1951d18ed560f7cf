import assert from "node:assert/strict";
import type { FileEntry } from "../../../../kernel/mod.ts";
import { DirectoryWatcher } from "../../../../server/services/sandboxes/watcher.ts";

function entry(path: string, type: FileEntry["type"], size = 0): FileEntry {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { name, path, type, size, modified: "2026-01-01T00:00:00Z", writable: true };
}

Deno.test("changes() names what was made, written and removed since the last look", async () => {
  let now = [entry("/d/old", "file"), entry("/d/kept", "file", 1)];
  const watcher = new DirectoryWatcher("/d", () => Promise.resolve(now));
  await watcher.start();
  assert.deepEqual(await watcher.changes(), []);
  now = [entry("/d/kept", "file", 2), entry("/d/sub", "directory"), entry("/d/sub/new", "file")];
  assert.deepEqual(await watcher.changes(), [
    { name: "kept", kind: "write" },
    { name: "sub", kind: "create" },
    { name: "sub/new", kind: "create" },
    { name: "sub/new", kind: "write" },
    { name: "old", kind: "remove" },
  ]);
  assert.deepEqual(await watcher.changes(), []);
});
