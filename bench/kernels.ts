/**
 * What kernels cost: starts, executions, output, interrupts, memory. Prints a table, and ratios
 * against a plain `loadPyodide()` that is measured in between; writes JSON to `bench/results/`.
 */
import { hostname } from "node:os";
import { KernelManager, KernelMode } from "../kernel/mod.ts";
import { type Figure, figure, printTable, proportionalMemory, time } from "./measure.ts";

const STARTS = 10;
const CYCLES = 50;
const LINES = 200_000;

await using manager = new KernelManager();
const figures: Figure[] = [];

function record(name: string, unit: string, samples: number[]): void {
  figures.push(figure(name, unit, samples));
}

/** A start and its first result; the kernel is ended outside of the time that counts. */
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
  const starts: Record<string, number[]> = { worker: [], main_thread: [] };
  for (let run = 0; run < STARTS; run++) {
    if (run % 3 === 0) plain.push(await plainLoad());
    for (const mode of [KernelMode.WORKER, KernelMode.MAIN_THREAD]) {
      const [sample] = await time(1, async () => void await start(mode));
      starts[mode]!.push(sample!);
      await manager.destroyAll();
    }
  }
  record("plain loadPyodide() to first result", "ms", plain);
  record("worker kernel to first result", "ms", starts["worker"]!);
  record("main-thread kernel to first result", "ms", starts["main_thread"]!);
}

/** A kernel whose interpreter was ready, after a second in which nothing happened. */
async function measurePool(): Promise<void> {
  await using pooled = new KernelManager({ poolSize: 1 });
  const samples: number[] = [];
  for (let run = 0; run < 20; run++) {
    await pooled.warmUp();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const begin = performance.now();
    const id = await pooled.createKernel();
    await pooled.execute(id, "1 + 1");
    samples.push(performance.now() - begin);
    await pooled.destroyKernel(id);
  }
  record("pooled kernel to first result", "ms", samples);
}

async function measureExecutions(): Promise<void> {
  for (const mode of [KernelMode.WORKER, KernelMode.MAIN_THREAD]) {
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

async function measureOutput(): Promise<void> {
  const id = await start(KernelMode.WORKER);
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
  record(`${LINES} lines of 80 characters`, "MB/s", rates);
  record("  the first of them", "ms", firstLines);
  await manager.destroyKernel(id);
}

async function measureInterrupts(): Promise<void> {
  const id = await start(KernelMode.WORKER);
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
    record(`interrupt of ${name}`, "ms", samples);
  }
  await manager.destroyKernel(id);
}

async function measureMemory(): Promise<void> {
  const perKernel: number[] = [];
  const before = await proportionalMemory();
  for (let count = 1; count <= 10; count++) {
    await start(KernelMode.WORKER);
    perKernel.push((await proportionalMemory() - before) / count / 1e6);
  }
  record("memory of an idle worker kernel, of 1 to 10", "MB", perKernel);
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
await measurePool();
await measureExecutions();
await measureOutput();
await measureInterrupts();
await measureMemory();
await measureLeak();

printTable(figures);
function median(name: string): number {
  return figures.find((it) => it.name.startsWith(name))!.p50;
}
const ratios = {
  "plain loadPyodide() over a pooled kernel": median("plain") / median("pooled kernel"),
  "plain loadPyodide() over a worker kernel": median("plain") / median("worker kernel"),
  "plain loadPyodide() over a main-thread kernel": median("plain") / median("main-thread kernel"),
};
console.table(ratios);
const results = new URL("./results/", import.meta.url);
await Deno.mkdir(results, { recursive: true });
await Deno.writeTextFile(
  new URL("kernels.json", results),
  JSON.stringify(
    {
      date: new Date().toISOString(),
      machine: { host: hostname(), cores: navigator.hardwareConcurrency, deno: Deno.version.deno },
      figures,
      ratios,
    },
    null,
    2,
  ),
);
