import assert from "node:assert/strict";
import { createPackageStore } from "../../../kernel/pyodide/package_source.ts";
import type { PackageStore, PackageStoreOptions } from "../../../kernel/packages/package_store.ts";
import {
  type Distribution,
  type DistributionOptions,
  makeWheel,
  serveDistribution,
} from "../../support/distribution.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const alpha = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": "value = 1" } });
const beta = makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 2" } });

interface Fixture extends AsyncDisposable {
  distribution: Distribution;
  cacheDir: string;
  store: PackageStore;
  /** Another server's, with the same cache. */
  another(options?: PackageStoreOptions): Promise<PackageStore>;
}

async function fixture(
  options: PackageStoreOptions = {},
  served: DistributionOptions = {},
): Promise<Fixture> {
  const directory = await temporaryDirectory();
  const distribution = await serveDistribution([alpha, beta], served);
  const common = { baseUrl: distribution.url, cacheDir: directory.path };
  const another = (more: PackageStoreOptions = {}) => createPackageStore({ ...common, ...more });
  return {
    distribution,
    cacheDir: directory.path,
    store: await another(options),
    another,
    async [Symbol.asyncDispose]() {
      await distribution[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** The files that the cache keeps, drafts included. */
function kept(cacheDir: string): string[] {
  try {
    return [...Deno.readDirSync(`${cacheDir}/files`)].map(({ name }) => name);
  } catch {
    return [];
  }
}

Deno.test("PackageStore.package() gives a package's bytes, and fetches them once", async () => {
  await using it = await fixture();
  const files = await Promise.all([it.store.package("alpha"), it.store.package("Alpha")]);
  for (const bytes of files) assert.deepEqual(bytes, alpha.bytes);
  await it.store.package("alpha");
  assert.deepEqual(await (await it.another()).package("alpha"), alpha.bytes);
  assert.equal(it.distribution.requests.filter((path) => path.includes("alpha")).length, 1);
});

Deno.test("PackageStore.package() downloads once for servers that ask at the same moment", async () => {
  await using it = await fixture();
  const stores = await Promise.all(Array.from({ length: 4 }, () => it.another()));
  const files = await Promise.all(stores.map((store) => store.package("beta")));
  for (const bytes of files) assert.deepEqual(bytes, beta.bytes);
  assert.equal(it.distribution.requests.filter((path) => path.includes("beta")).length, 1);
});

Deno.test("PackageStore works from its cache when the distribution cannot be reached", async () => {
  const it = await fixture();
  await it.store.package("alpha");
  await it.distribution[Symbol.asyncDispose]();
  const offline = await it.another();
  assert.deepEqual(await offline.package("alpha"), alpha.bytes);
  await assert.rejects(offline.package("beta"), {
    code: "not_found",
    message: /Cannot reach http:\/\/127/,
  });
  await Deno.remove(it.cacheDir, { recursive: true });
});

Deno.test("PackageStore.package() refuses a file that is not what the list says", async () => {
  await using it = await fixture({}, { lies: { alpha: { sha256: "0".repeat(64) } } });
  await assert.rejects(it.store.package("alpha"), {
    code: "protocol_violation",
    message: /its content is not what the package list says \(sha256\)/,
  });
  assert.deepEqual(kept(it.cacheDir).length, 1); // The list itself.
});

Deno.test("PackageStore.package() does not use what was damaged in its cache", async () => {
  await using it = await fixture();
  await it.store.package("alpha");
  for (const name of kept(it.cacheDir)) {
    const path = `${it.cacheDir}/files/${name}`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await Deno.writeFile(path, bytes);
  }
  assert.deepEqual(await it.store.package("alpha"), alpha.bytes);
  assert.equal(it.distribution.requests.filter((path) => path.includes("alpha")).length, 2);
});

Deno.test("PackageStore takes no notice of what a server that was killed has left half written", async () => {
  await using it = await fixture();
  await Deno.mkdir(`${it.cacheDir}/files`, { recursive: true });
  const draft = `${it.cacheDir}/files/${"a".repeat(64)}.${crypto.randomUUID()}.tmp`;
  await Deno.writeTextFile(draft, "half of");
  await Deno.utime(draft, 1, 1);
  assert.deepEqual(await it.store.package("alpha"), alpha.bytes);
  assert(kept(it.cacheDir).every((name) => !name.endsWith(".tmp")));
});

Deno.test("PackageStore keeps no more than it may, what was used last", async () => {
  await using it = await fixture({ cacheBytes: 1 });
  await it.store.package("alpha");
  await it.store.package("beta");
  assert.equal(kept(it.cacheDir).length, 1);
  assert.deepEqual(await it.store.package("alpha"), alpha.bytes);
});

Deno.test("PackageStore.list() refuses the list of another Pyodide and what is none", async () => {
  await using it = await fixture({}, { info: { abi_version: "2020_0" } });
  await assert.rejects(it.store.list(), { message: /for another Pyodide: its ABI is 2020_0/ });
  it.distribution.answers.set("/pyodide-lock.json", () => new Response("<html>"));
  await assert.rejects((await it.another()).list(), { message: /is not JSON/ });
  it.distribution.answers.set("/pyodide-lock.json", () => new Response('{"packages": {}}'));
  await assert.rejects((await it.another()).list(), { message: /pyodide-lock\.json": info/ });
});

Deno.test("PackageStore.package() refuses wheels of other platforms and packages that there are not", async () => {
  const tags = "cp311-cp311-manylinux_2_17_x86_64";
  const other = makeWheel({ name: "other", version: "1", files: {}, tags });
  await using distribution = await serveDistribution([other]);
  const store = await createPackageStore({ baseUrl: distribution.url, cacheDir: null });
  await assert.rejects(store.package("other"), {
    message:
      /does not run here: use a wheel of pure Python \(py3-none-any\), or one for this Pyodide/,
  });
  await assert.rejects(store.package("nosuch"), { code: "not_found" });
  await assert.rejects(store.package("../pyodide-lock.json"), { code: "not_found" });
});

Deno.test("PackageStore.package() gives up a file that is too large, or cut short", async () => {
  await using it = await fixture({ maxFileBytes: 100_000 });
  const huge = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      }),
    );
  it.distribution.answers.set(`/${alpha.fileName}`, huge);
  await assert.rejects(it.store.package("alpha"), {
    code: "limit_exceeded",
    message: /larger than 100000 bytes/,
  });
  it.distribution.answers.set(`/${alpha.fileName}`, () => new Response(alpha.bytes.slice(0, 50)));
  await assert.rejects(it.store.package("alpha"), { code: "protocol_violation" });
  it.distribution.answers.delete(`/${alpha.fileName}`);
  assert.deepEqual(await it.store.package("alpha"), alpha.bytes);
});

Deno.test("PackageStore.package() heeds what is allowed and denied", async () => {
  await using it = await fixture({ deny: ["ALPHA"] });
  await assert.rejects(it.store.package("alpha"), { code: "permission_denied" });
  const strict = await it.another({ allow: ["alpha"] });
  await assert.rejects(strict.package("beta"), { code: "permission_denied" });
  await strict.package("alpha");
});

Deno.test("PackageStore prefers the wheels of its directory, and reads a distribution from one", async () => {
  const newer = makeWheel({
    name: "alpha",
    version: "9.0",
    files: { "alpha.py": "value = 9", "alpha_more/__init__.py": "" },
    depends: ["beta", "gamma; extra == 'x'"],
  });
  await using wheels = await temporaryDirectory();
  await Deno.writeFile(`${wheels.path}/${newer.fileName}`, newer.bytes);
  await Deno.writeTextFile(`${wheels.path}/broken-1-py3-none-any.whl`, "no wheel");
  await using it = await fixture({ wheelsDir: wheels.path });
  using warned = warnings();
  const { lock } = await it.store.list();
  assert.match(warned.texts.join(), /Leaving out the wheel "broken-1-py3-none-any\.whl"/);
  const { version, imports, depends } = lock.packages["alpha"]!;
  assert.deepEqual([version, imports, depends], ["9.0", ["alpha", "alpha_more"], ["beta"]]);
  assert.deepEqual(await it.store.package("alpha"), newer.bytes);

  await using directory = await temporaryDirectory();
  const list = await (await fetch(`${it.distribution.url}/pyodide-lock.json`)).text();
  await Deno.writeTextFile(`${directory.path}/pyodide-lock.json`, list);
  await Deno.writeFile(`${directory.path}/${beta.fileName}`, beta.bytes);
  const local = await createPackageStore({ baseUrl: directory.path, cacheDir: null });
  assert.deepEqual(await local.package("beta"), beta.bytes);
  await assert.rejects(local.package("alpha"), { code: "not_found", message: /Cannot read/ });
});

Deno.test("PackageStore.list() has every version of its directory, the newest first", async () => {
  await using wheels = await temporaryDirectory();
  for (const version of ["1.9", "1.10"]) {
    const wheel = makeWheel({ name: "alpha", version, files: { "alpha.py": "" } });
    await Deno.writeFile(`${wheels.path}/${wheel.fileName}`, wheel.bytes);
  }
  await using it = await fixture({ wheelsDir: wheels.path, allow: ["alpha"] });
  const { packages } = (await it.store.list()).lock;
  const own = alpha.source.version;
  assert.deepEqual(
    Object.entries(packages).filter(([key]) => key.startsWith("alpha")).map(([key, found]) => [
      key,
      found.version,
      found.imports.length,
    ]),
    [["alpha", "1.10", 1], ["alpha==1.9", "1.9", 0], [`alpha==${own}`, own, 0]],
  );
  assert.deepEqual(await it.store.package(`alpha==${own}`), alpha.bytes);
  await assert.rejects(it.store.package("alpha==7"), { code: "not_found" });
});

Deno.test("PackageStore.list() has wheels that were added, replaced and removed later", async () => {
  await using wheels = await temporaryDirectory();
  await using it = await fixture({ wheelsDir: wheels.path });
  const own = async () => {
    const { lock } = await it.store.list();
    return Object.values(lock.packages).filter(({ name }) => name === "gamma");
  };
  assert.deepEqual(await own(), []);
  const [first, second] = ["value = 1", "value = 'two'"].map((text) =>
    makeWheel({ name: "gamma", version: "1", files: { "gamma.py": text } })
  );
  const path = `${wheels.path}/${first!.fileName}`;
  await Deno.writeFile(path, first!.bytes);
  assert.equal((await own()).length, 1);
  assert.deepEqual(await it.store.package("gamma"), first!.bytes);
  await Deno.writeFile(path, second!.bytes);
  assert.deepEqual(await it.store.package("gamma"), second!.bytes);
  await Deno.remove(path);
  assert.deepEqual(await own(), []);
});

Deno.test("PackageStore.fetch() reaches the index and nothing else", async () => {
  await using elsewhere = await serveDistribution([beta]);
  await using it = await fixture();
  await assert.rejects(it.store.fetch(`${it.distribution.indexUrl}/alpha/`), {
    code: "permission_denied",
    message: /the server no package index/,
  });
  const { distribution } = it;
  const store = await it.another({ indexUrl: `${distribution.indexUrl}/` });
  assert.equal((await store.list()).indexUrl, distribution.indexUrl);
  const page = await store.fetch(`${distribution.indexUrl}/alpha/`);
  assert.deepEqual([page.status, page.contentType], [200, "application/vnd.pypi.simple.v1+json"]);
  const port = new URL(distribution.url).port;
  for (
    const url of [
      `${elsewhere.url}/pyodide-lock.json`,
      `http://localhost:${port}/simple/alpha/`,
      `http://user:password@127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      "file:///etc/passwd",
      "data:text/plain,x",
      "blob:null/x",
      "//127.0.0.1/",
      "nothing",
      "",
    ]
  ) await assert.rejects(store.fetch(url), { code: "permission_denied" }, url);
  assert.deepEqual(elsewhere.requests, []);
});

Deno.test("PackageStore.fetch() follows redirects to configured servers only", async () => {
  await using elsewhere = await serveDistribution([beta]);
  await using it = await fixture();
  const { answers, indexUrl, url } = it.distribution;
  const redirect = (to: string) => () =>
    new Response(null, { status: 302, headers: { Location: to } });
  const store = await it.another({ indexUrl });
  answers.set("/simple/a/", redirect(`${elsewhere.url}/secret`));
  await assert.rejects(store.fetch(`${indexUrl}/a/`), { code: "permission_denied" });
  answers.set("/simple/b/", redirect("file:///etc/passwd"));
  await assert.rejects(store.fetch(`${indexUrl}/b/`), { code: "permission_denied" });
  answers.set("/simple/c/", redirect("/simple/c/"));
  await assert.rejects(store.fetch(`${indexUrl}/c/`), { message: /too many redirects/ });
  answers.set("/simple/d/", redirect("/simple/alpha/"));
  assert.equal((await store.fetch(`${indexUrl}/d/`)).url, `${url}/simple/alpha/`);
  const wider = await it.another({ indexUrl, origins: [elsewhere.url] });
  assert.equal((await wider.fetch(`${indexUrl}/a/`)).status, 404);
  assert.deepEqual(elsewhere.requests, ["/secret"]);
});

Deno.test("PackageStore.fetch() heeds what is denied, and uses what was there when the index is away", async () => {
  const it = await fixture();
  const { indexUrl } = it.distribution;
  const store = await it.another({ indexUrl, deny: ["beta"] });
  for (const path of ["/beta/", "//beta/", "/BETA", "/b%65ta/"]) {
    await assert.rejects(store.fetch(indexUrl + path), { code: "permission_denied" }, path);
  }
  await assert.rejects(store.fetch(`${it.distribution.url}/${beta.fileName}`), {
    code: "permission_denied",
  });
  await store.fetch(`${indexUrl}/alpha/`);
  await it.distribution[Symbol.asyncDispose]();
  using warned = warnings();
  const page = await store.fetch(`${indexUrl}/alpha/`);
  assert.match(new TextDecoder().decode(page.bytes), /alpha-1\.0/);
  assert.match(warned.texts.join(), /Cannot reach .*; using what was there before/);
  await Deno.remove(it.cacheDir, { recursive: true });
});

Deno.test("PackageStore.list() tells kernels no paths of this machine, and names no package by accident", async () => {
  await using wheels = await temporaryDirectory();
  await Deno.writeFile(`${wheels.path}/${beta.fileName}`, beta.bytes);
  await using it = await fixture({ wheelsDir: wheels.path });
  const list = JSON.stringify(await it.store.list());
  assert.match(list, new RegExp(beta.fileName));
  assert(!list.includes(wheels.path));
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    await assert.rejects(it.store.package(name), { code: "not_found" }, name);
  }
});

Deno.test("PackageStore refuses a list that names files outside of the distribution", async () => {
  for (const name of ["/etc/passwd", "../secret.whl", "a/../../secret.whl", "..\\secret.whl"]) {
    await using it = await fixture({}, { lies: { alpha: { file_name: name } } });
    await assert.rejects(it.store.package("alpha"), {
      code: "invalid_argument",
      message: /packages\.alpha\.file_name: use the name of a file or a URL/,
    }, name);
  }
});

Deno.test("PackageStore.bytecode() gives the compiled files of wheels that kernels got, and of no other", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([alpha, beta]);
  const options = { baseUrl: distribution.url, cacheDir: directory.path };
  const empty = new TextEncoder().encode('....{"files":[],"record":null}');
  new DataView(empty.buffer).setUint32(0, empty.length - 4, true);
  await using first = await createPackageStore(options, { compile: () => Promise.resolve(empty) });
  const hashes = (await first.list()).lock.packages;
  const [one, two] = [hashes["alpha"]!.sha256, hashes["beta"]!.sha256];
  for (const [name, hash] of [["alpha", one], ["beta", two]] as const) {
    await first.package(name);
    await first.bytecode(hash);
  }
  await first.compiled;
  assert.deepEqual(await first.bytecode(two), empty);
  // Another server with the same cache, on which one of the two is denied.
  await using second = await createPackageStore(
    { ...options, deny: ["beta"] },
    { compile: () => assert.fail("it is compiled already") },
  );
  await second.package("alpha");
  assert.deepEqual(await second.bytecode(one), empty);
  await assert.rejects(second.package("beta"), { code: "permission_denied" });
  assert.equal(await second.bytecode(two), undefined);
});
