import assert from "node:assert/strict";
import { writeChanged } from "../../kernel/whole_file.ts";
import { temporaryDirectory } from "../support/mod.ts";

Deno.test("writeChanged() leaves a file alone that has the content already, and replaces another", async () => {
  await using directory = await temporaryDirectory({ "a": "same" });
  const path = `${directory.path}/a`;
  const old = new Date(1_000_000_000_000);
  await Deno.utime(path, old, old);
  await writeChanged(path, new TextEncoder().encode("same"));
  assert.equal((await Deno.stat(path)).mtime?.getTime(), old.getTime());
  await writeChanged(path, new TextEncoder().encode("more"));
  assert.equal(await Deno.readTextFile(path), "more");
  assert.notEqual((await Deno.stat(path)).mtime?.getTime(), old.getTime());
  await writeChanged(`${directory.path}/new`, new Uint8Array([1]));
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(), [
    "a",
    "new",
  ]);
});
