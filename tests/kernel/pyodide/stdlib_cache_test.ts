import assert from "node:assert/strict";
import { join } from "node:path";
import { StdlibCache } from "../../../kernel/pyodide/stdlib_cache.ts";
import { temporaryDirectory } from "../../support/mod.ts";

const COMPILED = new TextEncoder().encode("sources and compiled files");

function compile(): Promise<Uint8Array<ArrayBuffer>> {
  return Promise.resolve(COMPILED);
}

function compileAgain(): Promise<Uint8Array<ArrayBuffer>> {
  assert.fail("it is there");
}

/** A directory with a stock archive, and a cache beside it. */
async function fixture() {
  const directory = await temporaryDirectory({ "stock.zip": "sources" });
  const dir = join(directory.path, "cache");
  return {
    stock: join(directory.path, "stock.zip"),
    dir,
    cache: new StdlibCache(dir),
    names: () => Array.from(Deno.readDirSync(dir), ({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

async function warningsOf<T>(body: () => Promise<T>): Promise<{ value: T; warnings: string }> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => void warnings.push(text);
  try {
    return { value: await body(), warnings: warnings.join("\n") };
  } finally {
    console.warn = warn;
  }
}

Deno.test("StdlibCache.path() answers what was compiled once, and nothing else is left", async () => {
  await using it = await fixture();
  const path = await it.cache.path(it.stock, compile);
  assert.deepEqual(await Deno.readFile(path), COMPILED);
  assert.equal(await new StdlibCache(it.dir).path(it.stock, compileAgain), path);
  assert.deepEqual(it.names().map((name) => join(it.dir, name)), [path]);
});

Deno.test("StdlibCache.path() compiles again when the stock archive is another", async () => {
  await using it = await fixture();
  const path = await it.cache.path(it.stock, compile);
  await Deno.writeTextFile(it.stock, "other sources");
  assert.notEqual(await it.cache.path(it.stock, compile), path);
});

Deno.test("StdlibCache.path() does without an archive that is damaged, says so and makes another", async () => {
  await using it = await fixture();
  const path = await it.cache.path(it.stock, compile);
  await Deno.writeTextFile(path, "sources and compiled flies!");
  const { value, warnings } = await warningsOf(() => it.cache.path(it.stock, compile));
  assert.match(warnings, /its checksum is wrong/);
  assert.deepEqual(await Deno.readFile(value), COMPILED);
});

Deno.test("StdlibCache.path() answers the stock archive when none can be made or kept, and says so", async () => {
  await using it = await fixture();
  const failing = await warningsOf(() =>
    it.cache.path(it.stock, () => Promise.reject(new Error("no such thing")))
  );
  assert.equal(failing.value, it.stock);
  assert.match(failing.warnings, /Doing without a compiled standard library: no such thing/);
  assert.deepEqual(it.names(), []);
  const unwritable = new StdlibCache(join(it.stock, "no directory"));
  const { value, warnings } = await warningsOf(() => unwritable.path(it.stock, compileAgain));
  assert.equal(value, it.stock);
  assert.match(warnings, /Doing without a compiled standard library: (?!it is there)/);
});

Deno.test("StdlibCache.path() keeps the newest few", async () => {
  await using it = await fixture();
  for (let version = 0; version < 6; version++) {
    await Deno.writeTextFile(it.stock, `sources ${version}`);
    const path = await it.cache.path(it.stock, compile);
    await Deno.utime(path, version, version);
  }
  assert.equal(it.names().length, 4);
});
