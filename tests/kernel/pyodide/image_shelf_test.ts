import assert from "node:assert/strict";
import { GLUE_ID } from "../../../kernel/pyodide/glue.ts";
import { ImageShelf } from "../../../kernel/pyodide/image_shelf.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const FACTS = { packages: { six: "1.0" }, modules: ["six"], environ: [] };
const PAGE = 4096;

/** Writes the parts of an image without libraries and files, as a kernel does. */
async function save(shelf: ImageShelf, change: Record<string, unknown> = {}): Promise<string> {
  const directory = await shelf.draft();
  const record = {
    byteLength: 65_536,
    runs: [0, 1],
    references: { hiwireKeys: [], immortalKeys: [] },
    glueId: GLUE_ID,
    links: { libraries: [], symbols: [], slots: [], table: { from: 1, to: 1 }, free: [] },
    tree: { m: 0o040755, t: 0, c: {} },
    streams: [],
    loadedPackages: {},
    monotonicMs: 0,
    ...change,
  };
  await Deno.writeTextFile(`${directory}/record.json`, JSON.stringify(record));
  await Deno.writeFile(`${directory}/pages`, new Uint8Array(PAGE).fill(7));
  await Deno.writeFile(`${directory}/contents`, new Uint8Array(0));
  return directory;
}

async function put(shelf: ImageShelf, id: string): Promise<void> {
  const directory = await save(shelf);
  await shelf.assemble(id, directory, ["six"], FACTS);
  await shelf.publish(id);
  await Deno.remove(directory, { recursive: true });
}

async function ids(shelf: ImageShelf): Promise<string[]> {
  return (await shelf.list()).map(({ id }) => id).toSorted();
}

Deno.test("list() returns the images that were published, also those of an earlier process", async () => {
  await using cache = await temporaryDirectory();
  const shelf = new ImageShelf(`${cache.path}/images`, 2 ** 20);
  assert.deepEqual(await shelf.list(), []);
  await put(shelf, "a");
  for (const each of [shelf, new ImageShelf(`${cache.path}/images`, 2 ** 20)]) {
    const [found] = await each.list();
    const { id, set, memoryBytes, packages } = found!;
    assert.deepEqual([id, set, memoryBytes, packages], ["a", ["six"], 65_536, { six: "1.0" }]);
    assert.deepEqual(
      (await each.open("a")).pages,
      new Uint8Array(new SharedArrayBuffer(PAGE)).fill(7),
    );
  }
});

Deno.test("publish() removes the least recently used images beyond the limit", async () => {
  await using cache = await temporaryDirectory();
  const shelf = new ImageShelf(cache.path, 2.5 * PAGE + 4_000);
  await put(shelf, "a");
  await put(shelf, "b");
  await Deno.utime(shelf.path("a"), 1_000, 1_000);
  await Deno.utime(shelf.path("b"), 2_000, 2_000);
  await shelf.use("a");
  await put(shelf, "c");
  assert.deepEqual(await ids(shelf), ["a", "c"]);
  await shelf.remove("a");
  assert.deepEqual(await ids(shelf), ["c"]);
});

Deno.test("list() notices what another process removes and makes again", async () => {
  await using cache = await temporaryDirectory();
  const [one, other] = [new ImageShelf(cache.path, 2 ** 20), new ImageShelf(cache.path, 2 ** 20)];
  await put(one, "a");
  assert.deepEqual(await ids(other), ["a"]);
  await one.remove("a");
  assert.deepEqual(await ids(other), []);
  await put(one, "a");
  assert.deepEqual(await ids(other), ["a"]);
});

Deno.test("assemble() refuses parts that are no files, and a record that is forged", async () => {
  await using cache = await temporaryDirectory({ secret: "secret" });
  const shelf = new ImageShelf(`${cache.path}/images`, 2 ** 20);
  const linked = await save(shelf);
  await Deno.remove(`${linked}/pages`);
  await Deno.symlink(`${cache.path}/secret`, `${linked}/pages`);
  await assert.rejects(shelf.assemble("a", linked, ["six"], FACTS), /is no file/);
  const forged = await save(shelf, {
    references: { hiwireKeys: [{ path: ["Deno"] }], immortalKeys: [] },
  });
  await assert.rejects(shelf.assemble("a", forged, ["six"], FACTS));
  assert.deepEqual(await ids(shelf), []);
});

Deno.test("list() ignores files that are no images, and removes drafts of a killed process", async () => {
  using warned = warnings();
  await using cache = await temporaryDirectory({ "x.packages": "PYPACKS1", "y.packages": "other" });
  const shelf = new ImageShelf(cache.path, 2 ** 20);
  const [old, fresh] = [await shelf.draft(), await shelf.draft()];
  await Deno.utime(old, 1_000, 1_000);
  assert.deepEqual(await ids(shelf), []);
  assert.equal(warned.texts.length, 2);
  await assert.rejects(Deno.stat(old), Deno.errors.NotFound);
  await Deno.stat(fresh);
});
