import assert from "node:assert/strict";
import { createAgentServer } from "../../../support/agent.ts";
import { nextEvent } from "../../../support/mod.ts";
import {
  mcpEvents,
  modernHeaders,
  modernMessage,
  openConnection,
  post,
} from "../../../support/raw_agent.ts";

/** Code that prints, waits for a file, and prints again. */
const CODE = "import os, time\nprint('begun', flush=True)\n" +
  "while not os.path.exists('/tmp/end'): time.sleep(0.01)\nprint('finished')";

function call(code: string): Record<string, unknown> {
  return { name: "run_code", arguments: { code, session: "work" }, _meta: { progressToken: 7 } };
}

Deno.test("a client of 2025 that was cut off gets the rest of a run by the id of its last event", async () => {
  await using server = createAgentServer();
  const url = `${await server.listen()}/mcp`;
  const headers = await openConnection(url);
  const cut = new AbortController();
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: call(CODE) };
  const response = await post(url, message, headers, cut.signal);
  let last: string | undefined;
  for await (const { id, message } of mcpEvents(response)) {
    last = id ?? last;
    if (message?.method === "notifications/progress") cut.abort();
  }
  const { files } = server.kernels.getKernel("mcp:work");
  const again = await fetch(url, {
    headers: { ...headers, "Accept": "text/event-stream", "Last-Event-ID": last! },
  });
  assert.equal(again.status, 200);
  // The run waits for the file between two waits of its own.
  await files.write("/tmp/end", new Uint8Array()).catch(() => {});
  for await (const { message } of mcpEvents(again)) {
    if (message?.id !== 1) continue;
    assert.match(message.result.content[0].text, /^begun\nfinished\n/);
    break;
  }
  await again.body?.cancel().catch(() => {});
});

Deno.test("a client of 2025 that leaves does not end its run", async () => {
  await using server = createAgentServer();
  const url = `${await server.listen()}/mcp`;
  const headers = await openConnection(url);
  const left = new AbortController();
  const begun = nextEvent(server.kernels, "execute_input");
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: call("x = 0\nwhile True: x += 1"),
  };
  const response = await post(url, message, headers, left.signal);
  const { executionId } = await begun;
  left.abort();
  await response.body?.cancel().catch(() => {});
  await (await post(url, { jsonrpc: "2.0", id: 2, method: "ping" }, headers)).body?.cancel();
  assert.equal(server.executions.getLive(executionId!)?.record.status, "running");
  assert.equal(await server.executions.cancel(executionId!), "interrupted");
});

Deno.test("a client of 2026 that leaves, as one that is killed does, interrupts its run", async () => {
  await using server = createAgentServer();
  const url = `${await server.listen()}/mcp`;
  const left = new AbortController();
  const begun = nextEvent(server.kernels, "execute_input");
  const answered = post(
    url,
    modernMessage(1, "tools/call", call("while True: pass")),
    modernHeaders("tools/call", "run_code"),
    left.signal,
  ).then((response) => response.body?.cancel()).catch(() => {});
  const { executionId } = await begun;
  const execution = server.executions.getLive(executionId!)!;
  left.abort();
  await answered;
  assert.equal((await execution.done).error?.ename, "KeyboardInterrupt");
});
