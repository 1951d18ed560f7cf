/**
 * Measures kernels of each language: the start to the first result, `1 + 1`, 200,000 lines, and memory; beside
 * them Deno's own Jupyter kernel and a native bash. Prints a table; writes JSON to `bench/results/`.
 */
import { fileURLToPath } from "node:url";
import { KernelManager, KernelMode } from "../kernel/mod.ts";
import { keepResults, proportionalMemoryOfChildren } from "./measure.ts";

const STARTS = 5;
const ONES = 100;
const RUNS = 3;
const LINES = 200_000;
const MIB = 2 ** 20;

/** The cells of a language: one that adds, and one that prints lines. */
const CELLS: Readonly<Record<string, readonly [one: string, lines: string]>> = {
  python: ["1 + 1", `for i in range(${LINES}): print("line", i)`],
  javascript: ["1 + 1", `for (let i = 0; i < ${LINES}; i++) console.log("line", i)`],
  typescript: [
    "1 + 1 as number",
    `for (let i: number = 0; i < ${LINES}; i++) console.log("line", i)`,
  ],
  bash: ["echo $((1 + 1))", `seq -f 'line %g' ${LINES}`],
};

/** The medians of one row, in milliseconds, and the memory in MiB. */
interface Row {
  kernel: string;
  mode: string;
  start: number;
  one: number;
  lines: number;
  memory: number;
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await body();
  return performance.now() - begin;
}

async function repeated(count: number, body: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < count; run++) samples.push(await timed(body));
  return samples;
}

async function measureKernel(language: string, mode: KernelMode): Promise<Row> {
  const [one, lines] = CELLS[language]!;
  await using manager = new KernelManager();
  const start = async () => {
    const id = await manager.createKernel({ mode, language });
    await manager.execute(id, one);
  };
  await start(); // The first kernel of a language reads what all of them share.
  const starts = await repeated(STARTS, async () => {
    await manager.destroyAll();
    await start();
  });
  const { id } = manager.listKernels()[0]!;
  const run = async (code: string) => {
    const { status } = await manager.execute(id, code);
    if (status !== "ok") throw new Error(`The cell "${code}" ends with ${status}`);
  };
  const ones = await repeated(ONES, () => run(one));
  const [child] = mode === KernelMode.PROCESS ? await proportionalMemoryOfChildren() : [];
  const memory = child ?? manager.getKernel(id).info.memoryBytes ?? NaN;
  const all = await repeated(RUNS, () => run(lines));
  return row(language, mode, starts, ones, all, memory);
}

function row(
  kernel: string,
  mode: string,
  starts: readonly number[],
  ones: readonly number[],
  lines: readonly number[],
  bytes: number,
): Row {
  return {
    kernel,
    mode,
    start: median(starts),
    one: median(ones),
    lines: median(lines),
    memory: bytes / MIB,
  };
}

/** Measures Deno's own kernel through Jupyter's client, if that is installed. */
async function measureDeno(): Promise<Row | undefined> {
  const [one, lines] = CELLS["typescript"]!;
  const request = { deno: Deno.execPath(), one, lines, starts: STARTS, ones: ONES, runs: RUNS };
  const { success, stdout } = await new Deno.Command("/usr/bin/python3", {
    args: [fileURLToPath(new URL("./deno_kernel.py", import.meta.url)), JSON.stringify(request)],
    stderr: "null",
  }).output();
  if (!success) return void console.log("There is no jupyter_client (python3-jupyter-client).");
  const found = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  return row("Deno's own kernel", "process", found.starts, found.ones, found.lines, found.bytes);
}

/** Measures a native bash: new ones for starts, and one that reads commands from a pipe. */
async function measureBash(): Promise<Row> {
  const [one, lines] = CELLS["bash"]!;
  const starts = await repeated(
    STARTS,
    () => new Deno.Command("bash", { args: ["-c", one], stdout: "null" }).output(),
  );
  await using bash = new Deno.Command("bash", { stdin: "piped", stdout: "piped" }).spawn();
  const writer = bash.stdin.getWriter();
  const reader = bash.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const run = async (code: string) => {
    await writer.write(new TextEncoder().encode(`${code}\necho end of cell\n`));
    for (let tail = ""; !tail.endsWith("end of cell\n");) {
      const { value, done } = await reader.read();
      if (done) throw new Error("bash has ended");
      tail = (tail + value).slice(-20);
    }
  };
  await run(one);
  const ones = await repeated(ONES, () => run(one));
  const [bytes = NaN] = await proportionalMemoryOfChildren();
  const all = await repeated(RUNS, () => run(lines));
  await writer.close();
  await reader.cancel();
  return row("native bash", "process", starts, ones, all, bytes);
}

const rows: Row[] = [];
for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  for (const language of Object.keys(CELLS)) rows.push(await measureKernel(language, mode));
}
const own = await measureDeno();
if (own) rows.push(own);
rows.push(await measureBash());
console.table(rows.map(({ kernel, mode, ...figures }) => ({
  kernel,
  mode,
  ...Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  ),
})));
await keepResults("languages", { rows, load: Deno.loadavg() });
