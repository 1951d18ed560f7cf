import { hostname } from "node:os";

/** A measured quantity: its unit, how often it was measured, and percentiles. */
export interface Figure {
  name: string;
  unit: string;
  runs: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Returns the percentiles of samples, which must not be empty. */
export function figure(name: string, unit: string, samples: number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { name, unit, runs: samples.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Measures how long each of several runs takes, in milliseconds, after one run that is not counted. */
export async function time(runs: number, body: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = -1; run < runs; run++) {
    const start = performance.now();
    await body();
    if (run >= 0) samples.push(performance.now() - start);
  }
  return samples;
}

/** The proportional set size of a process, in bytes; 0 when it has ended. Works on Linux only. */
export async function proportionalMemory(id = "self"): Promise<number> {
  const rollup = await Deno.readTextFile(`/proc/${id}/smaps_rollup`).catch(() => "Pss: 0 kB");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
}

/**
 * The proportional set size of each child of this process with the processes below it, in bytes. Works on Linux
 * only.
 */
export async function proportionalMemoryOfChildren(): Promise<number[]> {
  const found = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await Deno.readTextFile(`/proc/${name}/stat`);
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      found.set(Number(name), parent);
    } catch {
      // The process has just ended.
    }
  }
  const sizeOf = async (pid: number): Promise<number> => {
    const rollup = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
    let bytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
    for (const [child, parent] of found) if (parent === pid) bytes += await sizeOf(child);
    return bytes;
  };
  const children = [...found].filter(([, parent]) => parent === Deno.pid);
  return await Promise.all(children.map(([pid]) => sizeOf(pid)));
}

/** Prints the figures as a table. */
export function printTable(figures: Figure[]): void {
  const rows = figures.map(({ name, unit, runs, ...rest }) => ({
    what: name,
    unit,
    runs,
    ...Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, Number(value.toPrecision(3))]),
    ),
  }));
  console.table(rows);
}

/** Writes the results of a bench to `bench/results/<name>.json`, with the date and the machine. */
export async function keepResults(name: string, results: Record<string, unknown>): Promise<void> {
  const directory = new URL("./results/", import.meta.url);
  await Deno.mkdir(directory, { recursive: true });
  const content = {
    date: new Date().toISOString(),
    machine: { host: hostname(), cores: navigator.hardwareConcurrency, deno: Deno.version.deno },
    ...results,
  };
  await Deno.writeTextFile(new URL(`${name}.json`, directory), JSON.stringify(content, null, 2));
}
