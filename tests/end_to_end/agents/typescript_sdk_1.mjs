// The TypeScript SDK of the protocol of 2025 as a client: typescript_sdk_1.mjs URL TOKEN, run where the
// SDK is installed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { argv, cwd } from "node:process";

const require = createRequire(join(cwd(), "package.json"));
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StreamableHTTPClientTransport } = require(
  "@modelcontextprotocol/sdk/client/streamableHttp.js",
);

const [url, token] = argv.slice(2);
const client = new Client({ name: "test", version: "1" });
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  }),
);
function run(code, options) {
  return client.callTool({ name: "run_code", arguments: { code } }, undefined, options);
}
await client.listTools();
assert.equal((await run("x = 41\nx + 1")).structuredContent.result, "42");
assert.equal((await run("x")).structuredContent.result, "41");
assert.equal((await run("1 / 0")).isError, true);
const told = Promise.withResolvers();
const cancel = new AbortController();
const running = run("print('begun', flush=True)\nwhile True: pass", {
  signal: cancel.signal,
  onprogress: ({ message }) => told.resolve(message),
});
assert.equal(await told.promise, "begun\n");
cancel.abort();
await assert.rejects(running);
assert.equal((await run("x")).structuredContent.result, "41");
await client.transport.terminateSession();
await client.close();
