import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { engineFlags } from "../../../../kernel/hosts/process/command.ts";
import { ModuleCache } from "../../../../kernel/hosts/process/module_cache.ts";
import { PythonEngine } from "../../../../kernel/pyodide/engine.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

const ENGINE = new URL("../../../support/echo_engine/", import.meta.url);
const ENTRIES = {
  processEntry: new URL("process_entry.ts", ENGINE),
  workerEntry: new URL("worker_entry.ts", ENGINE),
  directories: [
    fileURLToPath(new URL("../../../../kernel", import.meta.url)),
    fileURLToPath(ENGINE),
  ],
  flags: engineFlags({ allowEval: false }),
};

/** The paths below a directory. */
function tree(path: string): string[] {
  return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory ? tree(`${path}/${name}`) : [`${path}/${name}`]
  );
}

Deno.test("ModuleCache.compiled() makes a directory with the modules of the process and its worker", async () => {
  await using cache = await temporaryDirectory();
  const path = await new ModuleCache(cache.path).compiled(ENTRIES);
  const files = tree(path);
  for (const entry of ["process_entry.ts", "worker_entry.ts", "runtime.ts"]) {
    assert(files.some((file) => file.includes(`/echo_engine/${entry}`)), entry);
  }
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o755);
  assert.deepEqual([...Deno.readDirSync(cache.path)].map(({ name }) => `${cache.path}/${name}`), [
    path,
  ]);
});

Deno.test("ModuleCache.compiled() takes the modules of Python, which import no packages", async () => {
  await using cache = await temporaryDirectory();
  const engine = new PythonEngine({ packages: false });
  assert(engine.selfContained, "set-up has not made what kernels load");
  const { readable } = await engine.locate();
  const directories = readable.filter((path) => Deno.statSync(path).isDirectory);
  const path = await new ModuleCache(cache.path).compiled({
    ...ENTRIES,
    processEntry: engine.processEntry,
    workerEntry: engine.workerEntry,
    directories: [...ENTRIES.directories, ...directories],
  });
  assert(tree(path).some((file) => file.endsWith("/kernel/pyodide/worker_entry.ts.js")));
});

Deno.test("ModuleCache.compiled() makes it once, also in another process", async () => {
  await using cache = await temporaryDirectory();
  const modules = new ModuleCache(cache.path);
  const [one, other] = await Promise.all([modules.compiled(ENTRIES), modules.compiled(ENTRIES)]);
  assert.equal(one, other);
  await Deno.writeTextFile(`${one}/mark`, "");
  assert.equal(await new ModuleCache(cache.path).compiled(ENTRIES), one);
  assert(await Deno.stat(`${one}/mark`));
});

Deno.test("ModuleCache.compiled() makes another one for other flags and for changed modules", async () => {
  await using cache = await temporaryDirectory();
  await using changing = await temporaryDirectory({ "module.ts": "1" });
  const entries = { ...ENTRIES, directories: [...ENTRIES.directories, changing.path] };
  const first = await new ModuleCache(cache.path).compiled(entries);
  await Deno.writeTextFile(`${changing.path}/module.ts`, "12");
  const second = await new ModuleCache(cache.path).compiled(entries);
  const third = await new ModuleCache(cache.path).compiled({
    ...entries,
    flags: engineFlags({ allowEval: true }),
  });
  assert.equal(new Set([first, second, third]).size, 3);
});

Deno.test("ModuleCache.compiled() leaves nothing behind when a module cannot be loaded, and tries again", async () => {
  await using cache = await temporaryDirectory();
  await using engine = await temporaryDirectory({ "worker.ts": "throw new Error('broken')" });
  const entries = {
    ...ENTRIES,
    workerEntry: new URL(`file://${engine.path}/worker.ts`),
    directories: [engine.path],
  };
  const modules = new ModuleCache(cache.path);
  await assert.rejects(modules.compiled(entries), /broken/);
  assert.deepEqual([...Deno.readDirSync(cache.path)], []);
  await Deno.writeTextFile(`${engine.path}/worker.ts`, "export {};");
  assert(await modules.compiled(entries));
});

Deno.test("ModuleCache.compiled() makes a directory again that somebody has removed", async () => {
  await using cache = await temporaryDirectory();
  const modules = new ModuleCache(cache.path);
  const path = await modules.compiled(ENTRIES);
  await Deno.remove(path, { recursive: true });
  assert.deepEqual(
    await Promise.all([modules.compiled(ENTRIES), modules.compiled(ENTRIES)]),
    [path, path],
  );
  assert(tree(path).length > 0);
});

Deno.test("ModuleCache.compiled() removes directories that nobody has used for a day, beyond some", async () => {
  await using cache = await temporaryDirectory();
  const old = new Date(Date.now() - 48 * 3_600_000);
  const names = Array.from({ length: 40 }, (_, index) => `modules-${`${index}`.padStart(32, "0")}`);
  for (const [index, name] of names.entries()) {
    await Deno.mkdir(`${cache.path}/${name}`);
    if (index < 30) await Deno.utime(`${cache.path}/${name}`, old, old);
  }
  for (const name of ["making-modules-old", "making-modules-new"]) {
    await Deno.mkdir(`${cache.path}/${name}`);
  }
  await Deno.utime(`${cache.path}/making-modules-old`, old, old);
  const path = await new ModuleCache(cache.path).compiled(ENTRIES);
  const drafts = [...Deno.readDirSync(cache.path)].filter(({ name }) => name.startsWith("making"));
  assert.deepEqual(drafts.map(({ name }) => name), ["making-modules-new"]);
  await Deno.remove(`${cache.path}/making-modules-new`);
  const left = [...Deno.readDirSync(cache.path)].map(({ name }) => name);
  assert.equal(left.length, 24);
  for (const name of names.slice(30)) assert(left.includes(name), name);
  assert(left.includes(path.split("/").at(-1)!));
});
