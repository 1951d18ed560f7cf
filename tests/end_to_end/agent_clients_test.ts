import assert from "node:assert/strict";
import { join } from "node:path";
import { createAgentServer } from "../support/agent.ts";
import { CLIENTS, npmPackages, pythonWith, run } from "../support/agent_clients.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

for (
  const [name, program, list] of [
    ["the Python SDK of 2025", "python_sdk_1.py", "requirements_1.txt"],
    ["the Python SDK of 2026 and fastmcp", "python_sdk_2.py", "requirements_2.txt"],
    ["LangChain's adapters and pydantic-ai", "adapters.py", "requirements_1.txt"],
  ] as const
) {
  Deno.test(`${name} run Python through /mcp`, async () => {
    const python = await pythonWith(list);
    await using server = createAgentServer({ TOKEN });
    const url = `${await server.listen()}/mcp`;
    await run(python, [join(CLIENTS, program), url, TOKEN]);
  });
}

Deno.test("the TypeScript SDK of 2025 runs Python through /mcp", async () => {
  const directory = await npmPackages();
  await using server = createAgentServer({ TOKEN });
  const url = `${await server.listen()}/mcp`;
  const program = join(CLIENTS, "typescript_sdk_1.mjs");
  await run(Deno.execPath(), ["run", "-A", "--no-config", program, url, TOKEN], directory);
  assert.deepEqual(server.kernels.listKernels(), []);
});

Deno.test("the AI SDK runs Python through /mcp", async () => {
  const directory = await npmPackages();
  await using server = createAgentServer({ TOKEN });
  const url = `${await server.listen()}/mcp`;
  await run("node", [join(CLIENTS, "ai_sdk.mjs"), url, TOKEN], directory);
});

Deno.test("the inspector calls run_code", async () => {
  const directory = await npmPackages();
  await using server = createAgentServer({ TOKEN });
  const url = `${await server.listen()}/mcp`;
  const inspector = join(directory, "node_modules/.bin/mcp-inspector");
  const printed = await run(inspector, [
    ...["--cli", url, "--transport", "http", "--header", `Authorization: Bearer ${TOKEN}`],
    ...["--method", "tools/call", "--tool-name", "run_code", "--tool-arg", "code=6 * 7"],
  ]);
  assert.equal(JSON.parse(printed).structuredContent.result, "42");
});

for (
  const [revision, suite, args] of [
    ["2025", "conformance-2025", ["--suite", "active"]],
    ["2025", "@modelcontextprotocol/conformance", ["--suite", "active"]],
    ["2026", "@modelcontextprotocol/conformance", [
      ...["--suite", "all", "--spec-version", "2026-07-28"],
    ]],
  ] as const
) {
  Deno.test(`/mcp passes what applies of ${suite} for ${revision}`, async () => {
    const directory = await npmPackages();
    await using server = createAgentServer();
    const url = `${await server.listen()}/mcp`;
    const results = await Deno.makeTempDir();
    try {
      // The suite fails for an unexpected failure, and for an expected one that does not happen.
      const printed = await run(Deno.execPath(), [
        ...["run", "-A", join(directory, "node_modules", suite, "dist/index.js"), "server"],
        ...["--url", url, ...args, "--output-dir", results],
        ...["--expected-failures", join(CLIENTS, `expected_failures_${revision}.yml`)],
      ], directory);
      assert.match(printed, /✓ server-|✓ tools-list/);
    } finally {
      await Deno.remove(results, { recursive: true });
    }
  });
}
