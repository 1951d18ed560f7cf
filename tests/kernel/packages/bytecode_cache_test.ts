import assert from "node:assert/strict";
import { BytecodeCache, type CompileWheel } from "../../../kernel/packages/bytecode_cache.ts";
import { PackageCache } from "../../../kernel/packages/package_cache.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const WHEEL = new TextEncoder().encode("a wheel");

/** Makes an archive in the form that a compiler returns. */
function archive(header: unknown, contents = ""): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + contents.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(new TextEncoder().encode(contents), 4 + text.length);
  return bytes;
}

const GOOD = archive(
  { files: [["a/__pycache__/b.cpython-314.pyc", 9, 3]], record: "a-1.0.dist-info/RECORD" },
  "xyz",
);

interface Fixture extends AsyncDisposable {
  /** The name of the wheel in the cache. */
  wheel: string;
  open(compile: CompileWheel): BytecodeCache;
}

async function fixture(): Promise<Fixture> {
  const directory = await temporaryDirectory();
  const cache = new PackageCache(directory.path, 2 ** 20);
  return {
    wheel: await cache.write(WHEEL),
    open: (compile) => new BytecodeCache(cache, compile, "python"),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

Deno.test("BytecodeCache.get() has what was missed before, compiled once", async () => {
  await using it = await fixture();
  let compiled = 0;
  const looked = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  await using bytecode = it.open((wheel) => {
    compiled++;
    assert.deepEqual(wheel, WHEEL);
    return looked.promise;
  });
  const missed = await Promise.all([bytecode.get(it.wheel), bytecode.get(it.wheel)]);
  assert.deepEqual(missed, [undefined, undefined]);
  assert.equal(await bytecode.get(it.wheel), undefined);
  looked.resolve(GOOD);
  await bytecode.idle;
  assert.deepEqual(await bytecode.get(it.wheel), GOOD);
  await using another = it.open(() => assert.fail("it is there"));
  assert.deepEqual(await another.get(it.wheel), GOOD);
  assert.equal(compiled, 1);
});

Deno.test("BytecodeCache compiles nothing that the cache does not have", async () => {
  await using it = await fixture();
  await using bytecode = it.open(() => assert.fail("nobody knows it"));
  assert.equal(await bytecode.get("0".repeat(64)), undefined);
  await bytecode.idle;
});

Deno.test("BytecodeCache says what cannot be compiled, and does not try again", async () => {
  await using it = await fixture();
  using warned = warnings();
  let compiled = 0;
  await using bytecode = it.open(() => {
    compiled++;
    return Promise.reject(new Error("no such thing"));
  });
  for (let time = 0; time < 2; time++) {
    assert.equal(await bytecode.get(it.wheel), undefined);
    await bytecode.idle;
  }
  assert.equal(compiled, 1);
  assert.deepEqual(warned.texts, ["Cannot compile a package: no such thing"]);
});

Deno.test("BytecodeCache refuses files that are not beside sources, and what is no archive", async () => {
  const files = (path: string) => archive({ files: [[path, 0, 0]], record: null });
  const lies: Record<string, Uint8Array<ArrayBuffer>> = {
    "above": files("../__pycache__/b.pyc"),
    "deep above": files("a/../../__pycache__/b.pyc"),
    "absolute": files("/lib/__pycache__/b.pyc"),
    "a source": files("a/b.py"),
    "a record elsewhere": archive({ files: [], record: "../x.dist-info/RECORD" }),
    "shorter than it says": archive(
      { files: [["a/__pycache__/b.pyc", 9, 9]], record: null },
      "xyz",
    ),
    "longer than it says": archive({ files: [], record: null }, "xyz"),
    "no JSON": new Uint8Array(9),
    "nothing": new Uint8Array(),
  };
  for (const [lie, bytes] of Object.entries(lies)) {
    await using it = await fixture();
    using warned = warnings();
    await using bytecode = it.open(() => Promise.resolve(bytes));
    await bytecode.get(it.wheel);
    await bytecode.idle;
    assert.match(warned.texts.join(), /^Cannot compile a package: /, lie);
    assert.equal(await bytecode.get(it.wheel), undefined, lie);
  }
});

Deno.test("BytecodeCache gives up what it compiles when it is disposed", async () => {
  await using it = await fixture();
  using warned = warnings();
  const begun = Promise.withResolvers<void>();
  const bytecode = it.open((_wheel, signal) => {
    begun.resolve();
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  });
  await bytecode.get(it.wheel);
  await begun.promise;
  await bytecode[Symbol.asyncDispose]();
  assert.deepEqual(warned.texts, []);
});
