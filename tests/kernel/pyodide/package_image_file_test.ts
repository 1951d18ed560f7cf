import assert from "node:assert/strict";
import { join } from "node:path";
import { partsOf } from "../../../kernel/pyodide/package_image.ts";
import { encodeHead, openTrustedPackageImage } from "../../../kernel/pyodide/package_image_file.ts";
import { temporaryDirectory } from "../../support/mod.ts";

/** The file of an opened image stays open for as long as its process lives. */
const sanitizeResources = false;

/** The smallest module of WebAssembly. */
const LIBRARY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** Writes an image with one library; `library` is where its record says that the library is. */
async function writeImage(directory: string, library = { o: 0, s: LIBRARY.length }) {
  const record = new TextEncoder().encode(JSON.stringify({
    tree: { c: { "one.so": library } },
    links: { libraries: [{ path: "/one.so" }] },
  }));
  const parts = { record, pages: new Uint8Array([1, 2, 3]), contents: LIBRARY };
  const headers = Object.fromEntries(
    Object.entries(parts).map(([name, { length }]) => [name, { bytes: length, sha256: "" }]),
  ) as Record<keyof typeof parts, { bytes: number; sha256: string }>;
  const path = join(directory, "image");
  const chunks = [encodeHead({ facts: {}, ...headers }), ...Object.values(parts)];
  await Deno.writeFile(path, ReadableStream.from(chunks));
  return path;
}

Deno.test(
  "openTrustedPackageImage() gives an image its large parts only when they are handed over",
  { sanitizeResources },
  async () => {
    await using directory = await temporaryDirectory();
    const path = await writeImage(directory.path);
    const { image, rest } = await openTrustedPackageImage(path, Promise.resolve());
    let arrived = false;
    const parts = partsOf(image).finally(() => arrived = true);
    const handOver = await rest;
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(arrived, false);
    handOver();
    const { pages, modules } = await parts;
    assert.deepEqual([...pages], [1, 2, 3]);
    assert.ok(modules[0] instanceof WebAssembly.Module && modules.length === 1);
  },
);

Deno.test("openTrustedPackageImage() tells by the rest that a library is missing", {
  sanitizeResources,
}, async () => {
  await using directory = await temporaryDirectory();
  const path = await writeImage(directory.path, { o: 0, s: LIBRARY.length + 1 });
  const { image, rest } = await openTrustedPackageImage(path, Promise.resolve());
  await assert.rejects(rest, /it is not whole/);
  if (image.parts instanceof MessagePort) image.parts.close();
});
