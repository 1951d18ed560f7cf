/**
 * Measures what the Model Context Protocol costs: `run_code("1+1")` by both of its eras beside the same over
 * the server's own HTTP, in turn and with the same plain client, and the time from no session to a first
 * answer. The first argument is the number of rounds, by default 500.
 */
import {
  mcpEvents,
  modernHeaders,
  modernMessage,
  openConnection,
  post,
} from "../tests/support/raw_agent.ts";
import { ServerProcess } from "../tests/support/server_process.ts";
import { figure, keepResults, printTable } from "./measure.ts";

const ROUNDS = Number(Deno.args[0] ?? 500);
const server = new ServerProcess(["--port=0", "--log-level=warning"]);

/** Returns the answer of a tool's call. */
// deno-lint-ignore no-explicit-any -- the answer is looked at field by field
async function answerOf(response: Response): Promise<any> {
  if (response.headers.get("Content-Type")?.includes("json")) return (await response.json()).result;
  for await (const { message } of mcpEvents(response)) if (message?.result) return message.result;
  throw new Error("There is no answer");
}

function params(session?: string): Record<string, unknown> {
  return { name: "run_code", arguments: { code: "1+1", ...(session && { session }) } };
}

try {
  const origin = await server.url();
  const url = `${origin}/mcp`;
  const connection = await openConnection(url);
  let id = 0;
  const modern = async (session?: string) =>
    await answerOf(
      await post(
        url,
        modernMessage(++id, "tools/call", params(session)),
        modernHeaders("tools/call", "run_code"),
      ),
    );
  const legacy = async (session: string) => {
    const message = { jsonrpc: "2.0", id: ++id, method: "tools/call", params: params(session) };
    return await answerOf(await post(url, message, connection));
  };
  const native = async (session: string) =>
    await (await post(`${origin}/api/kernels/mcp:${session}/executions`, { code: "1+1" }, {
      Accept: "application/json",
    })).json();

  const times: Record<string, number[]> = {};
  const measure = async (name: string, work: () => Promise<unknown>) => {
    const begin = performance.now();
    await work();
    (times[name] ??= []).push(performance.now() - begin);
  };
  await modern("bench");
  for (let round = 0; round < ROUNDS; round++) {
    await measure("1+1 over HTTP", () => native("bench"));
    await measure("1+1 over MCP, 2026", () => modern("bench"));
    await measure("1+1 over MCP, 2025", () => legacy("bench"));
    // The first rounds are not measured: the engine compiles code during them.
    if (round === 50) { for (const name of Object.keys(times)) times[name] = []; }
  }
  for (let round = 0; round < 10; round++) {
    await measure("a new session to its first answer", async () => {
      const { structuredContent: { session } } = await modern();
      queueMicrotask(() =>
        void fetch(`${origin}/api/kernels/mcp:${session}`, { method: "DELETE" })
      );
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // The pool fills again.
  }
  const figures = Object.entries(times).map(([name, samples]) => figure(name, "ms", samples));
  printTable(figures);
  await keepResults("mcp", { rounds: ROUNDS, figures });
} finally {
  await server.end("SIGTERM");
}
Deno.exit(0);
