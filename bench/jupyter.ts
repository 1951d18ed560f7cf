/**
 * Measures how long a Jupyter client waits for a kernel and for a cell, at this server and at a real
 * Jupyter Server with ipykernel in the same run. The real one needs the Debian packages jupyter-server and
 * python3-ipykernel, and is left out without them.
 */
import { setTimeout as delay } from "node:timers/promises";
import { PYTHON, startJupyterServer } from "../tests/support/jupyter_server.ts";
import { temporaryDirectory } from "../tests/support/mod.ts";
import { ServerProcess } from "../tests/support/server_process.ts";
import { ChannelsClient, execute } from "./channels_client.ts";
import { type Figure, figure, keepResults, printTable, time } from "./measure.ts";

const STARTS = 8;
const CELLS = 300;
/** The pause between two starts, in milliseconds. The pool fills again meanwhile. */
const PAUSE_MS = 2_000;

interface Server extends AsyncDisposable {
  name: string;
  url: string;
  token: string;
}

async function ours(): Promise<Server> {
  const server = new ServerProcess(["--port", "0"], { LOG_LEVEL: "error" });
  return {
    name: "this server",
    url: await server.url(),
    token: "",
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function jupyter(): Promise<Server | undefined> {
  const modules = await new Deno.Command(PYTHON, {
    args: ["-c", "import jupyter_server, ipykernel"],
    stderr: "null",
  }).output().catch(() => undefined);
  if (!modules?.success) return undefined;
  const directory = await temporaryDirectory();
  const { url, token, ...server } = await startJupyterServer("jupyter_server", directory.path);
  return {
    name: "Jupyter Server with ipykernel",
    url,
    token,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function request({ url, token }: Server, method: string, path: string): Promise<Response> {
  const headers: HeadersInit = token ? { Authorization: `token ${token}` } : {};
  const response = await fetch(url + path, { method, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function withKernel(
  server: Server,
  body: (client: ChannelsClient) => Promise<void>,
): Promise<void> {
  const { id } = await (await request(server, "POST", "/api/kernels")).json();
  const client = new ChannelsClient(server, id);
  try {
    await client.open();
    await body(client);
  } finally {
    client.close();
    await (await request(server, "DELETE", `/api/kernels/${id}`)).body?.cancel();
  }
}

async function measure(server: Server): Promise<Figure[]> {
  const starts: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    await delay(PAUSE_MS);
    const begin = performance.now();
    await withKernel(server, async (client) => {
      await client.ask("kernel_info_request", {});
      await execute(client, "1 + 1");
      starts.push(performance.now() - begin);
    });
  }
  let cells: number[] = [];
  await withKernel(server, async (client) => {
    await execute(client, "1 + 1");
    await delay(PAUSE_MS);
    cells = await time(CELLS, () => execute(client, "1 + 1"));
  });
  return [
    figure(`start, kernel info and first result: ${server.name}`, "ms", starts),
    figure(`1 + 1: ${server.name}`, "ms", cells),
  ];
}

async function measureServer(opened: Promise<Server | undefined>): Promise<Figure[]> {
  await using server = await opened;
  return server ? await measure(server) : [];
}

const figures = [...await measureServer(ours()), ...await measureServer(jupyter())];
printTable(figures);
const [start, cell, peerStart, peerCell] = figures;
const ratios = peerStart && peerCell
  ? {
    "Jupyter Server's start over this server's": peerStart.p50 / start!.p50,
    "Jupyter Server's 1 + 1 over this server's": peerCell.p50 / cell!.p50,
  }
  : {};
console.table(ratios);
await keepResults("jupyter", { figures, ratios });
Deno.exit(0);
