/**
 * Measures Python's sockets to servers on the loopback: in kernels, and in the machine's own Python, which runs
 * the same code.
 */
import { createKernel } from "../tests/support/mod.ts";
import { NetworkServers } from "../tests/support/network_servers.ts";
import { type Figure, figure, keepResults, printTable, time } from "./measure.ts";

const RUNS = 10;

const PREPARE = `
import socket, urllib.request
def opened():
    connection = socket.create_connection(("127.0.0.1", RAW))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"echo\\n")
    return connection
echo = opened()
`;

/** Python that uses the network, by what it does. */
const CELLS = {
  "100 connections": "for _ in range(100): opened().close()",
  "500 round trips of 1 byte": `for _ in range(500):
    echo.sendall(b"x")
    echo.recv(1)`,
  "20 MB by urllib.request":
    `urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/bytes/20000000").read()`,
  "100 requests by urllib.request":
    `for _ in range(100): urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/text").read()`,
};

await using servers = NetworkServers.start();
const ports = `HTTP, RAW = ${servers.http}, ${servers.raw}`;
const figures: Figure[] = [];
for (const mode of ["worker", "process"] as const) {
  await using fixture = await createKernel({
    mode,
    deno: { permissions: { net: [`127.0.0.1:${servers.http}`, `127.0.0.1:${servers.raw}`] } },
  });
  const run = async (code: string) => {
    const { error } = await fixture.kernel.execute(code);
    if (error) throw new Error(`${error.ename}: ${error.evalue}`);
  };
  await run(`${ports}\n${PREPARE}`);
  for (const [what, code] of Object.entries(CELLS)) {
    figures.push(figure(`${what}, ${mode}`, "ms", await time(RUNS, () => run(code))));
  }
}
for (const [what, samples] of Object.entries(await native())) {
  figures.push(figure(`${what}, CPython on this machine`, "ms", samples));
}
printTable(figures);
await keepResults("sockets", { figures });

/** Returns how long the machine's own Python takes, in milliseconds, by what it does. */
async function native(): Promise<Record<string, number[]>> {
  const program = `
import json, sys, time
${ports}
${PREPARE}
taken = {}
for what, code in json.loads(sys.argv[1]).items():
    for run in range(-1, ${RUNS}):
        began = time.perf_counter()
        exec(code)
        if run >= 0: taken.setdefault(what, []).append((time.perf_counter() - began) * 1000)
print(json.dumps(taken))`;
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", program, JSON.stringify(CELLS)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
