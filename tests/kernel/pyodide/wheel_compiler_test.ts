import assert from "node:assert/strict";
import { defaultHosts } from "../../../kernel/default_hosts.ts";
import { KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { readBytecodeArchive } from "../../../kernel/packages/bytecode_archive.ts";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import { createWheelCompiler } from "../../../kernel/pyodide/wheel_compiler.ts";
import { sha256 } from "../../../kernel/whole_file.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";
import { temporaryDirectory } from "../../support/mod.ts";

const compile = createWheelCompiler((init) => defaultHosts().process(init));

const wheel = makeWheel({
  name: "alpha",
  version: "1.0",
  files: {
    "alpha/__init__.py": "from .deep import value",
    "alpha/deep.py": "value = 42",
    "alpha/template.py": "{{ no Python }}",
    "alpha/nested.py": `value = ${"(".repeat(10_000)}`,
    "alpha/data.txt": "value",
  },
});

Deno.test("createWheelCompiler() compiles the sources of a wheel, and leaves out what is none", async () => {
  const archive = await compile(wheel.bytes, new AbortController().signal);
  const { header, contents } = readBytecodeArchive(archive);
  assert.deepEqual(header.files.map(([path]) => path), [
    "alpha/__pycache__/__init__.cpython-314.pyc",
    "alpha/__pycache__/deep.cpython-314.pyc",
  ]);
  assert.equal(header.record, "alpha-1.0.dist-info/RECORD");
  assert.equal(
    header.files.reduce((sum, [, , packedSize]) => sum + packedSize, 0),
    contents.length,
  );
});

Deno.test("createWheelCompiler() rejects what is no wheel, and when it is told to stop", async () => {
  const { signal } = new AbortController();
  await assert.rejects(compile(new Uint8Array([1, 2, 3]), signal), /BadZipFile/);
  const stopped = new AbortController();
  const compiling = compile(wheel.bytes, stopped.signal);
  stopped.abort(new Error("enough"));
  await assert.rejects(compiling);
});

Deno.test("kernels import compiled files, until somebody edits the source", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([wheel]);
  const packages = { baseUrl: distribution.url, cacheDir: directory.path };
  await using store = await createPackageStore(packages, { compile });
  const name = await sha256(new Uint8Array(await store.package("alpha")));
  assert.equal(await store.bytecode(name), undefined);
  await store.compiled;
  await using manager = new KernelManager({ packages });
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
    const id = await manager.createKernel({ mode, packages: ["alpha"] });
    const { result, error } = await manager.execute(
      id,
      `
import importlib._bootstrap_external as imports, importlib.metadata, sys
compiled = []
def note(data, name=None, *rest, _load=imports._compile_bytecode, **more):
    compiled.append(name)
    return _load(data, name, *rest, **more)
imports._compile_bytecode = note
import alpha
before = alpha.value
with open(alpha.deep.__file__, "w") as file:
    file.write("value = 43")
for module in ("alpha", "alpha.deep"):
    del sys.modules[module]
import alpha
recorded = [str(it) for it in importlib.metadata.files("alpha") if it.suffix == ".pyc"]
before, alpha.value, compiled, len(recorded)`,
    );
    assert.equal(error, null, error?.evalue);
    assert.equal(
      result?.data["text/plain"],
      "(42, 43, ['alpha', 'alpha.deep', 'alpha'], 2)",
    );
  }
});
