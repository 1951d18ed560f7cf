import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeHead, readTrustedPackageImage } from "../../../kernel/pyodide/package_image_file.ts";
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

Deno.test("readTrustedPackageImage() reads the pages, and compiles the libraries", {
  sanitizeResources,
}, async () => {
  await using directory = await temporaryDirectory();
  const { pages, modules } = await readTrustedPackageImage(await writeImage(directory.path));
  assert.deepEqual([...pages], [1, 2, 3]);
  assert.ok(modules[0] instanceof WebAssembly.Module && modules.length === 1);
});

Deno.test(
  "readTrustedPackageImage() rejects when a library is not whole",
  { sanitizeResources },
  async () => {
    await using directory = await temporaryDirectory();
    const path = await writeImage(directory.path, { o: 0, s: LIBRARY.length + 1 });
    await assert.rejects(readTrustedPackageImage(path), /it is not whole/);
  },
);
