/**
 * Measures the server under load: an empty request, `1 + 1` from one client and from 64 at once, and the
 * memory of the server. wrk (the Debian package of that name) makes the load, over the loopback. The
 * first argument is the length of each measurement in seconds, by default 30.
 */
import { ServerProcess } from "../tests/support/server_process.ts";
import { keepResults } from "./measure.ts";

const SECONDS = Number(Deno.args[0] ?? 30);

/** The results of wrk; times in milliseconds. */
interface Load {
  requests: number;
  errors: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Returns a script for wrk that sends this request and prints the results as JSON. */
function script(method: string, path: string, body: string): string {
  return `
    wrk.method, wrk.path, wrk.body = "${method}", "${path}", [[${body}]]
    wrk.headers["Content-Type"] = "application/json"
    function done(summary, latency)
      local e = summary.errors
      local ms = function(p) return latency:percentile(p) / 1000 end
      print(string.format(
        '{"requests": %d, "errors": %d, "perSecond": %f, "p50": %f, "p95": %f, "p99": %f}',
        summary.requests, e.connect + e.read + e.write + e.status + e.timeout,
        summary.requests / (summary.duration / 1e6), ms(50), ms(95), ms(99)))
    end`;
}

async function load(url: string, connections: number, lua: string): Promise<Load> {
  const file = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(file, lua);
    const { stdout } = await new Deno.Command("wrk", {
      args: ["-t1", `-c${connections}`, `-d${SECONDS}s`, "-s", file, url],
    }).output();
    return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  } finally {
    await Deno.remove(file);
  }
}

/** The proportional set size of a process, in MiB. Works on Linux only. */
async function memoryOf(pid: number): Promise<number> {
  const rollup = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}

const server = new ServerProcess(["--port=0", "--log-level=warning"]);
try {
  const url = await server.url();
  const created = await fetch(`${url}/api/kernels`, { method: "POST" });
  const { id } = await created.json();
  const execute = script("POST", `/api/kernels/${id}/executions`, '{"code": "1 + 1"}');
  await load(url, 1, execute); // The first load is not measured: the engine compiles code during it.
  const rows: Record<string, Load> = {};
  const memory = [await memoryOf(server.process.pid)];
  rows["an empty request (/health), 1 client"] = await load(url, 1, script("GET", "/health", ""));
  rows["1 + 1, 1 client"] = await load(url, 1, execute);
  memory.push(await memoryOf(server.process.pid));
  rows["1 + 1 in one kernel, 64 clients"] = await load(url, 64, execute);
  memory.push(await memoryOf(server.process.pid));
  rows["1 + 1 in one kernel, 64 clients, again"] = await load(url, 64, execute);
  memory.push(await memoryOf(server.process.pid));
  console.table(rows);
  console.log(
    "Server's memory in MB, before and after each of the last three:",
    memory.map(Math.round),
  );
  await keepResults("http", { seconds: SECONDS, rows, memory });
} finally {
  await server.end("SIGTERM");
}
Deno.exit(0);
