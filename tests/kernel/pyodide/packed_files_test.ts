import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { makeWheel, serveDistribution } from "../../support/distribution.ts";

const LARGE = "x".repeat(40 * 2 ** 20);
const files = { "alpha.py": "value = 1\n", "alpha_data/large.txt": LARGE, "alpha_data/b.txt": "b" };
const alpha = makeWheel({ name: "alpha", version: "1", files });

async function value(kernel: Kernel, code: string): Promise<string> {
  const { error, result } = await kernel.execute(code);
  assert.equal(error, null, error?.evalue);
  return result?.data["text/plain"] as string;
}

const PREPARE = `import alpha, os, shutil, mmap
root = os.path.dirname(alpha.__file__)
data = root + "/alpha_data/"
def used(): return shutil.disk_usage("/").used
first = used()`;

/** Cells and their values, in their order. */
const CELLS: [code: string, value: string][] = [
  ["first < 2 ** 16", "True"],
  [`os.path.getsize(data + "large.txt") == len(open(data + "large.txt").read())`, "True"],
  // It was packed again, as a larger file has been read since.
  [
    `[open(data + "b.txt").read(), open(data + "large.txt").read(2), used() == first]`,
    "['b', 'xx', True]",
  ],
  [
    `with open(data + "b.txt", "a") as file: file.write("c" * 10_000)
open(data + "large.txt").read(1), len(open(data + "b.txt").read()), used() - first > 10_000`,
    "('x', 10001, True)",
  ],
  [
    `with open(alpha.__file__, "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
    mapped[8:9] = b"2"
open(data + "large.txt").read(1), open(alpha.__file__).read()`,
    `('x', 'value = 2\\n')`,
  ],
  [
    `os.rename(data + "b.txt", "/tmp/b.txt"), os.remove("/tmp/b.txt"), os.path.exists("/tmp/b.txt")`,
    "(None, None, False)",
  ],
  [
    `file = open(data + "large.txt")
os.remove(data + "large.txt")
file.read(3), file.close()`,
    "('xxx', None)",
  ],
];

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`the packages of a ${mode} kernel stay packed, and their files are like others`, async () => {
    await using distribution = await serveDistribution([alpha]);
    const packages = { baseUrl: distribution.url, cacheDir: null };
    await using manager = new KernelManager({ packages });
    const limits = { filesMiB: 64 };
    const kernel = manager.getKernel(await manager.createKernel({ mode, limits }));
    await value(kernel, PREPARE);
    for (const [code, expected] of CELLS) assert.equal(await value(kernel, code), expected, code);
    // The removed copy has given its room back: another one fits.
    for (let time = 0; time < 3; time++) {
      assert.match(
        await value(
          kernel,
          `%pip install --force-reinstall alpha\nopen(data + "large.txt").read(1)`,
        ),
        /x/,
      );
    }

    const small = manager.getKernel(await manager.createKernel({ mode, limits: { filesMiB: 16 } }));
    await assert.rejects(small.installPackages(["alpha"]), {
      message:
        /^.*Cannot install alpha-1: this takes 40 MiB, and 16 MiB are left of what packages may take here \(the limit filesMiB\)/,
    });
  });
}
