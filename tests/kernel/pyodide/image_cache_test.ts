import assert from "node:assert/strict";
import { diffMemory, type MemoryImage, PAGE_SIZE } from "../../../kernel/pyodide/image.ts";
import { decodeImage, encodeImage, ImageCache } from "../../../kernel/pyodide/image_cache.ts";
import { share } from "../../../kernel/pyodide/bytes.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const REFERENCES = { hiwireKeys: [null, { path: ["setTimeout"] }], immortalKeys: ["then"] };

function smallImage(): MemoryImage {
  const pages = new Uint8Array(3 * PAGE_SIZE).map((_, index) => index % 251);
  return {
    byteLength: 65536,
    runs: new Uint32Array([2, 1, 5, 2]),
    pages: share(pages),
    references: REFERENCES,
    glueId: "stock",
  };
}

// Only the fingerprint of assets is looked at.
const FINGERPRINT = "abc";

Deno.test("diffMemory() keeps changed pages, varying ones, and zeroed ones", () => {
  const fresh = new Uint8Array(4 * PAGE_SIZE).fill(1);
  const other = fresh.slice();
  other[PAGE_SIZE] = 9; // varies from start to start
  const memory = new Uint8Array(6 * PAGE_SIZE); // longer than a fresh one
  memory.set(fresh);
  memory.fill(0, 2 * PAGE_SIZE, 3 * PAGE_SIZE);
  memory[5 * PAGE_SIZE] = 7;
  const { runs, pages, byteLength } = diffMemory(memory, [fresh, other], REFERENCES);
  assert.deepEqual([...runs], [1, 2, 5, 1]);
  assert.equal(byteLength, memory.length);
  assert.equal(pages.length, 3 * PAGE_SIZE);
  assert.equal(pages[2 * PAGE_SIZE], 7);
});

Deno.test("decodeImage() answers what encodeImage() was given", async () => {
  const image = smallImage();
  assert.deepEqual(await decodeImage(await encodeImage(image) as Uint8Array<ArrayBuffer>), image);
});

for (
  const [what, damage] of [
    ["is cut short", (bytes: Uint8Array) => bytes.slice(0, -1)],
    ["is empty", () => new Uint8Array()],
    ["is something else", () => new TextEncoder().encode("#!/bin/sh\necho something else")],
    ["has a flipped bit in its pages", (bytes: Uint8Array) => {
      bytes[bytes.length - 100]! ^= 1;
      return bytes;
    }],
    ["has a damaged header", (bytes: Uint8Array) => {
      bytes[13] = 0;
      return bytes;
    }],
  ] as const
) {
  Deno.test(`ImageCache.read() does without an image that ${what}, and says so`, async () => {
    await using directory = await temporaryDirectory();
    const cache = new ImageCache(directory.path);
    await cache.write(FINGERPRINT, smallImage());
    const [file] = [...Deno.readDirSync(directory.path)].map(({ name }) =>
      `${directory.path}/${name}`
    );
    await Deno.writeFile(file!, damage(await Deno.readFile(file!)));
    using warned = warnings();
    assert.equal(await cache.read(FINGERPRINT), undefined);
    assert.match(warned.texts.join(), /Ignoring the memory image/);
  });
}

Deno.test("ImageCache keeps an image under its fingerprint and leaves no draft", async () => {
  await using directory = await temporaryDirectory();
  const cache = new ImageCache(`${directory.path}/made/for/it`);
  assert.equal(await cache.read(FINGERPRINT), undefined);
  assert.equal(await cache.write(FINGERPRINT, smallImage()), true);
  assert.deepEqual(await cache.read(FINGERPRINT), smallImage());
  assert.equal(await cache.read("other"), undefined);
  assert.deepEqual([...Deno.readDirSync(`${directory.path}/made/for/it`)].map(({ name }) => name), [
    "python-abc.image",
  ]);
});

Deno.test("ImageCache.write() answers false and says so when the directory cannot be written", async () => {
  await using directory = await temporaryDirectory({ "a file": "" });
  using warned = warnings();
  const cache = new ImageCache(`${directory.path}/a file/dir`);
  assert.equal(await cache.write(FINGERPRINT, smallImage()), false);
  assert.match(warned.texts.join(), /Cannot keep the memory image/);
});

Deno.test("ImageCache.write() keeps the newest few and nothing else of its own", async () => {
  await using directory = await temporaryDirectory({ "other.txt": "not an image" });
  const cache = new ImageCache(directory.path);
  for (let version = 0; version < 6; version++) {
    await cache.write(`v${version}`, smallImage());
    await Deno.utime(`${directory.path}/python-v${version}.image`, version, version);
  }
  await cache.write(FINGERPRINT, smallImage());
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(), [
    "other.txt",
    "python-abc.image",
    "python-v3.image",
    "python-v4.image",
    "python-v5.image",
  ]);
});
