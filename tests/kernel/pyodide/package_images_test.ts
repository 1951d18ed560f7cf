import assert from "node:assert/strict";
import { type Kernel, KernelMode, type KernelOptions } from "../../../kernel/mod.ts";
import { importedModules } from "../../../kernel/pyodide/package_images.ts";
import { type ImageKernels, imageKernels } from "../../support/image_kernels.ts";
import { temporaryDirectory, warnings } from "../../support/mod.ts";

const MODES = [KernelMode.WORKER, KernelMode.PROCESS] as const;

/** Executes code in a kernel, and returns the value of its last line. */
async function value(kernel: Kernel, code: string): Promise<unknown> {
  const { error, result } = await kernel.execute(code);
  assert.equal(error, null, error?.traceback.join("\n"));
  return result?.data["text/plain"];
}

async function kernelOf({ manager }: ImageKernels, options: KernelOptions): Promise<Kernel> {
  return manager.getKernel(await manager.createKernel(options));
}

/** Uses the package once, so that its image is made unless it is there, and waits for that. */
async function makeImage(fixture: ImageKernels): Promise<void> {
  const kernel = await kernelOf(fixture, {});
  await value(kernel, "import tinypack");
  await fixture.manager.terminateKernel(kernel.id);
  await fixture.images.idle;
}

/** Has a kernel import the package itself; returns the time at which it did. */
async function importItself(fixture: ImageKernels): Promise<unknown> {
  const kernel = await kernelOf(fixture, {});
  await kernel.execute("1");
  return await value(kernel, "import tinypack\ntinypack.IMPORTED");
}

for (const mode of MODES) {
  Deno.test(`a ${mode} kernel whose first cell imports a package is exchanged for one from its image`, async () => {
    await using fixture = await imageKernels({ shared: true });
    await using mount = await temporaryDirectory({ "a.txt": "text" });
    await makeImage(fixture);
    const kernels = await Promise.all([0, 1].map((number) =>
      kernelOf(fixture, {
        mode,
        id: `k${number}`,
        env: { WHO: `k${number}` },
        cwd: "/tmp",
        mounts: [{ root: mount.path, mountPoint: "/mnt/data", access: "ro" }],
      })
    ));
    const imported = await Promise.all(
      kernels.map((kernel) => value(kernel, "import tinypack\ntinypack.IMPORTED")),
    );
    assert.equal(imported[0], imported[1], "both have it from one image");
    assert.notEqual(imported[0], await importItself(fixture));
    const [kernel] = kernels as [Kernel];
    assert.equal(kernel.info.executionCount, 1);
    assert.equal(
      await value(
        kernel,
        "import os\nfrom tinypack import later, FILE\n" +
          "tinypack.add(2, 2.5), later.VALUE, FILE.read(), FILE.fileno() > 2, " +
          "os.getcwd(), os.environ['WHO'], open('/mnt/data/a.txt').read(), In[1][:6], Out[1] > 0",
      ),
      "(4.5, 42, 'cdef\\n', True, '/tmp', 'k0', 'text', 'import', True)",
    );
    assert.equal(
      await value(
        kernel,
        "def refused():\n try: tinypack.add('a', 1)\n except ValueError as error: return str(error)\n" +
          "import importlib.metadata, time\n" +
          "refused(), importlib.metadata.version('tiny'), 0 <= time.monotonic() - tinypack.CLOCK < 600",
      ),
      "('use two numbers', '1.0', True)",
    );
    const random = "import random, uuid, os, tempfile\n" +
      "random.random(), uuid.uuid1(), os.urandom(4), next(tempfile._get_candidate_names())";
    const drawn = await Promise.all(kernels.map((it) => value(it, random)));
    const parts = drawn.map((it) => String(it).split(", "));
    parts[0]!.forEach((part, index) => assert.notEqual(part, parts[1]![index]));
    await kernel.restart();
    assert.equal(await value(kernel, "import tinypack\ntinypack.IMPORTED"), imported[0]);
  });

  Deno.test(`a ${mode} kernel with packages starts from the image of exactly these`, async () => {
    await using fixture = await imageKernels({
      wheels: [{ name: "other", version: "1", files: { "other.py": "" } }],
    });
    await makeImage(fixture);
    const imported = async (packages: string[]) =>
      await value(
        await kernelOf(fixture, { mode, packages }),
        "import tinypack\ntinypack.IMPORTED",
      );
    const [one, same, more] = [
      await imported(["tiny"]),
      await imported(["Tiny"]),
      await imported(["tiny", "other"]),
    ];
    assert.equal(one, same);
    assert.notEqual(one, more, "that kernel has installed its packages itself");
  });

  Deno.test(`an interrupt reaches a ${mode} kernel that was exchanged`, async () => {
    await using fixture = await imageKernels({ shared: true });
    await makeImage(fixture);
    const kernel = await kernelOf(fixture, { mode });
    const running = kernel.execute("import tinypack\nprint('there')\nwhile True: pass");
    for await (const event of kernel.events.stream()) {
      if (event.type === "stream") break;
    }
    assert.equal(await kernel.interrupt(), true);
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
    assert.equal(await value(kernel, "tinypack.add(1, 2)"), "3");
  });
}

Deno.test("files of an image can be changed like others, in one kernel alone", async () => {
  await using fixture = await imageKernels({ shared: true });
  await makeImage(fixture);
  const [one, other] = [await kernelOf(fixture, {}), await kernelOf(fixture, {})];
  assert.equal(
    await value(
      one,
      "import tinypack, os, shutil, glob\nroot = os.path.dirname(tinypack.__file__)\n" +
        "with open(root + '/data.txt', 'a') as file: file.write('gh')\n" +
        "text = open(root + '/data.txt').read()\nos.rename(root + '/later.py', root + '/last.py')\n" +
        "names = sorted(os.path.basename(it) for it in glob.glob(root + '/*.py'))\n" +
        "shutil.rmtree(root)\ntext, names, os.path.exists(root)",
    ),
    "('abcdef\\ngh', ['__init__.py', 'last.py'], False)",
  );
  assert.equal(
    await value(
      other,
      "import tinypack, os\nfrom tinypack import later\n" +
        "open(os.path.dirname(tinypack.__file__) + '/data.txt').read()",
    ),
    "'abcdef\\n'",
  );
});

Deno.test("a kernel whose variables a package has read imports it itself", async () => {
  await using fixture = await imageKernels({ shared: true });
  await makeImage(fixture);
  const levels = await Promise.all(
    [{}, { TINY_LEVEL: "3" }].map(async (env) =>
      await value(await kernelOf(fixture, { env }), "import tinypack\ntinypack.LEVEL")
    ),
  );
  assert.deepEqual(levels, [undefined, "'3'"]);
});

Deno.test("a kernel in which something was done before its first cell is not exchanged", async () => {
  await using fixture = await imageKernels({ shared: true });
  await makeImage(fixture);
  const kernel = await kernelOf(fixture, {});
  await kernel.files.write("/tmp/mine.txt", new TextEncoder().encode("kept"));
  assert.equal(await value(kernel, "import tinypack\nopen('/tmp/mine.txt').read()"), "'kept'");
});

Deno.test("a wheel that one kernel brings along is in no image", async () => {
  await using fixture = await imageKernels();
  const own = await kernelOf(fixture, {});
  await own.files.write(
    "/lib-own/tinypack/__init__.py",
    new TextEncoder().encode("IMPORTED = 'evil'"),
  );
  await value(own, "import sys\nsys.path.insert(0, '/lib-own')");
  assert.equal(await value(own, "import tinypack\ntinypack.IMPORTED"), "'evil'");
  const brought = await kernelOf(fixture, {});
  const first = await value(brought, "import tinypack\ntinypack.IMPORTED");
  await fixture.images.idle;
  const next = await value(await kernelOf(fixture, {}), "import tinypack\ntinypack.IMPORTED");
  assert.notEqual(next, "'evil'");
  assert.notEqual(next, first, "it has the image by now");
});

Deno.test("packages that kernels often begin with get an image by themselves", async () => {
  await using fixture = await imageKernels({ packages: { images: undefined as never } });
  assert.equal(fixture.images, undefined, "images are off unless somebody asks for them");
  await using counting = await imageKernels({
    wheels: [{
      name: "often",
      version: "1",
      files: { "often.py": "import time\nAT = time.time_ns()" },
    }],
  });
  const seen: unknown[] = [];
  for (let use = 0; use < 5; use++) {
    seen.push(await value(await kernelOf(counting, {}), "import often\noften.AT"));
    await counting.images.idle;
  }
  assert.equal(new Set(seen).size, 4, "the last two kernels are from one image");
});

Deno.test("an image that cannot be made is told once, and kernels do without it", async () => {
  using warned = warnings();
  await using fixture = await imageKernels({
    wheels: [{
      name: "stubborn",
      version: "1",
      files: { "stubborn.py": "import ctypes\nKEPT = ctypes.CFUNCTYPE(None)(lambda: None)" },
    }],
    packages: {},
  });
  for (let use = 0; use < 5; use++) {
    const kernel = await kernelOf(fixture, {});
    assert.equal(await value(kernel, "import stubborn\nstubborn.KEPT()"), undefined);
    await fixture.images.idle;
  }
  const told = warned.texts.filter((it) => it.includes("stubborn"));
  assert.equal(told.length, 1, told.join("\n"));
  assert.match(told[0]!, /Cannot make an image of the packages stubborn: .*no name/);
});

Deno.test("a wheel that would write among a user's files gets neither into a kernel nor into an image", async () => {
  using warned = warnings();
  await using fixture = await imageKernels({
    wheels: [{
      name: "planting",
      version: "1",
      files: { "planting.py": "", "planting-1.data/data/home/pyodide/planted.py": "evil = 1" },
    }],
    packages: {},
  });
  for (let use = 0; use < 3; use++) {
    const kernel = await kernelOf(fixture, {});
    const { error } = await kernel.execute("import planting");
    assert.match(
      `${error?.evalue}`,
      /is refused: it would write to '\/home\/pyodide\/planted\.py'/,
    );
    assert.equal(await value(kernel, "import os\nos.path.exists('planted.py')"), "False");
    await fixture.manager.terminateKernel(kernel.id);
    await fixture.images.idle;
  }
  const told = warned.texts.filter((it) => it.includes("planting"));
  assert.match(told.join("\n"), /^Cannot make an image of the packages planting: .*is refused/);
});

Deno.test("a damaged image is ignored", async () => {
  using warned = warnings();
  await using fixture = await imageKernels();
  await makeImage(fixture);
  const [entry] = await Array.fromAsync(Deno.readDir(fixture.directory));
  const path = `${fixture.directory}/${entry!.name}`;
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  const { ImageShelf } = await import("../../../kernel/pyodide/image_shelf.ts");
  assert.equal((await new ImageShelf(fixture.directory, 2 ** 30).list()).length, 1);
  await Deno.writeFile(path, bytes);
  assert.deepEqual(await new ImageShelf(fixture.directory, 2 ** 30).list(), []);
  assert.match(warned.texts.join("\n"), /checksum is wrong/);
});

Deno.test("importedModules() finds the modules of statements at the beginning of a line", () => {
  const code = "import numpy as np, pandas.io.excel as x; y = 1\nfrom scipy.stats import norm\n" +
    "from . import a\n  import hidden\nimport os # import re\nprint('import sys')\nimportlib.x()";
  assert.deepEqual(importedModules(code), ["numpy", "pandas", "scipy", "os"]);
  assert.deepEqual(importedModules("x = 1"), []);
});
