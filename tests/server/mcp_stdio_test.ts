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
