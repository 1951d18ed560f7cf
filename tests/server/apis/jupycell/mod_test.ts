import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelManager } from "../../../../kernel/mod.ts";
import { makeWheel, serveDistribution } from "../../../support/distribution.ts";
import { fakeManager } from "../../../support/fake_host.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import { run } from "../../../support/programs.ts";
import { createServer, type TestServer, withServer } from "../../../support/server.ts";

const WALKTHROUGH = fileURLToPath(new URL("./walkthrough.sh", import.meta.url));

/** A client of JupyCell with a kernel. */
async function client(server: TestServer) {
  const { kernel_id } = await server.json(200, "POST", "/start");
  const cell = (body: object) => server.json(200, "POST", "/cell", { kernel_id, ...body });
  return {
    kernel_id: kernel_id as number,
    cell,
    add: (cell_number: number, code: string) => cell({ cell_number, code, action: "add" }),
    edit: (cell_number: number, code: string) => cell({ cell_number, code, action: "edit" }),
    run: (cell_number: number, dependencies = false) =>
      cell({ cell_number, action: "run", dependencies }),
    get: (path: string, query = "") =>
      server.json(200, "GET", `${path}?kernel_id=${kernel_id}${query}`),
  };
}

Deno.test("JupyCell's two walkthroughs run as they stand", async () => {
  await using server = createServer();
  const origin = await server.listen();
  const text = await Deno.readTextFile(WALKTHROUGH);
  for (const base of [origin, `${origin}/jupycell`]) {
    const printed = await run("bash", ["-c", text.replaceAll("http://127.0.0.1:8000", base)]);
    const [, ...answers] = printed.split(/^(?={)/m);
    assert.match(printed, /^Kernel ID: \d+\n/);
    const written = (text: string) => [{ name: "stdout", text }];
    const all = (text: string) => ({
      outputs: [
        { cell_number: 1, outputs: [] },
        { cell_number: 2, outputs: [] },
        { cell_number: 3, outputs: written(text) },
      ],
    });
    assert.deepEqual(answers.map((it) => JSON.parse(it)), [
      { status: "Cell 1 added." },
      { status: "Cell 2 added." },
      { status: "Cell 3 added." },
      all("20\n"),
      { outputs: written("20\n") },
      { status: "Cell 2 updated." },
      all("30\n"),
      { outputs: written("30\n") },
    ]);
  }
});

Deno.test("JupyCell's outputs are the contents of Jupyter's messages", async () => {
  await using server = createServer();
  const { add, run, get, cell } = await client(server);
  await add(1, "from IPython.display import HTML, display\ndisplay(HTML('<b>'))\n6 * 7");
  await add(2, "1 / 0");
  const { outputs: [display, result] } = await run(1);
  assert.deepEqual(Object.keys(display).sort(), ["data", "metadata", "transient"]);
  assert.equal(display.data["text/html"], "<b>");
  assert.deepEqual(result, { data: { "text/plain": "42" }, metadata: {}, execution_count: 1 });
  const { outputs: [error] } = await run(2);
  assert.deepEqual([error.ename, error.evalue], ["ZeroDivisionError", "division by zero"]);
  assert(Array.isArray(error.traceback));
  assert.deepEqual(await get("/cell_outputs", "&cell_number=2"), { outputs: [error] });
  assert.deepEqual(await cell({ cell_number: 2, action: "delete" }), {
    status: "Cell 2 deleted.",
  });
  assert.deepEqual(await get("/cell_outputs", "&cell_number=2"), {
    error: "Cell number does not exist.",
  });
});

Deno.test("run with dependencies runs what an edit has made stale, in order", async () => {
  await using server = createServer();
  const { add, edit, run, get, cell } = await client(server);
  await add(1, "x = 10");
  await add(2, "y = x * 2");
  await add(3, "print(y)");
  await add(4, "print('apart')");
  const numbers = ({ ran }: { ran: { cell_number: number }[] }) => ran.map((it) => it.cell_number);
  const first = await run(3, true);
  assert.deepEqual(numbers(first), [1, 2, 3]);
  assert.deepEqual(first.outputs, [{ name: "stdout", text: "20\n" }]);
  assert.deepEqual(numbers(await run(3, true)), [3]);
  await edit(1, "x = 11");
  assert.deepEqual((await get("/dependencies")).stale, [1, 2, 3]);
  assert.deepEqual((await get("/cell_outputs", "&cell_number=1")).outputs, []);
  const again = await run(1, true);
  assert.deepEqual(numbers(again), [1, 2, 3]);
  assert.deepEqual(again.ran[2].outputs, [{ name: "stdout", text: "22\n" }]);
  await edit(2, "y = 1 / 0");
  const failed = await run(3, true);
  assert.deepEqual([numbers(failed), failed.outputs], [[2], []]);
  await cell({ cell_number: 5, code: "x = y", action: "add" });
  const found = await get("/dependencies");
  assert.deepEqual(found.redefinitions, [{ name: "x", cells: [1, 5] }]);
  const needs = found.cells.find((it: { cell_number: number }) => it.cell_number === 3).needs;
  assert.deepEqual(needs, [{ cell_number: 2, names: ["y"] }]);
});

Deno.test("GET /dependencies names cells that need each other", () =>
  withServer({}, async (server) => {
    const { add, get } = await client(server);
    await add(1, "a = b");
    await add(2, "b = a");
    assert.deepEqual((await get("/dependencies")).cycles, [[1, 2]]);
  }));

Deno.test("JupyCell's cells become a notebook, and a notebook's cells become JupyCell's", async () => {
  await using server = createServer();
  const one = await client(server);
  await one.add(1, "print('a')");
  await one.run(1);
  const notebook = await one.get("/jupycell/notebook");
  assert.equal(notebook.nbformat, 4);
  assert.deepEqual(notebook.cells[0].source, ["print('a')"]);
  assert.deepEqual(notebook.cells[0].outputs[0].text, ["a\n"]);
  notebook.cells.unshift({ id: "m", cell_type: "markdown", metadata: {}, source: "# Title" });
  const two = await client(server);
  await two.add(7, "1");
  const { kernel_id } = two;
  const added = await server.json(200, "POST", "/jupycell/notebook", { kernel_id, notebook });
  assert.deepEqual(added, { cell_numbers: [8, 9] });
  assert.deepEqual(
    (await two.cell({ action: "run_all" })).outputs.map(
      ({ cell_number }: { cell_number: number }) => cell_number,
    ),
    [7, 8, 9],
  );
  const back = await two.get("/jupycell/notebook");
  assert.deepEqual(back.cells[1].source, ["# Title"]);
  const broken = { kernel_id, notebook: { nbformat: 4 } };
  await server.json(400, "POST", "/jupycell/notebook", broken);
  await server.json(404, "POST", "/jupycell/notebook", { ...broken, kernel_id: 1 });
});

Deno.test("JupyCell's refusals have the status and the body of its own", () =>
  withServer({}, async (server) => {
    const { add, edit, run, cell, kernel_id } = await client(server);
    const error = async (answer: Promise<{ error: string }>) => (await answer).error;
    const post = (body: unknown) => server.json(200, "POST", "/cell", body);
    assert.equal(await error(post({ kernel_id: 1, action: "run_all" })), "Kernel not found");
    const incomplete = "cell_number and code are required for add/edit actions.";
    for (const action of ["add", "edit"]) {
      assert.equal(await error(cell({ action, cell_number: 1 })), incomplete);
      assert.equal(await error(cell({ action, code: "1" })), incomplete);
    }
    await add(1, "1");
    assert.equal(
      await error(add(1, "2")),
      "Cell number already exists. Use 'edit' to modify it.",
    );
    assert.equal(
      await error(edit(2, "2")),
      "Cell number does not exist. Use 'add' to create it.",
    );
    assert.equal(
      await error(cell({ action: "run" })),
      "cell_number is required for run action.",
    );
    assert.equal(await error(run(2)), "Cell number does not exist.");
    assert.equal(
      await error(cell({ action: "delete", cell_number: 2 })),
      "Cell number does not exist.",
    );
    for (const action of ["fly", "constructor"]) {
      assert.match(await error(cell({ action })), /^Invalid action\. /);
    }
    const [fault] = (await server.json(422, "POST", "/cell", { kernel_id: "a", action: "run" }))
      .detail;
    assert.deepEqual(fault.loc, ["body", "kernel_id"]);
    await server.json(422, "GET", `/cell_outputs?kernel_id=${kernel_id}`);
    await server.json(422, "POST", "/cell", { kernel_id, cell_number: 2 ** 60, action: "run" });
    assert.deepEqual(await server.json(200, "GET", "/jupycell/health"), { status: "ok" });
  }));

Deno.test("two clients of JupyCell share nothing, and cells outlive their kernel", async () => {
  await using server = createServer();
  const [one, two] = [await client(server), await client(server)];
  assert.notEqual(one.kernel_id, two.kernel_id);
  for (const [it, value] of [[one, "1"], [two, "2"]] as const) {
    await it.add(1, `x = ${value}`);
    await it.add(2, "print(x)");
  }
  const printed = async (it: typeof one) =>
    (await it.cell({ action: "run_all" })).outputs[1].outputs;
  assert.deepEqual(await Promise.all([printed(one), printed(two)]), [
    [{ name: "stdout", text: "1\n" }],
    [{ name: "stdout", text: "2\n" }],
  ]);
  for (const { id } of server.kernels.listKernels()) await server.kernels.destroyKernel(id);
  assert.deepEqual((await one.get("/cell_outputs", "&cell_number=2")).outputs[0].text, "1\n");
  assert.deepEqual((await one.run(2, true)).outputs, [{ name: "stdout", text: "1\n" }]);
});

Deno.test("JupyCell's cells tell why they ended with their kernel", async () => {
  await using fake = fakeManager();
  await using server = createServer({ manager: fake.manager });
  const { add, run } = await client(server);
  await add(1, "wait");
  const running = Promise.withResolvers<void>();
  using _ = server.kernels.events.on("status", (it) => it.status === "busy" && running.resolve());
  const answer = run(1);
  await running.promise;
  fake.made[0]!.die("it has run out of memory");
  const { outputs: [error] } = await answer;
  assert.match(`${error.ename} ${error.evalue}`, /it has run out of memory/);
});

Deno.test("JupyCell's cells are a notebook that others open too, and outlive the server", async () => {
  await using directory = await temporaryDirectory();
  const settings = { NOTEBOOK_DIR: directory.path, ALLOWED_KERNEL_MODES: "worker" };
  const numbersOf = (ran: { cell_number: number }[]) => ran.map((it) => it.cell_number);
  let left: number;
  {
    await using server = createServer({ settings });
    const { kernel_id, add, edit, run, cell, get } = await client(server);
    left = kernel_id;
    const path = `/api/live-notebooks/jupycell-${kernel_id}.ipynb`;
    await add(1, "x = 10");
    await add(3, "print(y)");
    await add(2, "y = x * 2");
    const all = await cell({ action: "run_all" });
    assert.deepEqual(numbersOf(all.outputs), [1, 2, 3]);
    assert.deepEqual(all.outputs[2].outputs, [{ name: "stdout", text: "20\n" }]);
    const [session] = await server.json(200, "GET", "/api/sessions");
    assert.equal(session.path, `jupycell-${kernel_id}.ipynb`);

    const shown = await server.json(200, "GET", path);
    const ids: string[] = shown.cells.map(({ id }: { id: string }) => id);
    assert.deepEqual(shown.cells[2].outputs[0].text, "20\n");
    const insert = { type: "insert", after: ids[0], cell: { source: "x += 1" } };
    await server.json(200, "PATCH", path, { edits: [insert] });
    assert.deepEqual(numbersOf((await cell({ action: "run_all" })).outputs), [1, 4, 2, 3]);
    assert.deepEqual(await get("/cell_outputs", "&cell_number=3"), {
      outputs: [{ name: "stdout", text: "22\n" }],
    });
    const replace = { type: "replace", id: ids[0], source: "x = 100" };
    await server.json(200, "PATCH", path, { edits: [replace] });
    await server.json(200, "POST", path, { run: [ids[0]] });
    assert.deepEqual((await get("/dependencies")).stale, [4, 2, 3]);
    assert.deepEqual((await run(3, true)).outputs, [{ name: "stdout", text: "202\n" }]);

    await edit(2, "y = 1 / 0");
    const failed = (await cell({ action: "run_all" })).outputs;
    assert.deepEqual(numbersOf(failed), [1, 4, 2, 3]);
    assert.equal(failed[2].outputs[0].ename, "ZeroDivisionError");
    await cell({ action: "delete", cell_number: 4 });
    await edit(2, "y = x * 3");
    await add(5, "");
    assert.deepEqual(await run(5), { outputs: [] });
  }
  await using server = createServer({ settings });
  const post = (body: object) => server.json(200, "POST", "/cell", { kernel_id: left, ...body });
  assert.deepEqual(
    await server.json(200, "GET", `/cell_outputs?kernel_id=${left}&cell_number=3`),
    { outputs: [{ name: "stdout", text: "202\n" }] },
  );
  const again = await post({ action: "run", cell_number: 3, dependencies: true });
  assert.deepEqual(numbersOf(again.ran), [1, 2, 3]);
  assert.deepEqual(again.outputs, [{ name: "stdout", text: "300\n" }]);
  const from = `jupycell-${left}.ipynb`;
  await server.json(200, "PATCH", `/api/contents/${from}`, { path: "plan.ipynb" });
  const listed = await server.json(200, "GET", "/api/notebooks");
  assert.deepEqual(listed.notebooks.map(({ path }: { path: string }) => path), ["plan.ipynb"]);
  assert.equal((await post({ action: "run_all" })).outputs.length, 4);
  await server.json(404, "GET", `/jupycell/notebook?kernel_id=1`);
});

Deno.test("a JupyCell's run waits for its turn among those of others in the notebook", async () => {
  await using directory = await temporaryDirectory();
  await withServer({ NOTEBOOK_DIR: directory.path }, async (server) => {
    const { kernel_id, add, run, cell } = await client(server);
    await add(1, "wait");
    await add(2, "1");
    const live = await server.services.liveNotebooks!.open(`jupycell-${kernel_id}.ipynb`);
    const [one] = live.read().cells.map(({ id }) => id);
    const isBusy = Promise.withResolvers<void>();
    using _ = server.kernels.events.on("status", (it) => it.status === "busy" && isBusy.resolve());
    const others = live.run([one!]);
    await isBusy.promise;
    const waiting = [run(2), cell({ action: "run", cell_number: 2 })];
    // The failure of the run of others drops all that wait; those that were asked for by number come again.
    for (const { id } of server.kernels.listKernels()) await server.kernels.destroyKernel(id);
    assert.equal((await others)[0]!.status, "aborted");
    assert.deepEqual(await Promise.all(waiting), [{ outputs: [] }, { outputs: [] }]);
    assert.equal(live.read().cells[1]!.executionCount, 1);
    // A cell that somebody makes a text while it waits is not run.
    const busyAgain = Promise.withResolvers<void>();
    using __ = server.kernels.events.on(
      "status",
      (it) => it.status === "busy" && busyAgain.resolve(),
    );
    const blocking = live.run([one!]);
    await busyAgain.promise;
    const text = run(2);
    live.edit([{ type: "set_type", id: live.read().cells[1]!.id, cellType: "markdown" }]);
    for (const { id } of server.kernels.listKernels()) await server.kernels.destroyKernel(id);
    await blocking;
    assert.deepEqual(await text, { outputs: [] });
  });
});

Deno.test("JupyCell's kernels begin with the packages of JUPYCELL_REQUIREMENTS", async () => {
  await using directory = await temporaryDirectory();
  await using distribution = await serveDistribution([
    makeWheel({ name: "beta", version: "2.0", files: { "beta.py": "value = 41" } }),
  ]);
  const file = join(directory.path, "requirements_app.txt");
  await using server = createServer({
    manager: new KernelManager({ packages: { baseUrl: distribution.url, cacheDir: null } }),
    settings: { JUPYCELL_REQUIREMENTS: file, ALLOWED_KERNEL_MODES: "worker" },
  });
  await Deno.writeTextFile(file, "# The app's packages\nbeta==2.0\n");
  const { add, run } = await client(server);
  await add(1, "import beta\nprint(beta.value)");
  assert.deepEqual((await run(1)).outputs, [{ name: "stdout", text: "41\n" }]);
  await Deno.writeTextFile(file, "nosuch==1.0\n");
  const { detail } = await server.json(422, "POST", "/start");
  assert.match(detail, /nosuch/);
  assert.equal(server.kernels.listKernels().length, 1);
});
