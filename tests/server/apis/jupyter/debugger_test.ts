import type { Kernel } from "@jupyterlab/services";
import assert from "node:assert/strict";
import { createJupyter, run } from "../../../support/jupyter.ts";

/** The body of a response or of an event; looked at field by field. */
// deno-lint-ignore no-explicit-any -- the protocol has a shape for each command
type Body = any;

/** A debugger's front end, as JupyterLab and VS Code have one. */
interface FrontEnd extends Disposable {
  kernel: Kernel.IKernelConnection;
  /** Sends a request and returns the body of its response, which must be a success. */
  ask(command: string, args?: Record<string, unknown>): Promise<Body>;
  /** Sends a request that must fail, and returns the message. */
  fails(command: string, args?: Record<string, unknown>): Promise<string>;
  /** Returns the next event of a kind, in the order of their arrival; undefined once `ended` resolves. */
  next(event: string, ended?: Promise<unknown>): Promise<Body>;
  /** Starts to debug, sets breakpoints in a cell and returns the cell's path. */
  begin(code: string, breakpoints: Record<string, unknown>[]): Promise<string>;
  /** Returns the variables of a scope of the innermost frame, by name. */
  variables(scope: string): Promise<Record<string, Body>>;
}

function frontEnd(kernel: Kernel.IKernelConnection): FrontEnd {
  let seq = 0;
  const events: { event: string; body: Body }[] = [];
  const arrivals = new EventTarget();
  const onMessage = (
    _kernel: unknown,
    { header, content }: { header: { msg_type: string }; content: unknown },
  ) => {
    if (header.msg_type !== "debug_event") return;
    events.push(content as Body);
    arrivals.dispatchEvent(new Event("event"));
  };
  kernel.iopubMessage.connect(onMessage);

  async function send(command: string, args: Record<string, unknown>): Promise<Body> {
    const request = { type: "request" as const, seq: ++seq, command, arguments: args };
    const { content } = await kernel.requestDebug(request).done;
    assert.deepEqual([content.type, content.request_seq, content.command], [
      "response",
      request.seq,
      command,
    ]);
    return content;
  }

  async function ask(command: string, args: Record<string, unknown> = {}): Promise<Body> {
    const response = await send(command, args);
    assert.equal(response.success, true, `${command}: ${response.message}`);
    return response.body;
  }

  return {
    kernel,
    ask,
    async fails(command, args = {}) {
      const response = await send(command, args);
      assert.equal(response.success, false, command);
      return response.message;
    },
    async next(event, ended) {
      let over = false;
      const end = ended?.then(() => over = true);
      for (;;) {
        const index = events.findIndex((it) => it.event === event);
        if (index !== -1) return events.splice(index, 1)[0]!.body;
        const { promise, resolve } = Promise.withResolvers<unknown>();
        arrivals.addEventListener("event", resolve, { once: true });
        await (end ? Promise.race([promise, end]) : promise);
        if (over) return undefined;
      }
    },
    async begin(code, breakpoints) {
      await ask("initialize", { clientID: "test", pathFormat: "path", linesStartAt1: true });
      await ask("attach");
      const { sourcePath } = await ask("dumpCell", { code });
      const source = { path: sourcePath };
      const set = await ask("setBreakpoints", { source, breakpoints, sourceModified: false });
      assert(set.breakpoints.every(({ verified }: { verified: boolean }) => verified));
      await ask("configurationDone");
      return sourcePath;
    },
    async variables(scope) {
      const { stackFrames } = await ask("stackTrace", { threadId: 1 });
      const { scopes } = await ask("scopes", { frameId: stackFrames[0].id });
      const { variablesReference } = scopes.find((it: Body) => it.name === scope);
      const { variables } = await ask("variables", { variablesReference });
      return Object.fromEntries(variables.map((it: Body) => [it.name, it]));
    },
    [Symbol.dispose]: () => void kernel.iopubMessage.disconnect(onMessage),
  };
}

const CODE = [
  "def double(n):",
  "    result = n * 2",
  "    return result",
  "numbers = [1, 2]",
  "total = sum(double(n) for n in numbers)",
  "done = True",
].join("\n");

Deno.test("a kernel says that it has a debugger, and what it is like", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  assert.deepEqual((await kernel.info).supported_features, ["debugger"]);
  const specs = await jupyter.server.json(200, "GET", "/api/kernelspecs");
  assert.equal(specs.kernelspecs.python.spec.metadata.debugger, true);
  using front = frontEnd(kernel);
  const before = await front.ask("debugInfo");
  assert.deepEqual(before, {
    isStarted: false,
    hashMethod: "Murmur2",
    hashSeed: 0xc70f6907,
    tmpFilePrefix: "/tmp/deno_kernel/",
    tmpFileSuffix: ".py",
    breakpoints: [],
    stoppedThreads: [],
    richRendering: true,
    exceptionPaths: [],
    copyToGlobals: true,
  });
  // The path of a cell is a hash of its text, which front ends compute themselves.
  assert.equal(
    (await front.ask("dumpCell", { code: "hello, wörld" })).sourcePath,
    "/tmp/deno_kernel/2155347432.py",
  );
  assert.match(await front.fails("noSuchCommand"), /noSuchCommand/);
  assert.match(await front.fails("setBreakpoints", {}), /source/);
  assert.match(await front.fails("continue"), /has not stopped/);
});

Deno.test("the debugger stops at breakpoints, shows variables, steps and goes on", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const path = await front.begin(CODE, [{ line: 2 }]);
  const cell = run(kernel, CODE);
  const stopped = await front.next("stopped");
  assert.deepEqual([stopped.reason, stopped.threadId, stopped.allThreadsStopped], [
    "breakpoint",
    1,
    true,
  ]);
  assert.deepEqual((await front.ask("debugInfo")).stoppedThreads, [1]);
  const { stackFrames, totalFrames } = await front.ask("stackTrace", { threadId: 1 });
  assert.deepEqual(
    stackFrames.map((it: Body) => [it.name, it.line, it.source.path]),
    [["double", 2, path], ["<module>.<genexpr>", 5, path], ["<module>", 5, path]]
      .map(([name, ...rest]) => [String(name).replace("<module>.", ""), ...rest]),
  );
  assert.equal(totalFrames, 3);
  const locals = await front.variables("Locals");
  assert.deepEqual([locals["n"].value, locals["n"].type, Object.keys(locals)], ["1", "int", ["n"]]);
  const globals = await front.variables("Globals");
  assert.deepEqual(Object.keys(globals).sort(), ["double", "numbers"]);
  const parts = await front.ask("variables", {
    variablesReference: globals["numbers"].variablesReference,
  });
  assert.deepEqual(parts.variables.map((it: Body) => [it.name, it.value, it.evaluateName]), [
    ["0", "1", "numbers[0]"],
    ["1", "2", "numbers[1]"],
  ]);
  const value = await front.ask("evaluate", { expression: "n + 40", frameId: 1, context: "repl" });
  assert.deepEqual([value.result, value.type], ["41", "int"]);
  assert.match(
    await front.fails("evaluate", { expression: "m", frameId: 1 }),
    /'m' is not defined/,
  );
  await front.ask("evaluate", { expression: "n = 10", frameId: 1, context: "repl" });
  await front.ask("next", { threadId: 1 });
  await front.next("continued");
  assert.equal((await front.next("stopped")).reason, "step");
  assert.equal((await front.variables("Locals"))["result"].value, "20");
  const rich = await front.ask("richInspectVariables", { variableName: "result", frameId: 1 });
  assert.deepEqual(rich.data, { "text/plain": "20" });
  await front.ask("copyToGlobals", {
    srcVariableName: "result",
    dstVariableName: "copied",
    srcFrameId: 1,
  });
  await front.ask("stepOut", { threadId: 1 });
  assert.equal((await front.next("stopped")).reason, "step");
  const outside = await front.ask("stackTrace", { threadId: 1 });
  assert.equal(outside.stackFrames[0].name, "<genexpr>");
  await front.ask("continue", { threadId: 1 });
  await front.next("stopped");
  await front.ask("setBreakpoints", { source: { path }, breakpoints: [] });
  await front.ask("continue", { threadId: 1 });
  assert.equal((await cell).reply.status, "ok");
  const { variables } = await front.ask("inspectVariables");
  const known = Object.fromEntries(variables.map((it: Body) => [it.name, it.value]));
  assert.deepEqual([known["total"], known["copied"], known["done"]], ["24", "20", "True"]);
  assert.equal((await front.ask("source", { source: { path } })).content, CODE);
  await front.ask("disconnect", { restart: false, terminateDebuggee: false });
  assert.equal((await front.ask("debugInfo")).isStarted, false);
  assert.equal((await run(kernel, CODE)).reply.status, "ok");
});

Deno.test("the debugger steps into the user's functions and not into others, up to the cell's end", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code = [
    "import json, time",
    "def f():",
    "    time.sleep(0.01)",
    "    return json.dumps([1])",
    "x = f()",
    "display(x)",
    "y = 1",
    "y + 1",
  ].join("\n");
  const path = await front.begin(code, [{ line: 5 }]);
  for (
    const [command, expected] of [
      ["stepIn", [5, 3, 4, 5, 6, 7, 8]],
      ["next", [5, 6, 7, 8]],
      ["stepOut", [5]],
    ] as const
  ) {
    const cell = run(kernel, code);
    const lines = [];
    while (await front.next("stopped", cell)) {
      const { stackFrames: [frame] } = await front.ask("stackTrace", { threadId: 1 });
      assert.equal(frame.source.path, path);
      lines.push(frame.line);
      await front.ask(command, { threadId: 1 });
    }
    assert.deepEqual(lines, expected, command);
    assert.equal((await cell).reply.status, "ok");
    assert.equal((await run(kernel, "z = 1")).reply.status, "ok");
  }
});

Deno.test("the debugger minds conditions, hit counts and log messages of breakpoints", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code = "for i in range(6):\n    a = i\n    b = i\n    c = i\nend = 1";
  await front.begin(code, [
    { line: 2, condition: "i == 3" },
    { line: 3, hitCondition: ">=5" },
    { line: 4, logMessage: "c becomes {i}" },
  ]);
  const cell = run(kernel, code);
  for (const expected of ["3", "4", "5"]) {
    await front.next("stopped");
    assert.equal((await front.variables("Globals"))["i"].value, expected);
    await front.ask("continue", { threadId: 1 });
  }
  assert.equal((await cell).reply.status, "ok");
  assert.equal((await front.next("output")).output, "c becomes 0\n");
});

Deno.test("the debugger stops in cells that await, and other tasks go on meanwhile", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code = [
    "import asyncio",
    "ticks = 0",
    "async def tick():",
    "    global ticks",
    "    while True:",
    "        ticks += 1",
    "        await asyncio.sleep(0.001)",
    "task = asyncio.create_task(tick())",
    "await asyncio.sleep(0.01)",
    "seen = ticks",
    "await asyncio.sleep(0)",
    "task.cancel()",
  ].join("\n");
  await front.begin(code, [{ line: 10 }]);
  const cell = run(kernel, code);
  await front.next("stopped");
  const ticks = async () =>
    Number((await front.ask("evaluate", { expression: "ticks", frameId: 1 })).result);
  const first = await ticks();
  while (await ticks() === first);
  await front.ask("next", { threadId: 1 });
  await front.next("stopped");
  const { stackFrames: [frame] } = await front.ask("stackTrace", { threadId: 1 });
  assert.equal(frame.line, 11);
  await front.ask("continue", { threadId: 1 });
  assert.equal((await cell).reply.status, "ok");
});

Deno.test("an interrupt ends a cell that the debugger has stopped, and the front end learns it", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  await front.begin(CODE, [{ line: 2 }]);
  const cell = run(kernel, CODE);
  await front.next("stopped");
  await kernel.interrupt();
  assert.equal((await cell).reply.ename, "KeyboardInterrupt");
  await front.next("continued");
  assert.deepEqual((await front.ask("debugInfo")).stoppedThreads, []);
  assert.deepEqual((await front.ask("debugInfo")).breakpoints.map((it: Body) => it.breakpoints), [
    [{ line: 2 }],
  ]);
  await kernel.restart();
  const after = await front.ask("debugInfo");
  assert.deepEqual([after.isStarted, after.breakpoints], [false, []]);
});

Deno.test("the debugger stops at exceptions that the front end chooses", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code =
    "def f(x):\n    try:\n        int(x)\n    except ValueError:\n        pass\n    return 1 / 0\nf('a')";
  await front.begin(code, []);
  await front.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
  const first = run(kernel, code);
  const stopped = await front.next("stopped");
  assert.deepEqual([stopped.reason, stopped.text], ["exception", "ZeroDivisionError"]);
  assert.equal((await front.variables("Locals"))["x"].value, "'a'");
  await front.ask("continue", { threadId: 1 });
  assert.equal((await first).reply.ename, "ZeroDivisionError");
  await front.ask("setExceptionBreakpoints", { filters: ["raised"] });
  const second = run(kernel, code);
  assert.equal((await front.next("stopped")).text, "ValueError");
  assert.equal((await front.ask("exceptionInfo", { threadId: 1 })).exceptionId, "ValueError");
  await front.ask("continue", { threadId: 1 });
  assert.equal((await front.next("stopped")).text, "ZeroDivisionError");
  await front.ask("disconnect");
  assert.equal((await second).reply.ename, "ZeroDivisionError");
});

Deno.test("the debugger stops for each task in turn, and an interrupt ends the cell that awaits them", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code =
    "import asyncio\nasync def wait(n):\n    await asyncio.sleep(0.01)\n    return n\nawait asyncio.gather(wait(1), wait(2))";
  await front.begin(code, [{ line: 4 }]);
  const cell = run(kernel, code);
  const seen = [];
  while (await front.next("stopped", cell)) {
    seen.push((await front.variables("Locals"))["n"].value);
    await front.ask("continue", { threadId: 1 });
  }
  assert.deepEqual(seen, ["1", "2"]);
  assert.equal((await cell).reply.status, "ok");
  const interrupted = run(kernel, code);
  await front.next("stopped");
  await kernel.interrupt();
  assert.equal((await interrupted).reply.ename, "KeyboardInterrupt");
  assert.deepEqual((await front.ask("debugInfo")).stoppedThreads, []);
});

Deno.test("the debugger stops at breakpoint(), changes values, and answers broken requests", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code = [
    "class Evil:",
    "    def __getattr__(self, name): raise SystemExit",
    "class Slots:",
    "    __slots__ = ('a', 'b')",
    "    def __init__(self): self.a = 1",
    "evil, slots, parts, named = Evil(), Slots(), [1, [2]], {'k': 1}",
    "breakpoint()",
    "parts, named, slots.a, x",
  ].join("\n");
  await front.begin(code, []);
  const cell = run(kernel, code);
  assert.equal((await front.next("stopped")).reason, "breakpoint");
  const { stackFrames: [frame] } = await front.ask("stackTrace", { threadId: 1 });
  assert.deepEqual([frame.name, frame.line], ["<module>", 7]);
  const { scopes: [scope] } = await front.ask("scopes", { frameId: frame.id });
  const names = await front.variables("Globals");
  assert.deepEqual(
    ["evil", "parts", "named"].map((name) => names[name].value),
    ["<repr() failed: SystemExit>", "[1, [2]]", "{'k': 1}"],
  );
  const change = (variablesReference: number, name: string, value: string) =>
    front.ask("setVariable", { variablesReference, name, value });
  await change(names["parts"].variablesReference, "1", "parts[0] + 4");
  await change(names["named"].variablesReference, "'k'", "'v'");
  await change(names["slots"].variablesReference, "a", "3");
  await change(scope.variablesReference, "x", "9");
  for (
    const [command, args, message] of [
      ["evaluate", { expression: "named['z']", frameId: 1 }, "KeyError: 'z'"],
      ["evaluate", { expression: "exit()", frameId: 1 }, "SystemExit: None"],
      [
        "evaluate",
        { expression: "named = 0", frameId: 1, context: "watch" },
        "SyntaxError: invalid syntax (<debug console>, line 1)",
      ],
      ["evaluate", {}, "arguments.expression: is missing"],
      ["setBreakpoints", { source: null }, "arguments.source: is missing"],
      ["setBreakpoints", { source: { path: 5 } }, "arguments.source.path: use a text"],
      [
        "setBreakpoints",
        { source: { path: "/x" }, breakpoints: [{ line: 1 }, { line: "a" }] },
        "arguments.breakpoints[1].line: use a whole number",
      ],
      [
        "variables",
        { variablesReference: 1e300 },
        "arguments.variablesReference: use a whole number",
      ],
    ] as const
  ) assert.equal(await front.fails(command, args), message);
  await front.ask("continue", { threadId: 1 });
  const { reply, outputs } = await cell;
  assert.equal(reply.status, "ok");
  assert(JSON.stringify(outputs).includes("([1, 5], {'k': 'v'}, 3, 9)"));
});

Deno.test("a condition that cannot be judged does not stop, and the front end learns why", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  using front = frontEnd(kernel);
  const code = "def f(a):\n    return a\nfor i in range(4):\n    f(i)\n    b = i\n    c = i";
  await front.begin(code, [
    { line: 2, condition: "f(0) == 0 and a == 2" },
    { line: 4, condition: "missing" },
    { line: 5, hitCondition: "2" },
    { line: 6, hitCondition: "often" },
  ]);
  const cell = run(kernel, code);
  const lines = [];
  while (await front.next("stopped", cell)) {
    lines.push((await front.ask("stackTrace", { threadId: 1 })).stackFrames[0].line);
    await front.ask("continue", { threadId: 1 });
  }
  assert.deepEqual(lines, [5, 2]);
  assert.match((await front.next("output")).output, /'missing' raised NameError/);
  assert.match((await front.next("output")).output, /hit condition 'often' is none/);
});
