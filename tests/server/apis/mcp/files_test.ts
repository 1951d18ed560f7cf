import assert from "node:assert/strict";
import { connectAgent, createAgentServer } from "../../../support/agent.ts";

Deno.test("files() lists, writes, reads, downloads and removes the files of a session", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server, { era: "2025-11-25" });
  const written = await agent.call("files", {
    action: "write",
    path: "d/a.txt",
    text: "héllo\nworld",
  });
  assert.equal(written.structured.size, 12);
  const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
  await agent.call("files", { action: "upload", path: "d/b.bin", base64: bytes.toBase64() });
  const listed = await agent.call("files", { action: "list", path: "d" });
  assert.equal(
    listed.text,
    "/home/pyodide/d/a.txt (12 bytes)\n/home/pyodide/d/b.bin (1000000 bytes)",
  );
  const read = await agent.call("files", { action: "read", path: "d/a.txt" });
  assert.equal(read.text, "héllo\nworld\n[/home/pyodide/d/a.txt: bytes 0 to 12 of 12]");
  assert.equal(read.structured.next_offset, null);
  const parts: Uint8Array[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const { structured }: { structured: { base64: string; next_offset: number | null } } =
      await agent
        .call("files", { action: "download", path: "d/b.bin", offset, limit: 400_000 });
    parts.push(Uint8Array.fromBase64(structured.base64));
    offset = structured.next_offset;
  }
  assert.equal(parts.length, 3);
  assert.deepEqual(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()), bytes);
  await agent.call("files", { action: "remove", path: "d" });
  assert.equal((await agent.call("files", { action: "list", path: "." })).text, ". is empty");
});

Deno.test("files() shows an image as one, and says what it cannot do", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server, { era: "2025-11-25" });
  await agent.call("files", { action: "upload", path: "p.png", base64: "iVBORw0KGgo=" });
  const { content } = await agent.call("files", { action: "download", path: "p.png" });
  assert.deepEqual(content[0], { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" });
  for (
    const [args, message] of [
      [{ action: "read", path: "none" }, /Cannot find "none"/],
      [{ action: "read", path: "/home" }, /Cannot read "\/home": it is a directory/],
      [{ action: "write", path: "a" }, /give either text or base64/],
      [{ action: "write", text: "x" }, /path: name the file to write/],
      [{ action: "list", path: "/" + "a/".repeat(600) }, /at most 500 names/],
    ] as const
  ) {
    const { text, isError } = await agent.call("files", args);
    assert.equal(isError, true);
    assert.match(text, message);
  }
});

Deno.test("files() answers in time although the session computes, and loses nothing", async () => {
  await using server = createAgentServer({ MCP_WAIT: "0.3" });
  await using agent = await connectAgent(server);
  await agent.call("files", { action: "write", path: "a", text: "x", session: "work" });
  const going = await agent.call("run_code", { code: "while True: pass", session: "work" });
  const busy = await agent.call("files", { action: "read", path: "a", session: "work" });
  assert.match(busy.text, /session "work" computes, and its files wait for that/);
  await agent.call("interrupt", { run: going.structured.run });
  await server.executions.getLive(going.structured.run)?.done;
  const read = await agent.call("files", { action: "read", path: "a", session: "work" });
  assert.equal(read.structured.text, "x");
});
