import assert from "node:assert/strict";
import type { LiveNotebookEvent } from "../../../../server/services/notebooks/live_notebook.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { createServer } from "../../../support/server.ts";

const TEXT = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: ["a", "b"].map((id) => ({
    id,
    cell_type: "code",
    source: `${id} = 1`,
    metadata: {},
    outputs: [],
    execution_count: null,
  })),
});

/** Opens a notebook in a server with fake kernels. */
async function openLive() {
  const stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory({ "n.ipynb": TEXT }));
  const fake = stack.use(fakeManager());
  const server = stack.use(
    createServer({ manager: fake.manager, settings: { NOTEBOOK_DIR: directory.path } }),
  );
  const live = server.services.liveNotebooks!;
  return {
    fake,
    live,
    notebook: await live.open("n.ipynb"),
    file: `${directory.path}/n.ipynb`,
    server,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function sourcesIn(file: string): Promise<string[]> {
  const { cells } = JSON.parse(await Deno.readTextFile(file));
  return cells.map(({ source }: { source: string[] }) => [source].flat().join(""));
}

Deno.test("LiveNotebook.edit() makes all edits, or none", async () => {
  await using opened = await openLive();
  const { notebook, file } = opened;
  const [id] = notebook.edit([
    { type: "insert", after: null, cell: { source: "first" } },
    { type: "replace", id: "a", source: "a = 2", expected: "a = 1" },
    { type: "move", id: "a", after: "b" },
    { type: "set_type", id: "b", cellType: "markdown" },
  ]);
  const { cells } = notebook.read();
  assert.deepEqual(cells.map((it) => [it.id, it.type, it.source]), [
    [id, "code", "first"],
    ["b", "markdown", "b = 1"],
    ["a", "code", "a = 2"],
  ]);
  assert.throws(() => notebook.edit([{ type: "delete", id: "a" }, { type: "delete", id: "x" }]), {
    code: "not_found",
  });
  assert.throws(
    () => notebook.edit([{ type: "replace", id: "a", source: "", expected: "a = 1" }]),
    { code: "conflict" },
  );
  assert.equal(notebook.read().cells.length, 3);
  assert.equal(notebook.read().saved, false);
  await notebook.file.save();
  assert.equal(notebook.read().saved, true);
  assert.deepEqual(await sourcesIn(file), ["first", "b = 1", "a = 2"]);
});

Deno.test("LiveNotebook follows its file when another program writes it", async () => {
  await using opened = await openLive();
  const { notebook, file } = opened;
  await Deno.writeTextFile(file, TEXT.replace("a = 1", "a = 'elsewhere'"));
  await notebook.file.refresh();
  assert.deepEqual(notebook.read().cells.map(({ source }) => source), ["a = 'elsewhere'", "b = 1"]);
  // A program that has written half of the file.
  await Deno.writeTextFile(file, TEXT.slice(0, 50));
  await notebook.file.refresh();
  assert.equal(notebook.read().cells.length, 2);
});

for (const answer of ["mine", "theirs"] as const) {
  Deno.test(`LiveNotebook writes over nothing until a conflict is answered with "${answer}"`, async () => {
    await using opened = await openLive();
    const { notebook, file, live, server } = opened;
    notebook.edit([{ type: "replace", id: "a", source: "mine" }]);
    await Deno.writeTextFile(file, TEXT.replace("a = 1", "theirs"));
    await notebook.file.save();
    assert.deepEqual([notebook.read().saved, notebook.read().conflict], [false, true]);
    assert.deepEqual(await sourcesIn(file), ["theirs", "b = 1"]);
    await notebook.file.resolve(answer);
    assert.deepEqual([notebook.read().saved, notebook.read().conflict], [true, false]);
    assert.deepEqual(await sourcesIn(file), [answer, "b = 1"]);
    assert.equal((await live.open("n.ipynb")).read().cells[0]!.source, answer);
    // The other version can be looked at.
    const { versions } = await server.json(200, "GET", "/api/notebook-versions/n.ipynb");
    const kept = await server.json(
      200,
      "GET",
      `/api/notebook-versions/n.ipynb?id=${versions[0].id}`,
    );
    assert.equal([kept.cells[0].source].flat().join(""), answer === "mine" ? "theirs" : "mine");
  });
}

Deno.test("LiveNotebook keeps as a version what a conflict has kept from its file at the end", async () => {
  await using directory = await temporaryDirectory({ "n.ipynb": TEXT });
  const file = `${directory.path}/n.ipynb`;
  const settings = { NOTEBOOK_DIR: directory.path };
  await using fake = fakeManager();
  await using next = createServer({ manager: fake.manager, settings });
  {
    await using other = fakeManager();
    await using server = createServer({ manager: other.manager, settings });
    const notebook = await server.services.liveNotebooks!.open("n.ipynb");
    notebook.edit([{ type: "replace", id: "a", source: "mine" }]);
    await Deno.writeTextFile(file, TEXT.replace("a = 1", "theirs"));
  }
  assert.deepEqual(await sourcesIn(file), ["theirs", "b = 1"]);
  const [version] = await next.services.notebooks!.versions("n.ipynb");
  const text = await next.services.notebooks!.readVersion("n.ipynb", version!.id);
  assert.match(text, /mine/);
});

Deno.test("LiveNotebook.run() runs cells in order, and those after a failure not", async () => {
  await using opened = await openLive();
  const { notebook, fake } = opened;
  const events: LiveNotebookEvent[] = [];
  using _ = notebook.subscribe((event) => events.push(event));
  notebook.edit([{ type: "replace", id: "a", source: "wait" }, {
    type: "insert",
    cell: { id: "c", source: "c" },
  }]);
  const first = notebook.run(["a"]);
  const rest = notebook.run(["b", "c"]);
  assert.deepEqual(notebook.read().cells.map(({ running }) => running), [true, true, true]);
  await fake.madeAtLeast(1);
  while (fake.made[0]!.requests.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await fake.made[0]!.interrupt();
  assert.equal((await first)[0]!.status, "error");
  assert.deepEqual((await rest).map(({ status }) => status), ["skipped", "skipped"]);
  assert.equal((await notebook.run(["b"]))[0]!.status, "ok");
  assert.deepEqual(notebook.read().cells.map(({ running }) => running), [false, false, false]);
  assert.equal(notebook.read().cells[1]!.executionCount, 1);
  const statuses = events.flatMap((it) => it.type === "run" && it.cellId === "a" ? it.status : []);
  assert.deepEqual(statuses, ["queued", "running", "error"]);
});

/** Starts a cell that runs until it is interrupted, and returns its host and its execution's id. */
async function startWaiting({ notebook, fake }: Awaited<ReturnType<typeof openLive>>, id: string) {
  notebook.edit([{ type: "replace", id, source: "wait" }]);
  const done = notebook.run([id]);
  await fake.madeAtLeast(1);
  const host = fake.made[0]!;
  while (host.requests.at(-1)?.code !== "wait") await new Promise((resolve) => setTimeout(resolve));
  const { id: executionId } = host.requests.at(-1)!;
  return { host, done, executionId };
}

Deno.test("LiveNotebook.run() runs a cell once more that runs already", async () => {
  await using opened = await openLive();
  const { notebook } = opened;
  const { host, done } = await startWaiting(opened, "a");
  notebook.edit([{ type: "replace", id: "a", source: "1" }]);
  const again = notebook.run(["a"]);
  await host.interrupt();
  // A cell that fails cancels the cells that wait.
  assert.deepEqual([(await done)[0]!.status, (await again)[0]!.status], ["error", "skipped"]);
  assert.equal(notebook.read().cells[0]!.running, false);

  const events: string[] = [];
  using _ = notebook.subscribe((event) => {
    if (event.type === "run") events.push(event.status);
  });
  const twice = [notebook.run(["a"])];
  while (!events.includes("running")) await new Promise((resolve) => setTimeout(resolve));
  twice.push(notebook.run(["a"]));
  assert.deepEqual((await Promise.all(twice)).flat().map(({ status }) => status), ["ok", "ok"]);
  assert.equal(notebook.read().cells[0]!.running, false);
});

Deno.test("LiveNotebook leaves what a widget captures to the widget, also after the end of the cell", async () => {
  await using opened = await openLive();
  const { notebook } = opened;
  const { host, done, executionId } = await startWaiting(opened, "a");
  const say = (text: string) =>
    host.init.onEvent({ type: "stream", name: "stdout", text, executionId });
  const capture = (msg_id: string) =>
    host.init.onEvent({
      type: "comm_msg",
      commId: "widget",
      data: { method: "update", state: { msg_id } },
      metadata: {},
      buffers: [],
      executionId,
    });
  say("before\n");
  capture(executionId);
  say("in the widget\n");
  capture("");
  say("after\n");
  await host.interrupt();
  await done;
  const text = () =>
    notebook.read().cells[0]!.outputs
      .map((it) => (it as { text?: string }).text ?? "").join("");
  assert.equal(text(), "before\nafter\n");
  capture(executionId);
  say("in the widget, late\n");
  capture("");
  say("late\n");
  while (!text().includes("late")) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(text(), "before\nafter\nlate\n");
});

Deno.test("LiveNotebooks.create() numbers a name that is taken, and rename() takes the file along", async () => {
  await using opened = await openLive();
  const { live, file } = opened;
  const paths = await Promise.all([1, 2].map(() => live.create("Untitled.ipynb")));
  assert.deepEqual(paths.map(({ path }) => path).sort(), ["Untitled 2.ipynb", "Untitled.ipynb"]);
  const first = await live.open("Untitled.ipynb");
  first.edit([{ type: "insert", cell: { source: "x" } }]);
  await live.rename("Untitled.ipynb", "Titled.ipynb");
  assert.equal(await live.open("Titled.ipynb"), first);
  assert.deepEqual(await sourcesIn(file.replace("n.ipynb", "Titled.ipynb")), ["x"]);
  await assert.rejects(live.open("Untitled.ipynb"), { code: "not_found" });
  await assert.rejects(live.rename("Titled.ipynb", "n.ipynb"), { code: "already_exists" });
});

Deno.test("LiveNotebook runs a cell in the language of its metadata, and knows no names of it", async () => {
  await using opened = await openLive();
  const { notebook, fake } = opened;
  notebook.edit([
    { type: "replace", id: "a", source: "SELECT 1 AS b" },
    { type: "set_metadata", id: "a", metadata: { vscode: { languageId: "sql" } } },
  ]);
  assert.equal((await notebook.run(["a"]))[0]!.status, "ok");
  assert.deepEqual(fake.made[0]!.requests.map(({ code }) => code), ["%%sql\nSELECT 1 AS b"]);
  assert.deepEqual(notebook.dependencies().order, ["a", "b"]);
  assert.equal(notebook.dependencies().cells.get("a")!.reads.size, 0);
  assert.equal(
    notebook.export("py"),
    "# %% [sql]\n# SELECT 1 AS b\n\n# %%\nb = 1\n",
  );
  assert.equal(notebook.export("sh"), "# %% [sql]\n# SELECT 1 AS b\n\n# %% [python]\n# b = 1\n");
});
