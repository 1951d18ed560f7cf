import assert from "node:assert/strict";
import { connectAgent, createAgentServer, ERAS } from "../../../support/agent.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { withServer } from "../../../support/server.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const HEADERS = {
  "Accept": "application/json, text/event-stream",
  "Content-Type": "application/json",
};
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

for (const era of ERAS) {
  Deno.test(`/mcp describes itself to a client of ${era}`, async () => {
    await using directory = await temporaryDirectory();
    await using server = createAgentServer({ NOTEBOOK_DIR: directory.path });
    await using agent = await connectAgent(server, { era });
    assert.match(agent.client.getInstructions() ?? "", /run_code keeps variables/);
    const { tools } = await agent.client.listTools();
    assert.deepEqual(tools.map(({ name }) => name), [...server.config.agents.tools]);
    for (const tool of tools) {
      assert(tool.description && tool.outputSchema && tool.annotations, tool.name);
    }
    const { contents: [guide] } = await agent.client.readResource({ uri: "guide://python" });
    assert(guide && "text" in guide);
    assert.match(guide.text, /WebAssembly/);
  });
}

Deno.test("/mcp offers the tools of the settings, and is not there without any", async () => {
  await using server = createAgentServer({ MCP_TOOLS: "run_python_code,interrupt" });
  await using agent = await connectAgent(server);
  const { tools } = await agent.client.listTools();
  assert.deepEqual(tools.map(({ name }) => name), ["run_python_code", "interrupt"]);
  await withServer({ MCP_TOOLS: "" }, async (server) => {
    assert.equal((await server.request("POST", "/mcp", INITIALIZE, HEADERS)).status, 404);
  });
});

Deno.test("/mcp answers 401 with a challenge without the token, and tells a wrong one apart", () =>
  withServer({ TOKEN }, async (server) => {
    const missing = await server.request("POST", "/mcp", INITIALIZE, HEADERS);
    assert.equal(missing.status, 401);
    assert.equal(missing.headers.get("WWW-Authenticate"), 'Bearer realm="mcp"');
    const wrong = await server.request("POST", "/mcp", INITIALIZE, {
      ...HEADERS,
      Authorization: "Bearer wrong",
    });
    assert.equal(wrong.status, 401);
    assert.match(
      wrong.headers.get("WWW-Authenticate")!,
      /^Bearer realm="mcp", error="invalid_token"/,
    );
    const right = await server.request("POST", "/mcp", INITIALIZE, {
      ...HEADERS,
      Authorization: `Bearer ${TOKEN}`,
    });
    assert.equal(right.status, 200);
    await right.body?.cancel();
  }));

Deno.test("/mcp refuses other hosts and origins, as every path does", () =>
  withServer({}, async (server) => {
    for (const header of [{ Host: "evil.example" }, { Origin: "https://evil.example" }]) {
      const headers = { ...HEADERS, ...header } as Record<string, string>;
      const response = await server.request("POST", "/mcp", INITIALIZE, headers);
      assert.equal(response.status, 403);
    }
  }));

for (
  const [what, body, headers, status, code] of [
    ["is no JSON", "{", {}, 400, -32700],
    ["is nested too deep", "[".repeat(1_000) + "]".repeat(1_000), {}, 400, -32700],
    ["is no message", "{}", {}, 400, -32600],
    [
      "is for an unknown connection",
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      {
        "Mcp-Session-Id": "unknown",
      },
      404,
      -32001,
    ],
    ["is for no connection", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', {}, 400, -32000],
    ["has another type", JSON.stringify(INITIALIZE), { "Content-Type": "text/plain" }, 415, -32000],
    [
      "names another method in its header",
      envelope("tools/list"),
      {
        "Mcp-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
      },
      400,
      -32020,
    ],
    [
      "names another version in its header",
      envelope("tools/list"),
      {
        "Mcp-Protocol-Version": "2025-11-25",
      },
      400,
      -32020,
    ],
  ] as const
) {
  Deno.test(`/mcp refuses a request that ${what}`, () =>
    withServer({}, async (server) => {
      const response = await server.request("POST", "/mcp", body, { ...HEADERS, ...headers });
      const text = await response.text();
      assert.equal(response.status, status, text);
      assert.equal(JSON.parse(text).error.code, code);
    }));
}

Deno.test("/mcp refuses a body that is too large", () =>
  withServer({ MAX_BODY_BYTES: "10k" }, async (server) => {
    const body = JSON.stringify({ ...INITIALIZE, padding: "x".repeat(20_000) });
    const response = await server.request("POST", "/mcp", body, HEADERS);
    assert.equal(response.status, 413);
  }));

function envelope(method: string): string {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { _meta: meta } });
}
