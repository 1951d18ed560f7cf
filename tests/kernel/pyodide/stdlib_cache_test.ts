import assert from "node:assert/strict";
import { join } from "node:path";
import { type StdlibArchive, StdlibCache } from "../../../kernel/pyodide/stdlib_cache.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const COMPILED = new TextEncoder().encode("sources and compiled files");

function compile(): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.resolve(COMPILED);
}

function compileAgain(): Promise<Uint8Array<ArrayBuffer>> {
  assert.fail("it is there");
}

/** Makes a stock archive whose path does not exist. */
function archive(text: string): StdlibArchive {
  return { path: "/nowhere/stock.zip", content: new TextEncoder().encode(text) };
}

/** A stock archive, and a cache. */
async function fixture() {
  const directory = await temporaryDirectory();
  const dir = join(directory.path, "cache");
  return {
    stock: archive("sources"),
    dir,
    cache: new StdlibCache(dir),
    names: () => Array.from(Deno.readDirSync(dir), ({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

Deno.test("StdlibCache.compiled() answers what was compiled once, and nothing else is left", async () => {
  await using it = await fixture();
  const { path, content } = await it.cache.compiled(it.stock, compile);
  assert.deepEqual(content, COMPILED);
  assert.deepEqual(await Deno.readFile(path), COMPILED);
  const again = await new StdlibCache(it.dir).compiled(it.stock, compileAgain);
  assert.deepEqual(again, { path, content });
  assert.deepEqual(it.names().map((name) => join(it.dir, name)), [path]);
});

Deno.test("StdlibCache.compiled() compiles again when the stock archive is another", async () => {
  await using it = await fixture();
  const { path } = await it.cache.compiled(it.stock, compile);
  const other = await it.cache.compiled(archive("other sources"), compile);
  assert.notEqual(other.path, path);
});

Deno.test("StdlibCache.compiled() does without an archive that is damaged, says so and makes another", async () => {
  await using it = await fixture();
  const { path } = await it.cache.compiled(it.stock, compile);
  await Deno.writeTextFile(path, "sources and compiled flies!");
  using warned = warnings();
  const another = await it.cache.compiled(it.stock, compile);
  assert.match(warned.texts.join(), /its checksum is wrong/);
  assert.deepEqual(await Deno.readFile(another.path), COMPILED);
});

Deno.test("StdlibCache.compiled() answers the stock archive when none can be made or kept, and says so", async () => {
  await using it = await fixture();
  using warned = warnings();
  const failing = () => Promise.reject(new Error("no such thing"));
  assert.equal(await it.cache.compiled(it.stock, failing), it.stock);
  assert.match(warned.texts[0]!, /Doing without a compiled standard library: no such thing/);
  assert.deepEqual(it.names(), []);
  await Deno.writeTextFile(join(it.dir, "a file"), "");
  const unwritable = new StdlibCache(join(it.dir, "a file", "no directory"));
  assert.equal(await unwritable.compiled(it.stock, compileAgain), it.stock);
  assert.match(
    warned.texts[1]!,
    /Doing without a compiled standard library: (?!it is there)/,
  );
});

Deno.test("StdlibCache.compiled() keeps the newest few", async () => {
  await using it = await fixture();
  for (let version = 0; version < 6; version++) {
    const { path } = await it.cache.compiled(archive(`sources ${version}`), compile);
    await Deno.utime(path, version, version);
  }
  assert.equal(it.names().length, 4);
});
