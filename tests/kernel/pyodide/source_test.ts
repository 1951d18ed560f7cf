import assert from "node:assert/strict";
import { join } from "node:path";
import { assetPath } from "../../../kernel/pyodide/pinned.ts";
import { defaultCacheDir } from "../../../kernel/cache_directory.ts";
import { RuntimeSource } from "../../../kernel/pyodide/source.ts";
import { temporaryDirectory } from "../../support/mod.ts";

/** A source whose directory has what the set-up has made. */
async function preparedSource() {
  await new RuntimeSource().prepare();
  const directory = await temporaryDirectory();
  for await (const { name, isFile } of Deno.readDir(defaultCacheDir()!)) {
    if (!isFile || name.endsWith(".tmp")) continue;
    await Deno.copyFile(join(defaultCacheDir()!, name), join(directory.path, name));
  }
  const built: string[] = [];
  const source = new RuntimeSource({
    cacheDir: directory.path,
    onBuild: (what) => void built.push(what),
  });
  return {
    source,
    built,
    dir: directory.path,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

Deno.test("RuntimeSource.paths() answers where what was made is", async () => {
  await using it = await preparedSource();
  const { stdlibPath, imagePath } = await it.source.paths();
  assert.deepEqual(it.built, []);
  assert.ok(stdlibPath.startsWith(it.dir), stdlibPath);
  assert.ok(imagePath?.startsWith(it.dir), `${imagePath}`);
});

for (const what of ["stdlib", "python"]) {
  Deno.test(`RuntimeSource.paths() answers the stock library and no image when the ${what} file was removed meanwhile`, async () => {
    await using it = await preparedSource();
    await it.source.prepare();
    for (const { name } of Deno.readDirSync(it.dir)) {
      if (name.startsWith(what)) await Deno.remove(join(it.dir, name));
    }
    const { stdlibPath, imagePath } = await it.source.paths();
    assert.deepEqual([stdlibPath, imagePath], [assetPath("python_stdlib.zip"), null]);
  });
}
