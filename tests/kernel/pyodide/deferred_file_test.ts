import assert from "node:assert/strict";
import { join } from "node:path";
import { share } from "../../../kernel/pyodide/bytes.ts";
import {
  contentsOf,
  type DeferredFile,
  readWhenWanted,
  sharedFile,
} from "../../../kernel/pyodide/deferred_file.ts";
import { temporaryDirectory } from "../../support/mod.ts";

/** Reads a file in another thread; null when that thread cannot get it. */
async function readElsewhere(file: DeferredFile): Promise<string | null> {
  const worker = new Worker(new URL("../../support/deferred_reader.ts", import.meta.url), {
    type: "module",
  });
  // Waiting for shared memory alone does not keep this thread's loop going; a message does.
  const { promise, resolve } = Promise.withResolvers<string | null>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage(file);
  try {
    return await promise;
  } finally {
    worker.terminate();
  }
}

Deno.test("contentsOf() makes a copy of what several kernels share", () => {
  const file = sharedFile(share(new TextEncoder().encode("library")));
  const mine = contentsOf(file)!;
  mine[0] = 0;
  assert.equal(new TextDecoder().decode(contentsOf(file)), "library");
  assert.ok(mine.buffer instanceof ArrayBuffer);
});

Deno.test("contentsOf() waits for the thread that reads the file, which does so when it is wanted", async () => {
  const text = "a library ".repeat(100_000);
  await using directory = await temporaryDirectory({ "library.zip": text });
  const file = readWhenWanted(join(directory.path, "library.zip"));
  assert.ok(file.bytes.every((byte) => byte === 0));
  assert.equal(await readElsewhere(file), text);
  assert.equal(await readElsewhere(file), text); // It is there now.
});

Deno.test("contentsOf() has nothing when the file became shorter", async () => {
  await using directory = await temporaryDirectory({ "library.zip": "a library" });
  const path = join(directory.path, "library.zip");
  const file = readWhenWanted(path);
  await Deno.truncate(path, 3);
  assert.equal(await readElsewhere(file), null);
});
