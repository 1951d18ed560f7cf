/** Measures packages, and a plain `loadPackage()` of the same files from the same server. */
import { defaultHosts } from "../kernel/default_hosts.ts";
import { KernelManager, KernelMode } from "../kernel/mod.ts";
import { createPackageStore } from "../kernel/pyodide/package_source.ts";
import { createWheelCompiler } from "../kernel/pyodide/wheel_compiler.ts";
import { sha256 } from "../kernel/whole_file.ts";
import { debianWheel, serveDistribution } from "../tests/support/distribution.ts";
import { type Figure, figure, keepResults, printTable } from "./measure.ts";

const RUNS = 5;
const PYTHON = "import networkx\nnetworkx.__version__";
/** The modules of the standard library that pandas imports. */
const STANDARD = "import calendar, ctypes, gzip, importlib.resources, pickle, platform, pprint, " +
  "secrets, tarfile, timeit, zoneinfo";

/** Runs `body` several times, each time with a new result of `prepare`, and measures only `body`, in milliseconds. */
async function times<T extends AsyncDisposable>(
  prepare: () => Promise<T>,
  body: (prepared: T) => Promise<unknown>,
): Promise<number[]> {
  const samples: number[] = [];
  for (let run = -1; run < RUNS; run++) {
    await using prepared = await prepare();
    const start = performance.now();
    await body(prepared);
    if (run >= 0) samples.push(performance.now() - start);
  }
  return samples;
}

await using distribution = await serveDistribution([
  await debianWheel("networkx", "2.8.8", ["networkx"]),
]);
const cacheDir = await Deno.makeTempDir();
const packages = { baseUrl: distribution.url, cacheDir };
const figures: Figure[] = [];

/** Measures a plain Pyodide in a process of its own, after its start, in milliseconds. */
async function plain(name: string, code: string): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-prompt", new URL("./load_package.ts", import.meta.url).href],
      ...[distribution.url, name, code],
    ],
  }).output();
  return Number(new TextDecoder().decode(stdout).trim().split("\n").at(-1));
}

async function plainTimes(name: string, code: string): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run++) samples.push(await plain(name, code));
  return samples;
}

const loadPackage = figure(
  "plain loadPackage() and import",
  "ms",
  await plainTimes("networkx", PYTHON),
);
const standardPlain = figure(
  "the standard modules that pandas imports, plain Pyodide",
  "ms",
  await plainTimes("", STANDARD),
);
figures.push(loadPackage, standardPlain);

/** Starts a kernel that has run one cell. */
async function freshKernel(manager: KernelManager, mode: KernelMode) {
  const id = await manager.createKernel({ mode });
  await manager.execute(id, "1");
  return { id, [Symbol.asyncDispose]: async () => void await manager.destroyKernel(id) };
}

/** Puts the compiled files into the cache, which has them for every kernel but the first. */
async function compileAll(): Promise<void> {
  await using store = await createPackageStore(
    packages,
    { compile: createWheelCompiler((init) => defaultHosts().process(init)) },
  );
  await store.bytecode(await sha256(new Uint8Array(await store.package("networkx"))));
  await store.compiled;
}

{
  // A store without a cache compiles nothing.
  await using manager = new KernelManager({ packages: { ...packages, cacheDir: null } });
  figures.push(figure(
    "import found to import done, not compiled yet, worker",
    "ms",
    await times(
      () => freshKernel(manager, KernelMode.WORKER),
      ({ id }) => manager.execute(id, PYTHON),
    ),
  ));
}
const compiling = performance.now();
await compileAll();
figures.push(figure("compiling in the background", "ms", [performance.now() - compiling]));

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  await using manager = new KernelManager({ packages });
  // The first kernel reads the package list and the memory image, which is not measured.
  await manager.createKernel({ mode });
  const kernel = () => freshKernel(manager, mode);
  figures.push(
    figure(
      `the standard modules that pandas imports, ${mode}`,
      "ms",
      await times(kernel, ({ id }) => manager.execute(id, STANDARD)),
    ),
    figure(
      `import found to import done, warm cache, ${mode}`,
      "ms",
      await times(kernel, ({ id }) => manager.execute(id, PYTHON)),
    ),
    figure(
      `the installation alone, warm cache, ${mode}`,
      "ms",
      await times(kernel, ({ id }) => manager.getKernel(id).installPackages(["networkx"])),
    ),
  );
  await using pooled = new KernelManager({
    packages,
    pools: [{ size: 1, mode, packages: ["networkx"] }],
  });
  const warm = async () => {
    await pooled.warmUp();
    return { [Symbol.asyncDispose]: () => pooled.destroyAll() };
  };
  figures.push(figure(
    `start of a pooled kernel with networkx to its import, ${mode}`,
    "ms",
    await times(warm, async () => {
      const id = await pooled.createKernel({ mode, packages: ["networkx"] });
      await pooled.execute(id, PYTHON);
    }),
  ));
}
printTable(figures);
function inWorker(name: string): Figure {
  return figures.find((it) => it.name === `${name}, worker`)!;
}

const ratios = {
  "plain loadPackage() over a worker kernel's": loadPackage.p50 /
    inWorker("import found to import done, warm cache").p50,
  "plain Pyodide's standard modules over a worker kernel's": standardPlain.p50 /
    inWorker("the standard modules that pandas imports").p50,
};
console.table(ratios);
await keepResults("packages", { figures, ratios });
await Deno.remove(cacheDir, { recursive: true });
Deno.exit(0);
