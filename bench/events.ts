/**
 * Measures an event's way out: from a process kernel through the server to a client that follows it, as wall
 * time and as processor time of the server, and how long others wait for the server meanwhile. Works on
 * Linux only.
 */
import { ServerProcess } from "../tests/support/server_process.ts";
import { type Figure, figure, keepResults, printTable, time } from "./measure.ts";

const RUNS = 10;
const FLOODING_KERNELS = 4;
/** The time for which the kernels flood, in milliseconds. */
const FLOOD_MS = 5_000;
/** Clock ticks of the system in a second, by which Linux tells processor time. */
const TICKS_PER_SECOND = 100;

const MEGABYTE = "html = '<td>1.25</td>\\n' * 70_000";

/** Python that shows something, by what it shows. */
const CELLS = {
  "10 displays of 1 MB of HTML": `${MEGABYTE}
for n in range(10): display({"text/html": html, "text/plain": "a table"}, raw=True)`,
  "2,000 small displays": `for n in range(2_000): display({"text/plain": "x" * 50}, raw=True)`,
  "a picture of 5 MB": `display({"image/png": "iVBORw0K" * 650_000}, raw=True)`,
};

const server = new ServerProcess(["--port=0", "--log-level=warning", "--kernel-pool-size=0"]);
try {
  const url = await server.url();
  const figures: Figure[] = [];
  const kernel = await createKernel(url);
  for (const [what, code] of Object.entries(CELLS)) {
    const before = await processorMs(server.process.pid);
    figures.push(
      figure(`${what}, followed`, "ms", await time(RUNS, () => follow(url, kernel, code))),
    );
    const used = await processorMs(server.process.pid) - before;
    figures.push(figure(`${what}, the server's processor`, "ms", [used / (RUNS + 1)]));
  }
  figures.push(figure("/health while 4 kernels flood", "ms", await healthUnderFlood(url)));
  printTable(figures);
  await keepResults("events", { figures });
} finally {
  await server.end("SIGTERM");
}
Deno.exit(0);

async function createKernel(url: string): Promise<string> {
  const response = await fetch(`${url}/api/kernels`, { method: "POST" });
  return (await response.json()).id;
}

/** Executes code and reads its events to the end. */
async function follow(url: string, kernel: string, code: string): Promise<void> {
  const response = await fetch(`${url}/api/kernels/${kernel}/executions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ code }),
  });
  for await (const _ of response.body!);
}

/** Returns how long each request for the server's health took while kernels show all that they can. */
async function healthUnderFlood(url: string): Promise<number[]> {
  const code = `${MEGABYTE}
import time
until = time.time() + ${FLOOD_MS / 1_000}
while time.time() < until: display({"text/html": html * 8}, raw=True)`;
  const kernels = await Promise.all(
    Array.from({ length: FLOODING_KERNELS }, () => createKernel(url)),
  );
  const floods = kernels.map((kernel) =>
    fetch(`${url}/api/kernels/${kernel}/executions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, wait: false }),
    }).then((response) => response.body?.cancel())
  );
  await Promise.all(floods);
  const samples: number[] = [];
  for (const begin = performance.now(); performance.now() - begin < FLOOD_MS;) {
    const start = performance.now();
    await (await fetch(`${url}/health`)).text();
    samples.push(performance.now() - start);
  }
  return samples;
}

/** Returns the processor time that a process has taken, in milliseconds. */
async function processorMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
  return (user! + system!) / TICKS_PER_SECOND * 1_000;
}
