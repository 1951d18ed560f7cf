import assert from "node:assert/strict";
import { PackageCache } from "../../../kernel/packages/package_cache.ts";
import { temporaryDirectory } from "../../support/mod.ts";

function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name);
}

Deno.test("PackageCache evicts the oldest files and addresses when there are too many", async () => {
  await using directory = await temporaryDirectory();
  const limits = { files: 3, addresses: 5, writes: 4 };
  const cache = new PackageCache(directory.path, 1_000_000, limits);
  const written: string[] = [];
  for (let index = 0; index < 40; index++) {
    const sha256 = await cache.write(new Uint8Array([index]));
    written.push(sha256);
    const age = new Date(1_000_000_000_000 + index * 1_000);
    await Deno.utime(`${directory.path}/files/${sha256}`, age, age);
    await cache.remember(`page ${index}`, { sha256, contentType: "" });
  }
  const files = names(`${directory.path}/files`);
  const addresses = names(`${directory.path}/addresses`);
  assert(files.length <= limits.files + limits.writes, `${files.length} files`);
  assert(addresses.length <= limits.addresses + limits.writes, `${addresses.length} addresses`);
  assert(files.includes(written.at(-1)!));
  assert.deepEqual(await cache.read(written.at(-1)!), new Uint8Array([39]));
});

Deno.test("PackageCache.exclusively() runs without a lock where the directory cannot be written to", async () => {
  await using directory = await temporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/file`, "");
  const cache = new PackageCache(`${directory.path}/file`, 1_000);
  assert.equal(await cache.exclusively("key", () => Promise.resolve(42)), 42);
});
