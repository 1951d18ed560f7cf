import assert from "node:assert/strict";
import { defaultHosts } from "../../../kernel/default_hosts.ts";
import { type Kernel, KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { createBroker } from "../../../kernel/packages/broker.ts";
import type { PackageStoreOptions } from "../../../kernel/packages/package_store.ts";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import { createPlanner } from "../../../kernel/pyodide/planner.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";
import { resolverWheels } from "../packages/resolver_wheels.ts";

const libraries = await resolverWheels();
const alpha = makeWheel({
  name: "alpha",
  version: "1.0",
  files: { "alpha.py": "" },
  depends: ["beta<3"],
});
const betas = ["1.0", "2.0", "3.0"].map((version) =>
  makeWheel({ name: "beta", version, files: { "beta.py": `version = "${version}"` } })
);
const gamma = makeWheel({ name: "gamma", version: "1.0", files: {}, depends: ["beta<2"] });
const native = makeWheel({ name: "native", version: "1", files: {}, tags: "cp314-cp314-win32" });

const hosts = defaultHosts();

/** Opens a store that keeps plans. */
async function openStore(options: PackageStoreOptions, now?: () => number) {
  const store = await createPackageStore(options, {
    makePlan: createPlanner(
      (init) => hosts.process(init),
      createBroker(() => Promise.resolve(store)),
    ),
    ...(now && { now }),
  });
  return store;
}

function question(...requirements: string[]): string {
  const options = { upgrade: false, prereleases: false, dependencies: true };
  return JSON.stringify({ requirements, constraints: [], ...options });
}

async function run(kernel: Kernel, code: string): Promise<string> {
  const { error, outputs } = await kernel.execute(code);
  assert.equal(error, null, error?.evalue);
  return outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
}

Deno.test("a plan is made by an interpreter of nobody, and kernels install by it without reading pages", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([alpha], {
    indexed: [...betas, gamma, native, ...libraries],
  });
  const { url: baseUrl, indexUrl, requests } = distribution;
  const options = { baseUrl, indexUrl, cacheDir: directory.path };
  {
    await using store = await openStore(options);
    for (const it of ["alpha", "native", "beta"]) {
      assert.equal(await store.plan(question(it)), undefined);
    }
    await store.planned;
    const plan = await store.plan(question("alpha"));
    assert.deepEqual(
      plan?.install.map(({ name, version, origin, requested }) => [
        name,
        version,
        origin,
        requested,
      ]),
      [["beta", "2.0", "index", false], ["alpha", "1.0", "distribution", true]],
    );
    assert.equal(await store.plan(question("native")), undefined, "it cannot be installed");
  }
  const isPage = (path: string) => path.startsWith("/simple/");
  requests.length = 0;
  await using manager = new KernelManager({ packages: options });
  const fresh = async () =>
    manager.getKernel(await manager.createKernel({ mode: KernelMode.WORKER }));
  const kernel = await fresh();
  assert.equal(await run(kernel, "%pip install alpha"), "Installed alpha-1.0 beta-2.0\n");
  assert.deepEqual(requests.filter(isPage), []);
  assert.equal(await run(kernel, "%pip install alpha"), "There already: alpha\n");
  assert.equal(await run(kernel, "import beta\nprint(beta.version)"), "2.0\n");
  const shown = await run(await fresh(), "%pip install --dry-run alpha");
  assert.match(
    shown,
    /^Would install alpha-1\.0 beta-2\.0\n {2}beta==2\.0 --hash=sha256:[0-9a-f]{64} {2}# /,
  );
  assert.deepEqual(requests.filter(isPage), []);

  // A kernel with another version there asks the resolution, which keeps that version.
  const other = await fresh();
  await run(other, "%pip install beta==1.0");
  assert.equal(await run(other, "%pip install alpha"), "Installed alpha-1.0\n");
  // One with a package that needs another version is told so.
  const third = await fresh();
  await run(third, "%pip install --no-deps gamma");
  assert.match(
    await run(third, "%pip install beta"),
    /gamma 1\.0, which is installed, needs beta<2/,
  );
});

Deno.test("PackageStore.plan() says what could not be reached, and keeps no plan without hashes", async () => {
  await using directory = await temporaryDirectory();
  // The list of the distribution does without the package that cannot be had.
  await using distribution = await serveDistribution([alpha], {
    indexed: [...betas, ...libraries],
    lies: { alpha: { depends: [] } },
  });
  const { url: baseUrl, indexUrl, answers } = distribution;
  const page = { meta: { "api-version": "1.0" }, name: "zeta" };
  const headers = { "Content-Type": "application/vnd.pypi.simple.v1+json" };
  const files = [{ filename: "zeta-1-py3-none-any.whl", url: "/zeta-1-py3-none-any.whl" }];
  answers.set("/simple/zeta/", () => new Response(JSON.stringify({ ...page, files }), { headers }));
  answers.set(
    "/zeta-1-py3-none-any.whl",
    () => new Response(makeWheel({ name: "zeta", version: "1", files: {} }).bytes),
  );
  answers.set("/simple/beta/", () => new Response("", { status: 503 }));
  await using store = await openStore({ baseUrl, indexUrl, cacheDir: directory.path });
  using warned = warnings();
  const asked = () => Promise.all(["zeta", "beta", "alpha"].map((it) => store.plan(question(it))));
  assert.deepEqual(await asked(), [undefined, undefined, undefined]);
  await store.planned;
  const [zeta, beta, lacking] = await asked();
  assert.deepEqual([zeta, beta], [undefined, undefined], "one has no hash, the other no page");
  assert.deepEqual([lacking?.install[0]?.name, lacking?.complete], ["alpha", false]);
  assert.match(`${lacking?.notes}`, /it answers with the status 503/);
  assert.deepEqual(warned.texts, []);
});

Deno.test("PackageStore.plan() makes a plan anew when it is old, or the wheel directory has changed", async () => {
  await using directory = await temporaryDirectory();
  await using wheels = await temporaryDirectory();
  await using distribution = await serveDistribution([], { indexed: [...betas, ...libraries] });
  const { url: baseUrl, indexUrl } = distribution;
  let time = Date.now();
  const options = { baseUrl, indexUrl, cacheDir: directory.path, wheelsDir: wheels.path };
  await using store = await openStore({ ...options, planSeconds: 60 }, () => time);
  const planned = async () => {
    await store.plan(question("beta"));
    await store.planned;
    return (await store.plan(question("beta")))?.install[0]?.version;
  };
  assert.equal(await planned(), "3.0");
  time += 60_000;
  assert.equal(await store.plan(question("beta")), undefined);
  await store.planned;
  assert.equal(await planned(), "3.0");
  await Deno.writeFile(`${wheels.path}/${betas[0]!.fileName}`, betas[0]!.bytes);
  assert.equal(await planned(), "1.0");
});
