import assert from "node:assert/strict";
import { KernelMode } from "../../../kernel/mod.ts";
import { createKernel, createManager, nextEvent, temporaryDirectory } from "../../support/mod.ts";

const language = "javascript";

Deno.test("a cell's value is shown in the formats of Deno's Jupyter kernel", async () => {
  await using fixture = await createKernel({ language });
  const { kernel } = fixture;
  const shown = async (code: string) => (await kernel.execute(code)).result?.data;
  assert.deepEqual(await shown("[1, 2]"), { "text/plain": "[ 1, 2 ]" });
  assert.equal(await shown("undefined"), undefined);
  assert.deepEqual(await shown("Deno.jupyter.html`<b>${1}</b>`"), { "text/html": "<b>1</b>" });
  assert.deepEqual(await shown("Deno.jupyter.md`# x`"), { "text/markdown": "# x" });
  assert.deepEqual(await shown("Deno.jupyter.svg`<svg/>`"), { "image/svg+xml": "<svg/>" });
  assert.deepEqual(
    await shown("Deno.jupyter.image(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))"),
    { "image/png": "iVBORw==" },
  );
  assert.deepEqual(
    await shown("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'own' }) })"),
    { "text/plain": "own" },
  );
  assert.deepEqual(
    await shown("({ [Symbol.for('Deno.customInspect')]: () => 'inspected' })"),
    { "text/plain": "inspected" },
  );
  assert.deepEqual(await shown("Promise.resolve(1)"), { "text/plain": "Promise { 1 }" });
});

Deno.test("Deno.jupyter.display() shows, and updates by id", async () => {
  await using fixture = await createKernel({ language });
  const { outputs } = await fixture.kernel.execute(
    "await Deno.jupyter.display({ 'text/plain': 'a' }, { raw: true, display_id: 'x' })\n" +
      "await Deno.jupyter.display({ 'text/plain': 'b' }, { raw: true, display_id: 'x', update: true })",
  );
  assert.deepEqual(outputs.map((it) => "data" in it && it.data), [{ "text/plain": "b" }]);
});

Deno.test("an error tells the place in its cell", async () => {
  await using fixture = await createKernel({ language });
  const { kernel } = fixture;
  await kernel.execute(
    "function deep() {\n  for (const x of [1]) { throw new RangeError('no') }\n}",
  );
  const { error } = await kernel.execute("1\ndeep()");
  assert.deepEqual(error, {
    ename: "RangeError",
    evalue: "no",
    traceback: [
      "RangeError: no",
      "    at deep (In[1]:2:32)",
      "    at In[2]:2:1",
      "",
      "      1 function deep() {",
      "-->   2   for (const x of [1]) { throw new RangeError('no') }",
      "      3 }",
    ],
  });
  const syntax = await kernel.execute("const x = 1\nlet y = ;");
  assert.equal(syntax.error?.ename, "SyntaxError");
  assert.match(syntax.error!.traceback.join("\n"), /In\[3\]:2/);
});

Deno.test("input() and prompt() ask, and a cell waits for the answer", async () => {
  await using fixture = await createKernel({ language });
  const { kernel } = fixture;
  const asked = nextEvent(kernel, "input_request");
  const running = kernel.execute("const name = prompt('name?')\nname + '!'", { allowStdin: true });
  const { requestId, prompt } = await asked;
  assert.equal(prompt, "name? ");
  assert.equal(await kernel.answerInput(requestId, "Ada"), true);
  assert.equal((await running).result?.data["text/plain"], '"Ada!"');
  const refused = await kernel.execute("await input('?')");
  assert.equal(refused.error?.ename, "StdinNotImplementedError");
});

Deno.test("complete() and inspect() run no code of the user's", async () => {
  await using fixture = await createKernel({ language });
  const { kernel } = fixture;
  await kernel.execute(
    "let runs = 0; const trap = { get inner() { runs++; return {} }, apple: 1 }",
  );
  assert.deepEqual((await kernel.complete("trap.ap")).matches, ["apple"]);
  assert.deepEqual((await kernel.complete("trap.inner.")).matches, []);
  assert.equal((await kernel.inspect("trap.inner")).found, false);
  assert.deepEqual(await kernel.inspect("trap.apple").then((it) => it.data), {
    "text/plain": "trap.apple: 1",
  });
  assert.equal((await kernel.execute("runs")).result?.data["text/plain"], "0");
  assert.equal((await kernel.isComplete("function f() {")).status, "incomplete");
  assert.equal((await kernel.isComplete("`text")).status, "incomplete");
  assert.equal((await kernel.isComplete("1 + 1")).status, "complete");
  assert.equal((await kernel.isComplete("let = = 1")).status, "invalid");
  assert.deepEqual((await kernel.variables()).map(({ name }) => name), ["runs", "trap"]);
});

Deno.test("files of cells are the kernel's, and clients see them", async () => {
  await using fixture = await createKernel({ language });
  const { kernel } = fixture;
  await kernel.execute(
    "import { writeFileSync } from 'node:fs'\nwriteFileSync('a.txt', 'one')\nDeno.mkdirSync('d/e', { recursive: true })",
  );
  assert.deepEqual((await kernel.files.list(".")).map(({ name }) => name), ["d", "a.txt"]);
  await kernel.files.write("b.txt", new TextEncoder().encode("two"));
  const { result } = await kernel.execute("await Deno.readTextFile('/home/deno/b.txt')");
  assert.equal(result?.data["text/plain"], '"two"');
});

Deno.test("files of a mount are the host's, and every operation works on them", async () => {
  await using directory = await temporaryDirectory({ "a.txt": "from the host" });
  const mounts = [{ root: directory.path, mountPoint: "/mnt/d" }];
  await using fixture = await createKernel({ language, mounts });
  const { error, result } = await fixture.kernel.execute(`
    import { appendFileSync, statSync } from "node:fs";
    Deno.mkdirSync("/mnt/d/n/m", { recursive: true });
    Deno.writeTextFileSync("/mnt/d/b.txt", "b");
    Deno.renameSync("/mnt/d/b.txt", "/mnt/d/n/c.txt");
    Deno.chmodSync("/mnt/d/n/c.txt", 0o600);
    appendFileSync("/mnt/d/n/c.txt", "dropped");
    Deno.truncateSync("/mnt/d/n/c.txt", 2);
    Deno.utimeSync("/mnt/d/n/c.txt", 5, 5);
    Deno.copyFileSync("/mnt/d/n/c.txt", "/mnt/d/kept.txt");
    const { mode, size, mtimeMs } = statSync("/mnt/d/n/c.txt");
    Deno.removeSync("/mnt/d/n", { recursive: true });
    [Deno.readTextFileSync("/mnt/d/a.txt"), mode & 0o777, size, mtimeMs].join()
  `);
  assert.equal(error, null);
  assert.deepEqual(result?.data["text/plain"], '"from the host,384,2,5000"');
  assert.deepEqual([...Deno.readDirSync(directory.path)].map((it) => it.name).sort(), [
    "a.txt",
    "kept.txt",
  ]);
  assert.equal(await Deno.readTextFile(`${directory.path}/kept.txt`), "bd");
});

Deno.test("no package can be imported, cached or not", async () => {
  for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
    await using fixture = await createKernel({ language, mode });
    for (const name of ["npm:zod@4.6.7", "npm:left-pad@1.3.0", "zod", "jsr:@std/assert"]) {
      const { error } = await fixture.kernel.execute(`await import(${JSON.stringify(name)})`);
      assert.match(error!.evalue, /^Cannot import/, `${mode} ${name}`);
    }
  }
});

Deno.test("a TypeScript cell may have types, enums and syntax of its own", async () => {
  await using fixture = await createKernel({ language: "typescript" });
  const { kernel } = fixture;
  await kernel.execute("interface P { x: number }\nenum Colour { Red = 3 }\nconst p: P = { x: 1 }");
  const { result } = await kernel.execute("(p as P).x + Colour.Red satisfies number");
  assert.equal(result?.data["text/plain"], "4");
});

Deno.test("TypeScript imports types as if they were values, in cells and in files", async () => {
  await using fixture = await createKernel({ language: "typescript" });
  const { kernel } = fixture;
  await kernel.files.write(
    "/home/deno/types.ts",
    new TextEncoder().encode("export interface Config { n: number }\nexport const n = 5;\n"),
  );
  await kernel.files.write(
    "/home/deno/load.ts",
    new TextEncoder().encode(
      "import { Config, n } from './types.ts';\nimport { Config as Other } from './types.ts';\n" +
        "import all, * as every from './missing.ts';\n" +
        "const name = 'Config';\nexport const load = (): Config | Other => ({ n, [name]: 1 });\n",
    ),
  );
  const { result, error } = await kernel.execute(
    "import { Config, n } from './types.ts'; import { load } from './load.ts'; const c: Config = load(); c.n + n",
  );
  assert.equal(error, null);
  assert.equal(result?.data["text/plain"], "10");
});

Deno.test("a cell that is an object alone shows the object", async () => {
  await using fixture = await createKernel({ language: "typescript" });
  const shown = async (code: string) => {
    const { result, error } = await fixture.kernel.execute(code);
    return error ? error.evalue : result?.data["text/plain"];
  };
  assert.equal(await shown("{ a: 1, b: 2 as number }"), "{ a: 1, b: 2 }");
  assert.equal(await shown("{ a: await 3 };"), "{ a: 3 }");
  assert.equal(await shown("{ let inner: number = 1; globalThis.kept = inner }"), "1");
  assert.equal(await shown("{ kept }"), "{ kept: 1 }");
});

Deno.test("an error is described by what was thrown, and by what is missing", async () => {
  await using fixture = await createKernel({ language });
  const told = async (code: string) => (await fixture.kernel.execute(code)).error;
  assert.equal((await told("throw { code: 5 }"))?.evalue, "Uncaught { code: 5 }");
  assert.equal((await told("if ("))?.evalue, "Unexpected end of input");
  assert.equal((await told("{ a: missing }"))?.traceback[1], "    at In[3]:1:6");
  assert.match((await told("@dec class A {}"))?.evalue ?? "", /^Decorators are not part of this/);
  assert.match((await told("import 'jsr:@std/path'"))?.evalue ?? "", /nothing is imported by jsr:/);
  assert.match((await told("await import('data:text/javascript,1')"))?.evalue ?? "", /by data:/);
  const { traceback } = (await told("throw new AggregateError([new TypeError('x'), 5], 'many')"))!;
  assert.deepEqual(traceback.slice(-3), [
    "One of them: TypeError: x",
    "    at In[7]:1:27",
    "One of them: 5",
  ]);
});

Deno.test("createKernel() refuses JavaScript on the main thread", async () => {
  await using manager = createManager();
  await assert.rejects(manager.createKernel({ language, mode: KernelMode.MAIN_THREAD }), {
    code: "invalid_argument",
    message: /"javascript" kernels cannot have the mode "main_thread"; use "worker" or "process"/,
  });
});
