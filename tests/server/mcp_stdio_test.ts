import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { connectBy, ERAS } from "../support/agent.ts";

const START = fileURLToPath(new URL("../../start-server.sh", import.meta.url));

/** Starts the server as a client of MCP does. */
function start(...args: string[]): StdioClientTransport {
  return new StdioClientTransport({
    command: START,
    args: ["mcp", "--default-kernel-mode=worker", "--kernel-pool-size=0", ...args],
    env: { ...Deno.env.toObject(), DENO: Deno.execPath() },
    stderr: "ignore",
  });
}

for (const era of ERAS) {
  Deno.test({
    name: `start-server.sh mcp serves a client of ${era}, and ends with it`,
    // The client's library leaves timers and pipes of the process that it has ended.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const transport = start();
      await using agent = await connectBy(transport, { era, input: () => "typed" });
      const { pid } = transport;
      const first = await agent.call("run_code", { code: "x = input('? ')\nprint('out')\nx" });
      assert.equal(first.structured.result, "'typed'");
      const second = await agent.call("run_code", { code: "x * 2" });
      assert.equal(second.structured.result, "'typedtyped'");
      assert.equal(second.structured.session, first.structured.session);
      await agent.client.close();
      assert.throws(() => Deno.kill(pid!, "SIGCONT"), Deno.errors.NotFound);
    },
  });
}

Deno.test("start-server.sh mcp ends when its client is killed in the middle of a run", async () => {
  const child = new Deno.Command(START, {
    args: ["mcp", "--kernel-pool-size=0", "--log-format=json"],
    env: { DENO: Deno.execPath() },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const send = (message: unknown) =>
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  await send({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  });
  await send({
    jsonrpc: "2.0",
    id: 2,
    method: "tools/call",
    params: {
      name: "run_code",
      arguments: { code: "print('begun', flush=True)\nwhile True: pass" },
      _meta: { progressToken: 1 },
    },
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  while (!printed.includes("begun")) printed += (await reader.read()).value ?? "";
  // Nothing but messages is on standard output.
  for (const line of printed.trimEnd().split("\n")) assert.equal(JSON.parse(line).jsonrpc, "2.0");
  // The system closes both ends of a client that is killed.
  await Promise.all([writer.close(), reader.cancel()]);
  const [log, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
  assert.equal(code, 0, log);
  assert.match(log, /"status":"aborted"/);
});
