import { unzipSync } from "npm:fflate@0.8.3";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelManager, KernelMode } from "../../kernel/mod.ts";
import { pip } from "../support/pip.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";
import { readRecordedFailures } from "../support/recorded_failures.ts";
import type { Outcomes } from "../support/recorded_suite.ts";
import { keptDirectory, testCacheDir } from "../support/test_cache.ts";

/** Files of IPython's tests that concern what a kernel's shell promises. */
export const FILES = [
  ...[
    ...[
      "alias",
      "async_helpers",
      "completer",
      "completerlib",
      "display",
      "displayhook",
      "events",
      "extension",
    ],
    ...["formatters", "history", "hooks", "imports", "inputtransformer2", "inputtransformer2_line"],
    ...["interactiveshell", "magic", "magic_arguments", "oinspect", "prompts", "run", "splitinput"],
    "ultratb",
  ].map((name) => `IPython/core/tests/test_${name}.py`),
  ...["autoreload", "storemagic"].map((name) => `IPython/extensions/tests/test_${name}.py`),
  ...["backgroundjobs", "display", "pretty"].map((name) => `IPython/lib/tests/test_${name}.py`),
  ...[
    ...["capture", "dir2", "importstring", "io", "module_paths", "openpy", "path"],
    ...["pycolorize", "sysinfo", "tempdir", "text", "tokenutil", "wildcard"],
  ].map((name) => `IPython/utils/tests/test_${name}.py`),
];

const MOUNT_POINT = "/suites";
/** The time that a file may take, in seconds. */
const MOST_SECONDS = 300;
/** The members of the wheel of IPython that are tests, or that tests import. */
const TESTS = /^IPython\/(\w+\/tests|testing)\//;
const PACKAGES = ["", "core", "extensions", "lib", "utils"];

/** Runs a file of IPython's tests in a new kernel. Throws when the kernel ends, or the tests cannot be run. */
export async function runFile(file: string): Promise<Outcomes> {
  const list = fileURLToPath(new URL("./wheels.txt", import.meta.url));
  const root = await keptDirectory("ipython-suite", [list], unpackTests);
  await using manager = new KernelManager({
    packages: { ...await realPackages(), cacheDir: join(testCacheDir(), "packages") },
  });
  const id = await manager.createKernel({
    mode: KernelMode.PROCESS,
    mounts: [
      { root, mountPoint: MOUNT_POINT, access: "ro" },
      { root: fileURLToPath(new URL(".", import.meta.url)), mountPoint: "/runner", access: "ro" },
    ],
    limits: { memoryMiB: 2_048, executionSeconds: MOST_SECONDS },
    packages: ["pytest", "traitlets"],
  });
  const { error, outputs } = await manager.execute(
    id,
    `import sys; sys.dont_write_bytecode = True; sys.path.append("/runner")\n` +
      `from runner import run\nrun(${JSON.stringify(MOUNT_POINT)}, ${JSON.stringify(file)})`,
  );
  if (error) throw new Error(error.traceback.join("\n"));
  const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/** Returns the names of the tests that are known to fail, each with the reason, from `failures.txt`. */
export async function recordedFailures(): Promise<Map<string, string>> {
  return await readRecordedFailures(new URL("failures.txt", import.meta.url));
}

async function unpackTests(directory: string, [list]: string[]): Promise<void> {
  const download = await Deno.makeTempDir();
  try {
    const options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"];
    await pip(["download", ...options, "--requirement", list!, "--dest", download]);
    for await (const { name } of Deno.readDir(download)) {
      const isIPython = name.startsWith("ipython-");
      const wheel = await Deno.readFile(join(download, name));
      const files = unzipSync(wheel, { filter: ({ name }) => !isIPython || TESTS.test(name) });
      for (const [path, bytes] of Object.entries(files)) {
        if (path.endsWith("/")) continue;
        const target = join(directory, isIPython ? "" : "libraries", path);
        await Deno.mkdir(dirname(target), { recursive: true });
        await Deno.writeFile(target, bytes);
      }
    }
    // pytest finds the modules' names by these files; the modules themselves are those of the kernel.
    for (const name of PACKAGES) {
      await Deno.writeTextFile(join(directory, "IPython", name, "__init__.py"), "");
    }
  } finally {
    await Deno.remove(download, { recursive: true });
  }
}
