import assert from "node:assert/strict";
import { zipSync } from "npm:fflate@0.8.3";
import { defaultHosts } from "../../kernel/default_hosts.ts";
import {
  type Kernel,
  KernelManager,
  type KernelManagerOptions,
  KernelMode,
  type PackageProgressEvent,
  type PackageStoreOptions,
} from "../../kernel/mod.ts";
import {
  type Distribution,
  type DistributionOptions,
  makeWheel,
  serveDistribution,
  type Wheel,
} from "../support/distribution.ts";
import { tinyExtension, tinyLibrary } from "../support/extension.ts";

const hosts = defaultHosts();
const MODES = [KernelMode.WORKER, KernelMode.PROCESS, KernelMode.MAIN_THREAD] as const;
const alpha = makeWheel({
  name: "alpha-tools",
  version: "1.0",
  files: { "alpha/__init__.py": "from beta import value\nanswer = value + 1" },
  imports: ["alpha"],
  depends: ["beta"],
});
const beta = makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 41" } });

interface Fixture extends AsyncDisposable {
  distribution: Distribution;
  manager: KernelManager;
}

async function withPackages(
  wheels: Wheel[],
  packages: (distribution: Distribution) => PackageStoreOptions = () => ({}),
  more: KernelManagerOptions = {},
  served: DistributionOptions = {},
): Promise<Fixture> {
  const distribution = await serveDistribution(wheels, served);
  const store = { baseUrl: distribution.url, cacheDir: null, ...packages(distribution) };
  const manager = new KernelManager({ hosts, packages: store, ...more });
  return {
    distribution,
    manager,
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      await distribution[Symbol.asyncDispose]();
    },
  };
}

async function value(kernel: Kernel, code: string): Promise<unknown> {
  const { error, result } = await kernel.execute(code);
  assert.equal(error, null, error?.evalue);
  return result?.data["text/plain"];
}

for (const mode of MODES) {
  Deno.test(`a ${mode} kernel without a network has what its cells import`, async () => {
    await using fixture = await withPackages([alpha, beta]);
    const { manager, distribution } = fixture;
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    const progress: PackageProgressEvent[] = [];
    kernel.events.on("package_progress", (event) => void progress.push(event));
    const { result, outputs } = await kernel.execute("import alpha\nalpha.answer");
    assert.equal(result?.data["text/plain"], "42");
    assert.equal(outputs.length, 1); // The result and nothing of the installation.
    assert.deepEqual(progress.map(({ name, bytes, done }) => [name, bytes, done]), [
      ["beta", null, false],
      ["beta", beta.bytes.length, false],
      ["alpha-tools", null, false],
      ["alpha-tools", alpha.bytes.length, false],
      ["beta", beta.bytes.length, true],
      ["alpha-tools", alpha.bytes.length, true],
    ]);
    assert.deepEqual(await kernel.packages(), [
      { name: "alpha-tools", version: "1.0" },
      { name: "beta", version: "2.0" },
    ]);
    assert.equal(distribution.requests.length, 3);
    // After a restart it is fetched from what the host has, and the cell runs as before.
    await kernel.restart();
    assert.equal(await value(kernel, "import alpha\nalpha.answer"), "42");
  });
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel fetches from the index and from nowhere else`, async () => {
    await using fixture = await withPackages(
      [alpha, beta],
      ({ indexUrl }) => ({ indexUrl }),
    );
    const { manager, distribution: { url, indexUrl } } = fixture;
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    await value(kernel, "from pyodide.http import pyfetch");
    assert.equal(
      await value(
        kernel,
        `r = await pyfetch("${indexUrl}/beta/")\n(r.status, (await r.json())["name"])`,
      ),
      "(200, 'beta')",
    );
    const bytes = `len(await (await pyfetch("${url}/${beta.fileName}")).bytes())`;
    assert.equal(await value(kernel, bytes), String(beta.bytes.length));
    assert.equal(await value(kernel, `(await pyfetch("${indexUrl}/none/")).status`), "404");
    for (
      const [address, options, reason] of [
        ["http://127.0.0.1:1/", "", /the kernel has no network/],
        ["file:///etc/passwd", "", /the kernel has no network/],
        [`${indexUrl}/beta/`, ", method='POST', body='x'", /the kernel has no network/],
        [`${indexUrl}/beta/`, ", headers={'Accept': 'x\\r\\nX: y'}", /Invalid|invalid|header/],
        [`${indexUrl}/${"x".repeat(5_000)}`, "", /at most 4096 characters/],
      ] as const
    ) {
      const { error } = await kernel.execute(`await pyfetch("${address}"${options})`);
      assert.match(String(error?.evalue), reason, address);
    }
    assert.equal(await value(kernel, "6 * 7"), "42");
  });
}

Deno.test("Kernel.installPackages() installs what is named, and says why it cannot", async () => {
  await using fixture = await withPackages([alpha, beta]);
  const { manager } = fixture;
  const kernel = manager.getKernel(await manager.createKernel());
  assert.deepEqual(await kernel.installPackages("# all\nbeta==2.0\n"), [
    { name: "beta", version: "2.0" },
  ]);
  await assert.rejects(kernel.installPackages(["alpha-tools", "nosuch"]), {
    code: "install_failed",
    message: /Cannot install nosuch: the distribution has no such package/,
  });
  assert.equal(kernel.info.executionCount, 0);
  const names = (await kernel.installPackages(["alpha_tools"])).map(({ name }) => name);
  assert.deepEqual(names, ["alpha-tools", "beta"]);
});

Deno.test("a failed installation leaves a kernel as it was", async () => {
  const whole = makeWheel({
    name: "gamma",
    version: "1",
    files: { "gamma.py": "" },
    depends: ["slip"],
  });
  const slip = makeWheel({ name: "slip", version: "1", files: { "../../slip.py": "" } });
  await using fixture = await withPackages([whole, slip, beta], undefined, {}, {
    lies: { beta: { sha256: "0".repeat(64) } },
  });
  const { manager } = fixture;
  const kernel = manager.getKernel(await manager.createKernel());
  for (
    const [name, reason] of [
      ["gamma", /slip-1-py3-none-any\.whl is refused: it would write to '\.\.\/\.\.\/slip\.py'/],
      ["beta", /Cannot load beta: .*its content is not what the package list says/],
    ] as const
  ) await assert.rejects(kernel.installPackages([name]), { message: reason });
  assert.deepEqual(await kernel.packages(), []);
  const { error, outputs } = await kernel.execute("import beta");
  assert.equal(error?.ename, "ModuleNotFoundError");
  assert.match(error.evalue, /No module named 'beta': Cannot load beta/);
  assert.deepEqual(outputs.filter(({ output_type }) => output_type === "stream"), []);
  assert.equal(
    await value(kernel, "import importlib.util\nimportlib.util.find_spec('gamma')"),
    undefined,
  );
});

Deno.test("a package may have compiled code", async () => {
  const tags = "cp314-cp314-pyemscripten_2026_0_wasm32";
  const files = { "tiny.so": await tinyExtension() };
  await using fixture = await withPackages([
    makeWheel({ name: "tiny", version: "1", files, tags }),
  ]);
  const { manager } = fixture;
  const kernel = manager.getKernel(await manager.createKernel());
  assert.equal(await value(kernel, "import tiny\ntiny.add(40, 2)"), "42");
});

Deno.test("packages find the shared library that they need, which is loaded once", async () => {
  const tags = "cp314-cp314-pyemscripten_2026_0_wasm32";
  const extension = await tinyExtension("libtiny.so");
  const wheels = ["tiny", "other"].map((name) =>
    makeWheel({
      name,
      version: "1",
      files: { [`${name}/tiny.so`]: extension },
      tags,
      depends: ["libtiny"],
    })
  );
  const library: Wheel = {
    source: { name: "libtiny", version: "1", files: {}, imports: [] },
    fileName: "libtiny-1.zip",
    bytes: new Uint8Array(zipSync({ "libtiny.so": await tinyLibrary() })),
  };
  await using fixture = await withPackages([...wheels, library], undefined, {}, {
    lies: { libtiny: { install_dir: "dynlib", package_type: "shared_library" } },
  });
  const { manager } = fixture;
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    const loaded: string[] = [];
    using _progress = kernel.events.on("package_progress", ({ name, done }) => {
      if (done) loaded.push(name);
    });
    assert.equal(await value(kernel, "from tiny.tiny import add\nadd(40, 2)"), "42");
    assert.equal(await value(kernel, "from other.tiny import add\nadd(4, 2)"), "6");
    assert.deepEqual(loaded, ["libtiny", "tiny", "other"]);
    assert.deepEqual((await kernel.packages()).map(({ name }) => name), ["other", "tiny"]);
  }
});

Deno.test("createKernel() makes a kernel with packages, or none", async () => {
  await using fixture = await withPackages([alpha, beta]);
  const { manager } = fixture;
  const id = await manager.createKernel({ packages: ["alpha-tools"] });
  const kernel = manager.getKernel(id);
  assert.deepEqual((await kernel.packages()).map(({ name }) => name), ["alpha-tools", "beta"]);
  assert.equal((await kernel.execute("1")).executionCount, 1);
  await kernel.restart();
  assert.equal((await kernel.packages()).length, 2);
  await assert.rejects(manager.createKernel({ packages: ["nosuch"] }), {
    code: "install_failed",
    message: /Cannot install nosuch/,
  });
  assert.equal(manager.listKernels().length, 1);
});

Deno.test("a pool has kernels with packages ready", async () => {
  await using fixture = await withPackages([alpha, beta], undefined, {
    pools: [{ size: 1, packages: ["alpha-tools"] }],
  });
  const { manager } = fixture;
  await manager.warmUp();
  assert.equal(manager.readyKernels, 1);
  const plain = await manager.createKernel();
  assert.equal(manager.readyKernels, 1);
  assert.deepEqual(await manager.getKernel(plain).packages(), []);
  const id = await manager.createKernel({ packages: ["alpha-tools"] });
  assert.equal(manager.readyKernels, 0);
  // The pool has imported the package already, which takes the most time.
  assert.equal(await value(manager.getKernel(id), "import sys\n'alpha' in sys.modules"), "True");
  assert.equal(await value(manager.getKernel(id), "import alpha\nalpha.answer"), "42");
});

Deno.test("kernels of a manager without packages say that there are none", async () => {
  await using fixture = await withPackages([alpha], undefined, { packages: false });
  const { manager } = fixture;
  const kernel = manager.getKernel(await manager.createKernel());
  await assert.rejects(kernel.installPackages(["alpha-tools"]), {
    message: /Packages cannot be installed in this kernel: its server gives it none/,
  });
  const { error } = await kernel.execute("import alpha");
  assert.equal(error?.ename, "ModuleNotFoundError");
});
