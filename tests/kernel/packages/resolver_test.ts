import assert from "node:assert/strict";
import { KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";
import { temporaryDirectory } from "../../support/mod.ts";
import { resolverWheels } from "./resolver_wheels.ts";

const libraries = await resolverWheels();

Deno.test("PackageStore.resolver() is made with libraries from the index, or the wheel directory", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([], { indexed: libraries });
  const { url, indexUrl } = distribution;
  // The list `deny` restricts kernels, not the store, which needs the libraries for itself.
  const options = { baseUrl: url, cacheDir: null, deny: ["packaging"] };
  const indexed = await createPackageStore({ ...options, indexUrl });
  const archive = await indexed.resolver();
  assert(archive);
  for (const { fileName, bytes } of libraries) {
    await Deno.writeFile(`${directory.path}/${fileName}`, bytes);
  }
  const local = await createPackageStore({ ...options, wheelsDir: directory.path });
  assert.deepEqual(await local.resolver(), archive);
  const without = await createPackageStore(options);
  assert.equal(await without.resolver(), undefined);
});

Deno.test("PackageStore.resolver() uses no library with another hash", async () => {
  await using directory = await temporaryDirectory();
  const other = makeWheel({
    name: "packaging",
    version: "26.4",
    files: { "packaging/__init__.py": "" },
  });
  await using distribution = await serveDistribution([], { indexed: [other, libraries[1]!] });
  await Deno.writeFile(`${directory.path}/${other.fileName}`, other.bytes);
  const store = await createPackageStore({
    baseUrl: distribution.url,
    indexUrl: distribution.indexUrl,
    wheelsDir: directory.path,
    cacheDir: null,
  });
  assert.equal(await store.resolver(), undefined);
});

/** Resolves in a kernel, and shows the steps of the plan and its notes. */
const RESOLVE = `
import importlib, io, js, sysconfig, zipfile
async def get(url):
    answer = await js.fetch(url)
    return answer.status, (await answer.arrayBuffer()).to_bytes()
_, archive = await get("packages:resolver")
zipfile.ZipFile(io.BytesIO(archive)).extractall(sysconfig.get_path("purelib"))
importlib.invalidate_caches()
import deno_resolver
async def resolve(*requirements):
    source = await deno_resolver.HostSource.open(get)
    question = deno_resolver.Question(requirements)
    try:
        plan = await deno_resolver.Resolution(question, source, deno_resolver.Environment.current()).obtain()
    except deno_resolver.ResolutionFailed as error:
        return str(error)
    steps = [f"{it.release} from the {it.release.origin.value}, {len(it.content)} bytes" for it in plan.steps]
    return "; ".join([*steps, *plan.notes])
`;

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel resolves requirements over the distribution and the index`, async () => {
    const tags = "cp314-cp314-pyemscripten_2026_0_wasm32";
    const depends = ["beta>=1; sys_platform == 'emscripten'", "gamma[x]"];
    const alpha = makeWheel({ name: "alpha", version: "1", files: {}, depends });
    const beta = makeWheel({ name: "beta", version: "1", files: {}, tags });
    const gammas = ["1", "2"].map((version) =>
      makeWheel({
        name: "gamma",
        version,
        files: {},
        depends: [`beta${version === "2" ? "<1" : ""}`],
      })
    );
    const native = makeWheel({
      name: "native",
      version: "1",
      files: {},
      tags: "cp314-cp314-win32",
    });
    await using distribution = await serveDistribution([beta], {
      indexed: [alpha, ...gammas, native, ...libraries],
    });
    const { url: baseUrl, indexUrl } = distribution;
    await using manager = new KernelManager({
      packages: { baseUrl, indexUrl, cacheDir: null, deny: ["denied"] },
    });
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    const value = async (code: string) => {
      const { error, result } = await kernel.execute(code);
      assert.equal(error, null, `${error?.evalue}`);
      return result?.data["text/plain"];
    };
    await value(RESOLVE);
    const size = ({ bytes }: { bytes: Uint8Array }) => `${bytes.length} bytes`;
    assert.equal(
      await value("print(await resolve('alpha'))\nawait resolve('alpha')"),
      `"${
        [
          `beta 1 from the distribution, ${size(beta)}`,
          `gamma 1 from the index, ${size(gammas[0]!)}`,
          `alpha 1 from the index, ${size(alpha)}`,
          "gamma 1 has no extra 'x'",
        ].join("; ")
      }"`,
    );
    assert.equal(
      await value("await resolve('native')"),
      "'Cannot install native: native 1 has wheels for other platforms only (Windows)'",
    );
    assert.equal(
      await value("await resolve('denied')"),
      `'Cannot install denied: no source has such a package\\nThe package "denied" is not allowed on this server'`,
    );
    assert(!distribution.requests.includes("/simple/denied/"));
    // The user's own versions of the libraries are other modules.
    assert.equal(
      await value(
        "import sys\n[name for name in ('packaging', 'resolvelib') if name in sys.modules]",
      ),
      "[]",
    );
  });
}
