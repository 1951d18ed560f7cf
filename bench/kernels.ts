/**
 * Measures kernels: starts, executions, output, interrupts and memory. Prints a table, and ratios to a
 * plain `loadPyodide()` and a native ipykernel of the same run; writes JSON to `bench/results/`.
 */
import { fileURLToPath } from "node:url";
import { KernelManager, KernelMode } from "../kernel/mod.ts";
import {
  type Figure,
  figure,
  keepResults,
  printTable,
  proportionalMemory,
  proportionalMemoryOfChildren,
  time,
} from "./measure.ts";

const STARTS = 10;
const CYCLES = 200;
const LINES = 200_000;
const MODES = [KernelMode.PROCESS, KernelMode.WORKER, KernelMode.MAIN_THREAD] as const;
const FLEET = 10;
const STORM = 50;
const CROWD = 100;

await using manager = new KernelManager();
const figures: Figure[] = [];

function record(name: string, unit: string, samples: number[]): void {
  figures.push(figure(name, unit, samples));
}

/** Starts a kernel, runs its first cell and returns its id. The caller ends the kernel. */
async function start(mode: KernelMode): Promise<string> {
  const id = await manager.createKernel({ mode });
  await manager.execute(id, "1 + 1");
  return id;
}

async function plainLoad(): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", new URL("./load_pyodide.ts", import.meta.url).href],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

async function measureStarts(): Promise<void> {
  const plain: number[] = [];
  const starts: Record<string, number[]> = { process: [], worker: [], main_thread: [] };
  for (let run = 0; run < STARTS; run++) {
    if (run % 3 === 0) plain.push(await plainLoad());
    for (const mode of MODES) {
      const [sample] = await time(1, async () => void await start(mode));
      starts[mode]!.push(sample!);
      await manager.destroyAll();
    }
  }
  record("plain loadPyodide() to first result", "ms", plain);
  record("process kernel to first result, isolated", "ms", starts["process"]!);
  record("worker kernel to first result", "ms", starts["worker"]!);
  record("main-thread kernel to first result", "ms", starts["main_thread"]!);
}

/** Measures kernels from a pool, each after a second in which nothing else runs. */
async function measurePool(mode: KernelMode): Promise<void> {
  await using pooled = new KernelManager({ pools: [{ size: 1, mode }] });
  const samples: number[] = [];
  for (let run = 0; run < 20; run++) {
    await pooled.warmUp();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const begin = performance.now();
    const id = await pooled.createKernel({ mode });
    await pooled.execute(id, "1 + 1");
    samples.push(performance.now() - begin);
    await pooled.destroyKernel(id);
  }
  record(`pooled ${mode} kernel to first result`, "ms", samples);
}

async function measureExecutions(): Promise<void> {
  for (const mode of MODES) {
    const id = await start(mode);
    await time(200, () => manager.execute(id, "1 + 1"));
    record(`1 + 1, ${mode}`, "ms", await time(500, () => manager.execute(id, "1 + 1")));
    record(
      `1 MB result, ${mode}`,
      "ms",
      await time(20, () => manager.execute(id, "'x' * 1_000_000")),
    );
    await manager.destroyKernel(id);
  }
}

async function measureOutput(mode: KernelMode): Promise<void> {
  const id = await start(mode);
  const rates: number[] = [];
  const firstLines: number[] = [];
  for (let run = 0; run < 5; run++) {
    let bytes = 0;
    const begin = performance.now();
    using _listening = manager.onKernelEvent(id, "stream", ({ text }) => {
      if (bytes === 0) firstLines.push(performance.now() - begin);
      bytes += text.length;
    });
    await manager.execute(id, `for i in range(${LINES}): print('x' * 79)`);
    rates.push(bytes / 1e6 / ((performance.now() - begin) / 1000));
  }
  record(`${LINES} lines of 80 characters, ${mode}`, "MB/s", rates);
  record("  the first of them", "ms", firstLines);
  await manager.destroyKernel(id);
}

async function measureInterrupts(mode: KernelMode): Promise<void> {
  const id = await start(mode);
  for (
    const [name, code] of [["a loop", "while True: pass"], [
      "time.sleep",
      "import time; time.sleep(60)",
    ]]
  ) {
    const samples: number[] = [];
    for (let run = 0; run < 10; run++) {
      const stream = manager.executeStream(id, code!);
      for await (const event of stream) if (event.type === "execute_input") break;
      await manager.pingKernel(id, 20);
      const begin = performance.now();
      await manager.interruptKernel(id);
      await stream.result;
      samples.push(performance.now() - begin);
    }
    record(`interrupt of ${name}, ${mode}`, "ms", samples);
  }
  await manager.destroyKernel(id);
}

/** Measures how long it takes to end a process kernel that computes, until its process is gone. */
async function measureKills(): Promise<void> {
  const samples: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    const id = await start(KernelMode.PROCESS);
    const running = manager.execute(id, "sum(range(10**12))");
    await manager.pingKernel(id, 50);
    const begin = performance.now();
    await manager.destroyKernel(id);
    samples.push(performance.now() - begin);
    await running;
  }
  record("end of a process kernel that computes in C", "ms", samples);
}

/** Starts many kernels at once and measures when the first and when the last has a result. */
async function measureStorm(mode: KernelMode): Promise<void> {
  const begin = performance.now();
  const samples = await Promise.all(Array.from({ length: STORM }, async () => {
    await start(mode);
    return performance.now() - begin;
  }));
  record(`${STORM} ${mode} kernels at once: the first`, "ms", [Math.min(...samples)]);
  record(`${STORM} ${mode} kernels at once: all`, "ms", [Math.max(...samples)]);
  await manager.destroyAll();
}

/** Measures a native ipykernel, if one is installed. */
async function measureNative(): Promise<void> {
  const { success, stdout } = await new Deno.Command("/usr/bin/python3", {
    args: [fileURLToPath(new URL("./ipykernel.py", import.meta.url))],
    env: { PYDEVD_DISABLE_FILE_VALIDATION: "1" },
    stderr: "null",
  }).output().catch(() => ({ success: false, stdout: new Uint8Array() }));
  if (!success) return console.log("There is no ipykernel to compare with (python3-ipykernel).");
  // The kernels of the script write to the same output, so the results are its last line.
  const line = new TextDecoder().decode(stdout).match(/^\{"starts".*\}$/m)![0];
  const { starts, ones, rates, firsts } = JSON.parse(line);
  record("ipykernel to first result", "ms", starts);
  record("1 + 1, ipykernel", "ms", ones);
  record(`${LINES} lines of 80 characters, ipykernel`, "MB/s", rates);
  record("  the first of them", "ms", firsts);
}

async function measureBulk(mode: KernelMode): Promise<void> {
  const id = await manager.createKernel({ mode, limits: { outputBytes: 2 ** 28 } });
  const rates: number[] = [];
  for (let run = 0; run < 3; run++) {
    const begin = performance.now();
    await manager.execute(id, "for i in range(100): print('x' * 1_000_000)");
    rates.push(100 / ((performance.now() - begin) / 1000));
  }
  record(`100 MB in long lines, ${mode}`, "MB/s", rates);
  await manager.destroyKernel(id);
}

async function measureFleet(): Promise<void> {
  for (let count = 0; count < FLEET; count++) await start(KernelMode.PROCESS);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const sizes = await proportionalMemoryOfChildren();
  record(`memory of an idle process kernel, of ${FLEET}`, "MB", sizes.map((it) => it / 1e6));
  await manager.destroyAll();
}

async function measureMemory(): Promise<void> {
  const perKernel: number[] = [];
  const before = await proportionalMemory();
  for (let count = 1; count <= CROWD; count++) {
    await start(KernelMode.WORKER);
    if (count % 10 === 0) perKernel.push((await proportionalMemory() - before) / count / 1e6);
  }
  record(`memory of an idle worker kernel, of 10 to ${CROWD}`, "MB", perKernel);
  await manager.destroyAll();
}

async function measureLeak(): Promise<void> {
  const after: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    await manager.destroyKernel(await start(KernelMode.WORKER));
    after.push(await proportionalMemory() / 1e6);
  }
  record(`memory after cycles 1 to 10 of ${CYCLES} creations and ends`, "MB", after.slice(0, 10));
  record(`memory after the last 10`, "MB", after.slice(-10));
}

await measureStarts();
await measureNative();
for (const mode of [KernelMode.PROCESS, KernelMode.WORKER]) await measurePool(mode);
await measureExecutions();
for (const mode of [KernelMode.PROCESS, KernelMode.WORKER]) {
  await measureOutput(mode);
  await measureBulk(mode);
  await measureInterrupts(mode);
}
for (const mode of [KernelMode.PROCESS, KernelMode.WORKER]) await measureStorm(mode);
await measureKills();
await measureFleet();
await measureMemory();
await measureLeak();

printTable(figures);
/** The median of the first figure whose name begins so; NaN if there is none. */
function median(name: string): number {
  return figures.find((it) => it.name.startsWith(name))?.p50 ?? NaN;
}
const ratios = {
  "plain loadPyodide() over a pooled process kernel": median("plain") / median("pooled process"),
  "plain loadPyodide() over a pooled worker kernel": median("plain") / median("pooled worker"),
  "plain loadPyodide() over a process kernel": median("plain") / median("process kernel"),
  "ipykernel's start over a pooled process kernel": median("ipykernel") / median("pooled process"),
  "ipykernel's start over a process kernel": median("ipykernel") / median("process kernel"),
  "ipykernel's 1 + 1 over a process kernel's": median("1 + 1, ipykernel") /
    median("1 + 1, process"),
  "ipykernel's 1 + 1 over a worker kernel's": median("1 + 1, ipykernel") / median("1 + 1, worker"),
  "lines of a process kernel over ipykernel's": median("200000 lines of 80 characters, process") /
    median("200000 lines of 80 characters, ipykernel"),
  "lines of a worker kernel over ipykernel's": median("200000 lines of 80 characters, worker") /
    median("200000 lines of 80 characters, ipykernel"),
  "1 + 1 in a process over that in a worker": median("1 + 1, process") / median("1 + 1, worker"),
  "plain loadPyodide() over a worker kernel": median("plain") / median("worker kernel"),
  "plain loadPyodide() over a main-thread kernel": median("plain") / median("main-thread kernel"),
};
console.table(ratios);
await keepResults("kernels", { isolation: await manager.isolation(), figures, ratios });
