import assert from "node:assert/strict";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

Deno.test("PATCH and POST /api/live-notebooks change and run cells, and their outputs are saved", async () => {
  await using directory = await temporaryDirectory();
  await using server = createServer({ settings: { NOTEBOOK_DIR: directory.path } });
  const empty = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
  await server.json(201, "PUT", "/api/notebooks/n.ipynb", empty);
  const path = "/api/live-notebooks/n.ipynb";
  const code = [
    "from IPython.display import display\nh = display('old', display_id='d')",
    "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\nh.update('new')\n1 + 1",
    "1 / 0",
    "never = 1",
  ];
  const { ids } = await server.json(200, "PATCH", path, {
    edits: code.map((source) => ({ type: "insert", cell: { source } })),
  });
  const { outcomes } = await server.json(200, "POST", path, { run: ids });
  assert.deepEqual(
    outcomes.map((it: { status: string }) => it.status),
    ["ok", "ok", "error", "skipped"],
  );
  const { cells } = await server.json(200, "GET", path);
  assert.equal(cells[0].outputs[0].data["text/plain"], "'new'");
  assert.deepEqual(cells[1].outputs.slice(0, 2), [
    { output_type: "stream", name: "stdout", text: "a\nb\n" },
    { output_type: "stream", name: "stderr", text: "c\n" },
  ]);
  assert.equal(cells[1].outputs[2].data["text/plain"], "2");
  assert.deepEqual(cells.map((it: { executionCount: number | null }) => it.executionCount), [
    1,
    2,
    3,
    null,
  ]);
  assert.equal(cells[2].outputs[0].ename, "ZeroDivisionError");
  // The file has what the notebook has.
  const file = await server.json(200, "GET", "/api/notebooks/n.ipynb");
  assert.deepEqual(file.cells[1].outputs[0].text, ["a\n", "b\n"]);
  assert.equal("transient" in file.cells[0].outputs[0], false);
  const python = await server.request("GET", `${path}?format=py`);
  assert.match(await python.text(), /^# %%\nfrom IPython/);
  await server.json(404, "PATCH", path, { edits: [{ type: "delete", id: "none" }] });
  await server.json(400, "PATCH", path, { edits: [{ type: "delete", id: "../x" }] });
  await server.json(404, "GET", "/api/live-notebooks/none.ipynb");
});

Deno.test("a live notebook has what a task prints after the end of its cell", async () => {
  await using directory = await temporaryDirectory();
  await using server = createServer({ settings: { NOTEBOOK_DIR: directory.path } });
  const notebook = await server.services.liveNotebooks!.create("n.ipynb");
  const source = "import asyncio\n" +
    "async def later():\n    await asyncio.sleep(0.05)\n    print('late')\n" +
    "print('first')\ntask = asyncio.create_task(later())";
  const [id] = notebook.edit([{ type: "insert", cell: { source } }]);
  const { promise, resolve } = Promise.withResolvers<void>();
  using _ = notebook.subscribe(() => {
    const [output] = notebook.read().cells[0]!.outputs as { text?: string }[];
    if (output?.text === "first\nlate\n") resolve();
  });
  await notebook.run([id!]);
  await promise;
});
