import assert from "node:assert/strict";
import type { ExecuteResult } from "../../../kernel/mod.ts";
import { createKernel, type KernelFixture } from "../../support/mod.ts";

/** The outcome of a cell and the text that it printed. */
interface DebuggedCell {
  result: ExecuteResult;
  text: string;
}

/** Runs a cell and answers the debugger's questions with commands in turn, then never again. */
async function debug(
  { kernel }: KernelFixture,
  code: string,
  commands: string[],
  timeoutMs = 20_000,
): Promise<DebuggedCell> {
  let text = "";
  const left = [...commands];
  const execution = kernel.execute(code, { allowStdin: true, timeoutMs });
  using _ = kernel.events.on("*", (event) => {
    if (event.type === "stream") text += event.text;
    if (event.type !== "input_request") return;
    const command = left.shift();
    if (command !== undefined) void kernel.answerInput(event.requestId, command);
  });
  const result = await execution;
  assert.deepEqual(left, [], `${code}: ${text}`);
  return { result, text };
}

Deno.test("breakpoint() stops in the user's frame, prints, steps and goes on", async () => {
  await using fixture = await createKernel();
  const code = "def f(a):\n    b = a + 1\n    breakpoint()\n    c = b * 2\n    return c\nf(3)";
  const { result, text } = await debug(fixture, code, ["p b", "w", "n", "n", "p c", "!b = 9", "c"]);
  assert.equal(result.status, "ok");
  assert.deepEqual(text.split("\n"), [
    "> <cell In[1]>(3)f()",
    "-> breakpoint()",
    "4",
    "  <cell In[1]>(6)<module>()",
    "-> f(3)",
    "> <cell In[1]>(3)f()",
    "-> breakpoint()",
    "> <cell In[1]>(4)f()",
    "-> c = b * 2",
    "> <cell In[1]>(5)f()",
    "-> return c",
    "8",
    "",
  ]);
});

Deno.test("pdb never stops in the kernel's code, however far it steps", async () => {
  await using fixture = await createKernel();
  const code = [
    "import asyncio, time, json",
    "def f():",
    "    time.sleep(0.01)",
    "    display(1)",
    "    print(2)",
    "    return json.dumps([3])",
    "breakpoint()",
    "f()",
    "input()",
  ].join("\n");
  const steps = Array.from({ length: 12 }, () => "s");
  const { result, text } = await debug(fixture, code, [...steps, "w", "c", "answer"]);
  assert.equal(result.status, "ok");
  for (const line of text.matchAll(/^> (.*)\(\d+\)/gm)) {
    assert.match(line[1]!, /^<cell In\[1\]>|json/, text);
  }
  assert.match(text, /--Call--\n> <cell In\[1\]>\(2\)f\(\)/);
  const later = await debug(fixture, "x = 1\nx", []);
  assert.deepEqual([later.result.status, later.text], ["ok", ""]);
});

Deno.test("pdb steps over the end of a cell and does not stop in the next one", async () => {
  await using fixture = await createKernel();
  for (
    const [code, steps] of [
      ["breakpoint()\nx = 1", ["s", "s", "s"]],
      ["import asyncio\nawait asyncio.sleep(0)\nbreakpoint()", ["s", "s"]],
    ] as [string, string[]][]
  ) {
    const first = await debug(fixture, code, steps);
    assert(!first.text.split("--Return--")[0]!.includes("->None"), first.text);
    assert.equal(first.result.status, "ok", first.text);
    const second = await debug(fixture, "def g(): return 1\ng()", []);
    assert.deepEqual([second.result.status, second.text], ["ok", ""]);
  }
});

Deno.test("pdb keeps breakpoints for later cells, until they are cleared", async () => {
  await using fixture = await createKernel();
  await debug(fixture, "def g(x):\n    y = x\n    return y", []);
  await debug(fixture, "breakpoint()\nz = 1", ["b g", "c"]);
  const stopped = await debug(fixture, "g(5)", ["p x", "cl 1", "c"]);
  assert.match(stopped.text, /> <cell In\[1\]>\(2\)g\(\)\n-> y = x\n5\n/);
  assert.equal((await debug(fixture, "g(6)", [])).text, "");
});

Deno.test("quitting pdb ends the cell with BdbQuit and shows only the user's lines", async () => {
  await using fixture = await createKernel();
  const { result } = await debug(fixture, "def f():\n    breakpoint()\n    return 1\nf()", ["q"]);
  assert.equal(result.error?.ename, "BdbQuit");
  const traceback = result.error!.traceback.join("\n");
  assert.doesNotMatch(traceback, /bdb\.py|pdb\.py|deno_kernel/);
  assert.equal((await debug(fixture, "1", [])).result.status, "ok");
});

Deno.test("an interrupt and a deadline end a cell that waits for a command of pdb", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  for (
    const code of ["breakpoint()\nx = 1", "import asyncio\nawait asyncio.sleep(0)\nbreakpoint()"]
  ) {
    const waiting = Promise.withResolvers<void>();
    using _ = kernel.events.on("input_request", () => waiting.resolve());
    const execution = kernel.execute(code, { allowStdin: true });
    await waiting.promise;
    assert.equal(await kernel.interrupt(), true);
    const { error } = await execution;
    assert.equal(error?.ename, "KeyboardInterrupt");
    assert.doesNotMatch(error.traceback.join("\n"), /bdb\.py|pdb\.py|cmd\.py|deno_kernel/);
  }
  const late = await debug(fixture, "breakpoint()\nx = 1", [], 300);
  assert.equal(late.result.error?.ename, "KeyboardInterrupt");
  const goesOn = await debug(fixture, "breakpoint()\nwhile True: pass", ["c"], 1_000);
  assert.equal(goesOn.result.error?.ename, "KeyboardInterrupt");
  assert.equal((await debug(fixture, "1", [])).result.status, "ok");
});

Deno.test("pdb without anybody who answers ends the cell and says why", async () => {
  await using fixture = await createKernel();
  const result = await fixture.kernel.execute("breakpoint()\n1");
  assert.equal(result.error?.ename, "StdinNotImplementedError");
  assert.doesNotMatch(result.error.traceback.join("\n"), /bdb\.py|pdb\.py|cmd\.py|deno_kernel/);
  const skipped = await fixture.kernel.execute(
    "import os\nos.environ['PYTHONBREAKPOINT'] = '0'\nbreakpoint()\ndel os.environ['PYTHONBREAKPOINT']",
  );
  assert.equal(skipped.status, "ok");
});

Deno.test("pdb.post_mortem, pdb.run, pdb.set_trace and a subclass work as breakpoint() does", async () => {
  await using fixture = await createKernel();
  await debug(fixture, "import pdb\ndef f(x):\n    return 1 / x", []);
  const dead = await debug(
    fixture,
    "try:\n    f(0)\nexcept Exception as error:\n    pdb.post_mortem(error.__traceback__)",
    ["p x", "u", "w", "q"],
  );
  assert.equal(dead.result.status, "ok");
  assert.match(
    dead.text,
    /^> <cell In\[1\]>\(3\)f\(\)\n-> return 1 \/ x\n0\n> <cell In\[2\]>\(2\)/,
  );
  const ran = await debug(fixture, "pdb.run('a = 1\\nprint(a)')", ["n", "n", "c"]);
  assert.match(ran.text, /<string>\(1\)<module>\(\)\n> <string>\(2\)<module>\(\)\n1\n/);
  const traced = await debug(fixture, "pdb.set_trace(header='here')\nx = 2", ["n", "n", "n"]);
  assert.equal(traced.result.status, "ok");
  assert.match(traced.text, /^here\n> <cell In\[4\]>\(1\)<module>\(\)/);
  const sub = "class Mine(pdb.Pdb): pass\nMine().set_trace()\nx = 3";
  assert.equal((await debug(fixture, sub, ["p 7", "c"])).result.status, "ok");
});

Deno.test("%debug looks at the last exception, and runs a statement or a cell", async () => {
  await using fixture = await createKernel();
  const nothing = await debug(fixture, "%debug", []);
  assert.match(nothing.text, /nothing to debug/);
  await debug(fixture, "def f(x):\n    return 1 / x\nf(0)", []);
  const looked = await debug(fixture, "%debug", ["p x", "q"]);
  assert.match(looked.text, /^> <cell In\[2\]>\(2\)f\(\)\n-> return 1 \/ x\n0\n/);
  const statement = await debug(fixture, "%debug f(1)", ["s", "s", "p x", "c"]);
  assert.match(statement.text, /\n1\n/);
  assert.equal(statement.result.status, "ok");
  const cell = await debug(fixture, "%%debug\na = 5\nb = a", ["n", "p a", "c"]);
  assert.match(cell.text, /-> b = a\n5\n/);
  assert.match((await debug(fixture, "b", [])).result.result?.data["text/plain"] as string, /5/);
});

Deno.test("%pdb on debugs each cell that fails, until %pdb off", async () => {
  await using fixture = await createKernel();
  assert.match((await debug(fixture, "%pdb on", [])).text, /turned ON/);
  const failed = await debug(fixture, "def f(x):\n    return 1 / x\nf(0)", ["p x", "q"]);
  assert.equal(failed.result.error?.ename, "ZeroDivisionError");
  assert.match(failed.text, /-> return 1 \/ x\n0\n/);
  const silent = await fixture.kernel.execute("1/0");
  assert.equal(silent.error?.ename, "ZeroDivisionError");
  assert.match((await debug(fixture, "%pdb", [])).text, /turned OFF/);
  assert.equal((await debug(fixture, "1/0", [])).result.error?.ename, "ZeroDivisionError");
});

Deno.test("pdb says that it cannot run the cell again, and leaves nothing of a cell to the next", async () => {
  await using fixture = await createKernel();
  const run = "import pdb\npdb.Pdb().set_trace()";
  const first = await debug(fixture, run, ["run", "restart", "n", "c"]);
  assert.equal(first.result.status, "ok", first.text);
  assert.equal(first.text.match(/disabled when pdb is running in inline mode/g)?.length, 2);
  const second = await debug(fixture, "pdb.run('x = 1')", ["r", "c"]);
  assert.equal(second.result.status, "ok", second.text);
  const third = await debug(fixture, "breakpoint()\n'__return__' in globals()", ["c"]);
  assert(!third.text.includes("->None"), third.text);
  assert.equal(third.result.result?.data["text/plain"], "False");
});

Deno.test("breakpoint() stops at its own line, also where no line follows, and not inside a command", async () => {
  await using fixture = await createKernel();
  const places = [
    "x = 1\nx and breakpoint()\ny = 2",
    "breakpoint() if x else None\ny = 2",
    "with open('/dev/null'):\n    breakpoint()",
    "for i in range(1):\n    i == 0 and breakpoint()\ny = 2",
    "def f():\n    try:\n        return 1\n    finally:\n        x and breakpoint()\nf()",
  ];
  for (const [number, code] of places.entries()) {
    const line = code.slice(0, code.indexOf("breakpoint")).split("\n").length;
    const { text } = await debug(fixture, code, ["c"]);
    assert.match(text, new RegExp(`^> <cell In\\[${number + 1}\\]>\\(${line}\\)`), code);
  }
  const inside = await debug(fixture, "breakpoint()\ny = 3", ["p f()", "n", "p y", "c"]);
  assert.deepEqual(inside.text.split("\n").slice(2, 4), ["1", "> <cell In[6]>(2)<module>()"]);
});

Deno.test("code that comes to breakpoint() while pdb waits for a command stops after the other", async () => {
  await using fixture = await createKernel();
  const setup = [
    "import asyncio",
    "loop = asyncio.get_running_loop()",
    "async def f(n):",
    "    breakpoint()",
    "    return n",
    "over = asyncio.Event()",
    "def late():",
    "    breakpoint()",
    "    over.set()",
  ].join("\n");
  await debug(fixture, setup, []);
  const tasks = await debug(fixture, "await asyncio.gather(f(1), f(2))", ["p n", "c", "p n", "c"]);
  assert.deepEqual(tasks.text.split("\n").filter((line) => /^\d/.test(line)), ["1", "2"]);
  assert.equal(tasks.result.result?.data["text/plain"], "[1, 2]");
  const callback = [
    "task = asyncio.create_task(f(3))",
    "loop.call_soon(late)",
    "breakpoint()",
    "x = await task",
    "await over.wait()",
  ].join("\n");
  const mixed = await debug(fixture, callback, ["p 1", "n", "c", "c", "c"]);
  assert.equal(mixed.result.status, "ok", mixed.text);
  assert.equal(mixed.text.match(/^-> breakpoint\(\)$/gm)?.length, 3, mixed.text);
});

Deno.test("pdb and sys.monitoring go on while other code of the kernel is suspended", async () => {
  await using fixture = await createKernel();
  const code = [
    "import asyncio, sys",
    "from pyodide.ffi import run_sync",
    "end = asyncio.Event()",
    "asyncio.get_running_loop().call_soon(lambda: run_sync(end.wait()))",
    "breakpoint()",
    "sys.monitoring.use_tool_id(4, 'a test')",
    "sys.monitoring.set_events(4, sys.monitoring.events.LINE)",
    "sys.monitoring.free_tool_id(4)",
    "end.set()",
  ].join("\n");
  const { result, text } = await debug(fixture, code, ["p 1", "p 2", "n", "c"]);
  assert.equal(result.status, "ok", text);
  assert.equal((await debug(fixture, "await asyncio.sleep(0)\n1", [])).result.status, "ok");
});
