/**
 * Measures the cost of a kernel on another Jupyter server beside a client that speaks to that server
 * directly: `1 + 1`, and 100 MB of output. The other server is a current one with ipykernel, which pip
 * fetches once.
 */
import { KernelManager } from "../kernel/mod.ts";
import { startCurrentJupyterServer } from "../tests/support/jupyter_server.ts";
import { temporaryDirectory } from "../tests/support/mod.ts";
import { ChannelsClient, execute } from "./channels_client.ts";
import { figure, keepResults, printTable, time } from "./measure.ts";

const CELLS = 200;
const ROUNDS = 2;
/** A tenth of the output: the engine's websockets take no message beyond 64 MB, which ipykernel may make. */
const OUTPUT = "for _ in range(100): print('x' * 100_000, flush=True)";
const PARTS = 10;

/** Measures one run, in milliseconds. */
async function once(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

async function parts(body: () => Promise<unknown>): Promise<void> {
  for (let part = 0; part < PARTS; part++) await body();
}

await using directory = await temporaryDirectory();
// By default a server drops output beyond a megabyte a second.
const args = ["--ZMQChannelsWebsocketConnection.limit_rate=False"];
await using server = await startCurrentJupyterServer(directory.path, { args });
const { url, token } = server;

await using manager = new KernelManager({ servers: { other: { url, token } } });
const starts = await time(ROUNDS, async () => {
  const id = await manager.createKernel({ server: "other" });
  await manager.execute(id, "1 + 1");
  await manager.terminateKernel(id);
});
const id = await manager.createKernel({ server: "other", limits: { outputBytes: 2 ** 30 } });
const created = await fetch(`${url}/api/kernels`, {
  method: "POST",
  headers: { Authorization: `token ${token}` },
});
const client = new ChannelsClient(server, (await created.json()).id);
await client.open();

const hop: number[] = [];
const direct: number[] = [];
const hopOutput: number[] = [];
const directOutput: number[] = [];
// The two take turns, so that a busy machine slows both down.
for (let round = 0; round < ROUNDS; round++) {
  direct.push(...await time(CELLS / ROUNDS, () => execute(client, "1 + 1")));
  hop.push(...await time(CELLS / ROUNDS, () => manager.execute(id, "1 + 1")));
  directOutput.push(await once(() => parts(() => execute(client, OUTPUT))));
  hopOutput.push(await once(() => parts(() => manager.execute(id, OUTPUT))));
}
client.close();

const figures = [
  figure("1 + 1: directly", "ms", direct),
  figure("1 + 1: as a kernel of the mode remote", "ms", hop),
  figure("100 MB of output: directly", "ms", directOutput),
  figure("100 MB of output: as a kernel of the mode remote", "ms", hopOutput),
  figure("start and first result of a kernel of the mode remote", "ms", starts),
];
printTable(figures);
const ratios = {
  "1 + 1 over that of a direct client": figures[1]!.p50 / figures[0]!.p50,
  "100 MB over that of a direct client": figures[3]!.p50 / figures[2]!.p50,
};
console.table(ratios);
await keepResults("remote", { figures, ratios });
Deno.exit(0);
