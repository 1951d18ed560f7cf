/** Measures new kernels to their first result with large packages, beside native Python in the same run. */
import { join } from "node:path";
import { defaultHosts } from "../kernel/default_hosts.ts";
import { KernelManager, KernelMode, type PackageImageOptions } from "../kernel/mod.ts";
import { WatchedEngine } from "../tests/support/image_kernels.ts";
import { realPackages } from "../tests/support/real_packages/real_packages.ts";
import { testCacheDir } from "../tests/support/test_cache.ts";
import { type Figure, figure, keepResults, printTable, time } from "./measure.ts";

const RUNS = 3;

/** Cells that people begin with, and the packages that are to have an image for them. */
const CELLS: Record<string, { code: string; set: string[] }> = {
  "numpy": { code: "import numpy as np\nfloat(np.arange(10).sum())", set: ["numpy"] },
  "numpy, pandas and a DataFrame": {
    code: "import numpy as np, pandas as pd\n" +
      "frame = pd.DataFrame({'a': np.arange(5), 'b': list('aabbc')})\n" +
      "int(frame.groupby('b').a.sum().sum())",
    set: ["numpy", "pandas", "matplotlib"],
  },
  "matplotlib and a figure": {
    code: "import io\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('x')\n" +
      "plt.savefig(io.BytesIO(), format='png')\nplt.close()\n1",
    set: ["numpy", "pandas", "matplotlib"],
  },
  "scipy.stats": {
    code: "import scipy.stats\nfloat(scipy.stats.norm.cdf(0.5))",
    set: ["scipy"],
  },
  "scikit-learn and a fit": {
    code: "import numpy as np\nfrom sklearn.linear_model import LinearRegression\n" +
      "float(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]).coef_[0])",
    set: ["scikit-learn"],
  },
  "sympy": {
    code: "import sympy\nx = sympy.Symbol('x')\nstr(sympy.integrate(sympy.cos(x), x))",
    set: ["sympy"],
  },
};

/** Returns a native Python with the packages, in a virtual environment that is kept. */
async function nativePython(): Promise<string> {
  const directory = join(testCacheDir(), "native-packages");
  const python = join(directory, "bin", "python");
  if (await Deno.stat(python).then(() => false, () => true)) {
    const packages = ["numpy", "pandas", "matplotlib", "scipy", "scikit-learn", "sympy"];
    await run("python3", ["-m", "venv", directory]);
    await run(python, ["-m", "pip", "install", "--quiet", ...packages]);
  }
  return python;
}

async function run(program: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args, env: { MPLBACKEND: "agg" } })
    .output();
  if (!success) throw new Error(`"${program} ${args.join(" ").slice(0, 200)}" fails`);
}

/** Makes a manager; with `images`, its engine tells of them. */
async function makeManager(images: PackageImageOptions | undefined, pooled?: KernelMode) {
  const sources = await realPackages();
  const engine = new WatchedEngine({ packages: { ...sources, ...(images && { images }) } });
  const hosts = defaultHosts([engine]);
  const pools = pooled ? [{ size: 1, mode: pooled }] : [];
  const manager = new KernelManager({ engines: [engine], hosts, pools });
  return { engine, manager, [Symbol.asyncDispose]: () => manager[Symbol.asyncDispose]() };
}

/** Starts a kernel, executes a cell in it, and ends the kernel. */
async function use(manager: KernelManager, mode: KernelMode, code: string): Promise<void> {
  const id = await manager.createKernel({ mode, limits: { filesMiB: 1024 } });
  const { error } = await manager.execute(id, code);
  if (error) throw new Error(`${error.ename}: ${error.evalue}`);
  void manager.destroyKernel(id);
}

const figures: Figure[] = [];
async function measure(name: string, body: () => Promise<unknown>): Promise<void> {
  figures.push(figure(name, "ms", await time(RUNS, body)));
  console.log(name, Math.round(figures.at(-1)!.p50), "ms");
}

const python = await nativePython();
const dir = await Deno.makeTempDir();
const images = { sets: Object.values(CELLS).map(({ set }) => set), dir, maxBytes: 4 * 2 ** 30 };
for (const [name, { code }] of Object.entries(CELLS)) {
  await measure(`${name}: native Python with its start`, () => run(python, ["-c", code]));
}
for (const mode of [KernelMode.PROCESS, KernelMode.WORKER] as const) {
  for (const [name, { code, set }] of Object.entries(CELLS)) {
    {
      await using plain = await makeManager(undefined);
      await measure(`${name}: ${mode}, no image`, () => use(plain.manager, mode, code));
    }
    await using fixture = await makeManager({ ...images, sets: [set] });
    await use(fixture.manager, mode, code);
    const began = performance.now();
    await fixture.engine.images!.idle;
    if (mode === KernelMode.PROCESS) {
      figures.push(figure(`${name}: making the image`, "ms", [performance.now() - began]));
    }
    await measure(`${name}: ${mode}, from the image`, () => use(fixture.manager, mode, code));
    await using pooled = await makeManager({ ...images, sets: [set] }, mode);
    await pooled.manager.warmUp();
    const samples: number[] = [];
    for (let run = -1; run < RUNS; run++) {
      const start = performance.now();
      const id = await pooled.manager.createKernel({ mode });
      const { error } = await pooled.manager.execute(id, code);
      if (error) throw new Error(`${error.ename}: ${error.evalue}`);
      if (run >= 0) samples.push(performance.now() - start);
      void pooled.manager.destroyKernel(id);
      const deadline = performance.now() + 60_000;
      while (pooled.manager.readyKernels < 2 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // The ended kernel still takes time.
    }
    figures.push(figure(`${name}: ${mode}, from the pool`, "ms", samples));
    console.log(`${name}: ${mode}, from the pool`, Math.round(figures.at(-1)!.p50), "ms");
  }
}
printTable(figures);
await keepResults("images", { figures });
await Deno.remove(dir, { recursive: true });
Deno.exit(0);
