import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";
import { temporaryDirectory } from "../../support/mod.ts";
import { resolverWheels } from "./resolver_wheels.ts";

const libraries = await resolverWheels();
const only = "sys_platform == 'emscripten'";
const alpha = makeWheel({
  name: "alpha",
  version: "1.0",
  files: {
    "alpha.py": "import beta, gamma\ndef later():\n    import delta\n    return delta.value",
  },
  depends: [`beta<3; ${only}`, "nothere; sys_platform == 'win32'"],
});
const beta = makeWheel({
  name: "beta",
  version: "2.0",
  files: { "beta.py": "value = 2" },
  depends: ["gamma"],
});
const gammas = ["1.9", "1.10", "2.0rc1"].map((version) =>
  makeWheel({ name: "gamma", version, files: { "gamma.py": `version = "${version}"` } })
);
const delta = makeWheel({ name: "delta", version: "1.0", files: { "delta.py": "value = 4" } });
const epsilon = makeWheel({
  name: "epsilon",
  version: "1",
  files: { "epsilon.py": "value = 5" },
  depends: ["gamma<1.10"],
});
const native = makeWheel({ name: "native", version: "1", files: {}, tags: "cp314-cp314-win32" });
/** Micropip, whose functions the kernel replaces. */
const micropip = makeWheel({
  name: "micropip",
  version: "1.0",
  files: { "micropip/__init__.py": "install = uninstall = None" },
});
const zones = makeWheel({
  name: "tzdata",
  version: "2025.3",
  files: {
    "tzdata/__init__.py": "",
    "tzdata/zoneinfo/__init__.py": "",
    "tzdata/zoneinfo/Test/__init__.py": "",
    // The shortest file of a time zone: UTC, in the form of RFC 9636.
    "tzdata/zoneinfo/Test/Zone": zoneFile(),
  },
});

function zoneFile(): Uint8Array {
  const header = (version: string) => [
    ...new TextEncoder().encode(`TZif${version}`),
    ...new Array(15).fill(0),
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4],
    ...[0, 0, 0, 0, 0, 0],
    ...new TextEncoder().encode("UTC\0"),
  ];
  return new Uint8Array([...header("2"), ...header("2"), ...new TextEncoder().encode("\nUTC0\n")]);
}

async function run(kernel: Kernel, code: string): Promise<string> {
  const { error, result, outputs } = await kernel.execute(code);
  assert.equal(error, null, error?.evalue);
  const printed = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  return printed + (result?.data["text/plain"] ?? "");
}

async function failure(kernel: Kernel, code: string): Promise<string> {
  const { error } = await kernel.execute(code);
  assert(error, code);
  return error.evalue;
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`imports, pip and micropip of a ${mode} kernel have the same answers`, async () => {
    const credentials = "somebody:secret";
    await using distribution = await serveDistribution([alpha, delta, zones, micropip], {
      indexed: [beta, ...gammas, native, ...libraries],
      // The list does not know of the requirement with a marker, as a directory of wheels does not.
      lies: { alpha: { depends: [] } },
    });
    const { url: baseUrl } = distribution;
    const indexUrl = distribution.indexUrl.replace("//", `//${credentials}@`);
    await using manager = new KernelManager({ packages: { baseUrl, indexUrl, cacheDir: null } });
    const fresh = async (packages: string[] = []) =>
      manager.getKernel(await manager.createKernel({ mode, packages }));
    const versions = async (kernel: Kernel) =>
      (await kernel.packages()).map(({ name, version }) => `${name} ${version}`);
    const all = ["alpha 1.0", "beta 2.0", "gamma 1.10"];

    const kernel = await fresh();
    assert.equal(await run(kernel, "import alpha, gamma\ngamma.version"), "'1.10'");
    assert.deepEqual(await versions(kernel), all);
    assert.equal(await run(kernel, "alpha.later()"), "4");
    assert.deepEqual(await versions(await fresh(["alpha"])), all);
    const installing = await fresh();
    assert.equal(
      await run(installing, "%pip install alpha # with what it needs"),
      "Installed alpha-1.0 beta-2.0 gamma-1.10\n",
    );
    const other = await fresh();
    await other.installPackages("alpha\n");
    assert.deepEqual(await versions(other), all);

    const third = await fresh();
    await run(third, "import micropip\nawait micropip.install('alpha')");
    assert.deepEqual(await versions(third), [...all, "micropip 1.0"]);
    assert.match(
      await failure(third, "await micropip.install('native')"),
      /has wheels for other platforms only/,
    );

    assert.match(
      await run(kernel, "%pip install gamma==1.9"),
      /^Uninstalled gamma-1\.10\nInstalled gamma-1\.9\n.*restart the kernel to use it/,
    );
    assert.equal(await run(kernel, "!python -m pip check"), "No broken requirements found.\n");
    assert.equal(
      await run(kernel, "%pip install --upgrade pip"),
      "There already: pip\npip is a part of the kernel and stays as it is\n",
    );
    assert.match(
      await run(kernel, "%pip install --upgrade --dry-run gamma"),
      /Would install gamma-1\.10/,
    );
    assert.match(
      await run(kernel, "%pip index versions gamma"),
      /Available versions: 1\.10, 1\.9\n/,
    );
    assert.match(
      await failure(kernel, "%pip install native"),
      /^Cannot install native: native 1 has wheels for other platforms only \(Windows\)$/,
    );
    assert.match(await failure(kernel, "import nosuch"), /No module named 'nosuch'/);
    assert.equal(
      await run(kernel, "from zoneinfo import ZoneInfo\nZoneInfo('Test/Zone').key"),
      "'Test/Zone'",
    );
    const shown = await run(
      kernel,
      "import pathlib, site\n" +
        "''.join(it.read_text() for it in pathlib.Path(site.getsitepackages()[0]).glob('*.dist-info/*'))",
    );
    assert.doesNotMatch(shown, /secret/);
  });
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`pip of a ${mode} kernel takes wheels of folders and granted hosts, and works in a shell`, async () => {
    await using distribution = await serveDistribution([alpha], {
      indexed: [beta, ...gammas, native, ...libraries],
      lies: { alpha: { depends: [] } },
    });
    await using elsewhere = await serveDistribution([epsilon]);
    await using folder = await temporaryDirectory();
    await Deno.writeFile(`${folder.path}/${epsilon.fileName}`, epsilon.bytes);
    const { url: baseUrl, indexUrl } = distribution;
    const granted = new URL(elsewhere.url).host;
    await using manager = new KernelManager({
      packages: { baseUrl, indexUrl, cacheDir: null },
      mountRoots: [folder.path],
    });
    const mounts = [{ root: folder.path, mountPoint: "/data", access: "rw" as const }];
    const fresh = async (net: string[]) =>
      manager.getKernel(
        await manager.createKernel({
          ...{ mode, mounts },
          ...(net.length > 0 && { deno: { permissions: { net } } }),
        }),
      );
    const address = `${elsewhere.url}/${epsilon.fileName}`;
    const kernel = await fresh([granted]);
    const cells: [string, string | RegExp][] = [
      [`%pip install ${address}`, "Installed epsilon-1 gamma-1.9\n"],
      ["import epsilon\nprint(epsilon.value)", "5\n"],
      ["%pip uninstall -y epsilon", "Uninstalled epsilon-1\n"],
      ["%pip install --no-index -f /data epsilon", "Installed epsilon-1\n"],
      ["%pip uninstall -y epsilon gamma", "Uninstalled epsilon-1\nUninstalled gamma-1.9\n"],
      ["%pip install -f /data epsilon", "Installed epsilon-1 gamma-1.9\n"],
      [
        "%pip install epsilon@file:///data/epsilon-1-py3-none-any.whl",
        /^Uninstalled epsilon-1\nInstalled/,
      ],
      ["!pip install alpha && python -c 'import alpha; print(alpha.beta.value)'", /2\n$/],
      [
        "!pip install -q delta 2>&1 | tail -1; pip list | grep -c .",
        /no source has such a package\n\d/,
      ],
      ["!pip install native || echo $?", /^ERROR: Cannot install native: .*\n1\n$/],
      [
        "names = !pip freeze | cut -d= -f1\nprint(names)",
        "['alpha', 'beta', 'epsilon', 'gamma']\n",
      ],
      ["!pip download -q -d /data/saved gamma && ls /data/saved", "gamma-1.10-py3-none-any.whl\n"],
      ["%%bash\npip uninstall -y alpha > /dev/null\npython -m pip list | tail -1", "gamma   1.9\n"],
    ];
    for (const [code, expected] of cells) {
      const shown = await run(kernel, code);
      if (typeof expected === "string") assert(shown.startsWith(expected), `${code}: ${shown}`);
      else assert.match(shown, expected);
    }
    assert.match(
      await failure(kernel, "%pip install http://127.0.0.2:8/zeta-1-py3-none-any.whl"),
      /^Cannot install http:.*: The kernel may not connect to 127\.0\.0\.2:8: it was not granted this host$/,
    );
    assert.match(
      await failure(kernel, `%pip install ${address.replace("epsilon", "other")}`),
      /^Cannot install .*: status 404$/,
    );
    assert.match(
      await failure(kernel, `%pip install ${address}#sha256=${"0".repeat(64)}`),
      /is not what its source says \(sha256\)/,
    );
    assert.match(
      await failure(await fresh([]), `%pip install ${address}`),
      /the kernel has no network; packages come from .*, and nothing comes from elsewhere/,
    );
  });
}
