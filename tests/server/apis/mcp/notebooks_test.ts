import assert from "node:assert/strict";
import { connectAgent, createAgentServer } from "../../../support/agent.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

Deno.test("an agent makes, edits, runs, reads and exports a notebook that people have open", async () => {
  await using directory = await temporaryDirectory();
  await using server = createAgentServer({ NOTEBOOK_DIR: directory.path });
  await using agent = await connectAgent(server);
  const made = await agent.call("notebook_edit", {
    path: "a.ipynb",
    create: true,
    edits: [
      { type: "insert", cell: { id: "title", type: "markdown", source: "# Title" } },
      { type: "insert", cell: { id: "one", source: "x = 20" } },
      { type: "insert", cell: { id: "two", source: "print('x is', x)\nx + 1" } },
    ],
  });
  assert.deepEqual(made.structured, { path: "a.ipynb", ids: ["title", "one", "two"] });
  const live = await server.services.liveNotebooks!.open("a.ipynb");
  live.edit([{ type: "replace", id: "one", source: "x = 41" }]);
  const lost = await agent.call("notebook_edit", {
    path: "a.ipynb",
    edits: [{ type: "replace", id: "one", source: "x = 0", expected: "x = 20" }],
  });
  assert.match(lost.text, /it is not the expected one; read it again \(conflict\)/);
  const run = await agent.call("notebook_run", { path: "a.ipynb" });
  assert.deepEqual([run.isError, run.structured.done], [false, true]);
  assert.equal(run.text, "[one: ok]\n\n[two: ok]\nx is 41\n42\n");
  const record = await server.executions.get(run.structured.cells[1].run);
  assert.deepEqual([record.origin, record.tool], ["mcp", "notebook_run"]);
  const read = await agent.call("notebook_read", { path: "a.ipynb" });
  assert.deepEqual(
    read.structured.cells.map(({ id, output }: { id: string; output: string }) => [id, output]),
    [["title", ""], ["one", ""], ["two", "x is 41\n42\n"]],
  );
  const some = await agent.call("notebook_read", { path: "a.ipynb", cells: ["one"] });
  assert.equal(some.text, "[one: code]\nx = 41");
  const exported = await agent.call("notebook_read", { path: "a.ipynb", format: "ipynb" });
  const { cells } = JSON.parse(exported.structured.text);
  assert.equal(cells[2].outputs.at(-1).data["text/plain"].toString(), "42");
  const listed = await agent.call("notebook_read");
  assert.equal(listed.text, "a.ipynb");
});

Deno.test("notebook_run() tells a failure, goes on after its time, and refuses unknown cells", async () => {
  await using directory = await temporaryDirectory();
  await using server = createAgentServer({ NOTEBOOK_DIR: directory.path, MCP_WAIT: "0.3" });
  await using agent = await connectAgent(server);
  await agent.call("notebook_edit", {
    path: "a.ipynb",
    create: true,
    edits: [
      { type: "insert", cell: { id: "loop", source: "while True: pass" } },
      { type: "insert", cell: { id: "after", source: "1" } },
    ],
  });
  const going = await agent.call("notebook_run", { path: "a.ipynb" });
  assert.deepEqual([going.structured.done, going.isError], [false, false]);
  assert.match(going.text, /\[loop: running\]/);
  const live = await server.services.liveNotebooks!.open("a.ipynb");
  const ended = Promise.withResolvers<void>();
  using _subscription = live.subscribe((event) => {
    if (event.type === "run" && event.cellId === "after") ended.resolve();
  });
  // The kernel may still have been starting when the call was answered.
  let run: string | null = null;
  while (run === null) {
    const { structured } = await agent.call("notebook_read", { path: "a.ipynb" });
    run = structured.cells[0].run;
  }
  await agent.call("interrupt", { run });
  await ended.promise;
  const read = await agent.call("notebook_read", { path: "a.ipynb" });
  assert.match(read.structured.cells[0].output, /KeyboardInterrupt/);
  const unknown = await agent.call("notebook_run", { path: "a.ipynb", cells: ["none"] });
  assert.match(unknown.text, /cells: there is no cell "none"/);
  const nothing = await agent.call("notebook_read", { path: "none.ipynb" });
  assert.match(nothing.text, /not_found/);
  const outside = await agent.call("notebook_read", { path: "../none.ipynb" });
  assert.equal(outside.isError, true);
});

Deno.test("the tools of notebooks are not offered by a server that keeps none", async () => {
  await using server = createAgentServer();
  await using agent = await connectAgent(server);
  const { tools } = await agent.client.listTools();
  assert(!tools.some(({ name }) => name.startsWith("notebook_")));
});
