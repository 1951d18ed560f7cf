import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { type KernelEvent } from "../../../kernel/mod.ts";
import { nextEvent } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests the results of cells. */
export function testExecutions(promises: HostPromises): void {
  const { create, test } = hostTests(promises);

  test("execute() returns the last expression's value and the output", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute(
      "print('out'); import sys; print('err', file=sys.stderr)\n6 * 7",
    );
    assert.equal(result.status, "ok");
    assert.equal(result.success, true);
    assert.equal(result.executionCount, 1);
    assert.deepEqual(result.result?.data, { "text/plain": "42" });
    assert.deepEqual(result.outputs, [
      { output_type: "stream", name: "stdout", text: "out\n" },
      { output_type: "stream", name: "stderr", text: "err\n" },
      {
        output_type: "execute_result",
        data: { "text/plain": "42" },
        metadata: {},
        execution_count: 1,
      },
    ]);
    assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
    assert.ok(result.timings.startedAt! >= result.timings.queuedAt);
    assert.ok(result.timings.wallMs > 0);
  });

  test("execute() keeps variables between cells", async () => {
    await using fixture = await create();
    await fixture.kernel.execute("x = 41");
    const result = await fixture.kernel.execute("x + 1");
    assert.equal(result.result?.data["text/plain"], "42");
    assert.equal(result.executionCount, 2);
  });

  test("execute() returns a Python exception as a result", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute("def f():\n    return 1 / 0\nf()");
    assert.equal(result.status, "error");
    assert.equal(result.success, false);
    assert.equal(result.error?.ename, "ZeroDivisionError");
    assert.equal(result.error?.evalue, "division by zero");
    const traceback = stripVTControlCharacters(result.error!.traceback.join("\n"));
    assert.match(traceback, /return 1 \/ 0/);
    assert.match(traceback, /Cell In\[1\], line 3/);
    assert.doesNotMatch(traceback, /deno_kernel/);
    assert.equal((await fixture.kernel.execute("'alive'")).status, "ok");
  });

  for (
    const [code, ename] of [
      ["raise SystemExit(3)", "SystemExit"],
      ["import sys; sys.exit()", "SystemExit"],
      ["raise KeyboardInterrupt", "KeyboardInterrupt"],
      ["await __import__('asyncio').sleep(0)\nraise SystemExit", "SystemExit"],
      ["raise BaseException('odd')", "BaseException"],
      ["x = = 1", "SyntaxError"],
      ["def f(): return f()\nf()", "RecursionError"],
      [
        "class Broken(Exception):\n    def __str__(self): raise ValueError('no text')\nraise Broken",
        "Broken",
      ],
    ] as const
  ) {
    test(`execute() reports ${ename} and the kernel lives when a cell runs ${JSON.stringify(code)}`, async () => {
      await using fixture = await create();
      await fixture.kernel.execute("kept = 'kept'");
      const result = await fixture.kernel.execute(code);
      assert.equal(result.status, "error");
      assert.equal(result.error?.ename, ename);
      assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
      assert.equal((await fixture.kernel.execute("kept")).result?.data["text/plain"], "'kept'");
    });
  }

  test("execute() survives exceptions of background tasks", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute(`
import asyncio
async def leave(error): raise error
tasks = [asyncio.create_task(leave(error)) for error in (SystemExit(1), KeyboardInterrupt(), ValueError("late"))]
await asyncio.sleep(0.05)
"still here"`);
    assert.equal(result.result?.data["text/plain"], "'still here'");
    assert.equal((await fixture.kernel.execute("1 + 1")).result?.data["text/plain"], "2");
  });

  test("execute() awaits at the top level", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute(
      "import asyncio\nawait asyncio.sleep(0.01, 'slept')",
    );
    assert.equal(result.result?.data["text/plain"], "'slept'");
  });

  test("execute() runs executions in the order in which they were asked for", async () => {
    await using fixture = await create();
    const codes = [
      "import asyncio; seen = []",
      ...[1, 2, 3].map((n) => `await asyncio.sleep(0.0${4 - n}); seen.append(${n})`),
    ];
    await Promise.all(codes.map((code) => fixture.kernel.execute(code)));
    assert.equal((await fixture.kernel.execute("seen")).result?.data["text/plain"], "[1, 2, 3]");
  });

  test("execute() counts nothing and shows nothing when silent", async () => {
    await using fixture = await create();
    const silent = await fixture.kernel.execute("y = 1; y", { silent: true });
    assert.equal(silent.status, "ok");
    assert.deepEqual(silent.outputs, []);
    assert.equal((await fixture.kernel.execute("y")).executionCount, 1);
  });

  test("execute() evaluates user expressions", async () => {
    await using fixture = await create();
    const { userExpressions } = await fixture.kernel.execute("a = 2", {
      userExpressions: { double: "a * 2", broken: "1 / 0" },
    });
    assert.deepEqual(userExpressions["double"], {
      status: "ok",
      data: { "text/plain": "4" },
      metadata: {},
    });
    assert.equal(userExpressions["broken"]?.status, "error");
  });

  test("executeStream() iterates over the events in order, from busy to idle", async () => {
    await using fixture = await create();
    const stream = fixture.kernel.executeStream(
      "print('a')\nfrom IPython.display import display\ndisplay(1)\nprint('b')\n2",
    );
    const events: KernelEvent[] = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(events.map((event) => event.type === "status" ? event.status : event.type), [
      "busy",
      "execute_input",
      "stream",
      "display_data",
      "stream",
      "execute_result",
      "idle",
    ]);
    assert.ok(
      events.every((event) => event.executionId === stream.id && event.kernelId === fixture.id),
    );
    assert.equal((await stream.result).status, "ok");
  });

  test("cancelExecution() takes a waiting execution out of the queue, not a running one", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const first = kernel.executeStream(
      "import asyncio\nawait asyncio.sleep(0.05)\nran = ['first']",
    );
    const second = kernel.executeStream("ran.append('second')");
    const third = kernel.execute("ran");
    assert.equal(second.cancel(), true);
    assert.equal(second.cancel(), false);
    const aborted = await second.result;
    assert.equal(aborted.status, "aborted");
    assert.equal(aborted.executionCount, null);
    assert.equal(aborted.error?.ename, "ExecutionCancelled");
    assert.equal(aborted.kernel.statePreserved, true);
    assert.equal(manager.cancelExecution(id, first.id), false);
    assert.equal((await third).result?.data["text/plain"], "['first']");
  });

  test("maxExecutionTime emits execution_stalled once and lets the execution go on", async () => {
    // Long enough for a cell that does nothing, however busy the machine is.
    await using fixture = await create({ maxExecutionTime: 500 });
    const { kernel, manager, id } = fixture;
    const stalls: KernelEvent[] = [];
    using _listening = manager.onKernelEvent(
      id,
      "execution_stalled",
      (event) => void stalls.push(event),
    );
    const stalled = nextEvent(kernel, "execution_stalled");
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(1)\n'done'", {
      id: "slow",
    });
    const event = await stalled;
    assert.equal(event.executionId, "slow");
    assert.equal(event.maxExecutionTime, 500);
    assert.ok(event.runningTime >= 499);
    assert.equal(manager.getExecutionInfo(id).isStuck, true);
    assert.equal((await running).result?.data["text/plain"], "'done'");
    assert.equal(stalls.length, 1);
    await kernel.execute("quick = 1");
    assert.equal(stalls.length, 1);
  });

  test("maxExecutionTime reports an execution that computes", async () => {
    await using fixture = await create({ maxExecutionTime: 20 });
    const stalled = nextEvent(fixture.kernel, "execution_stalled");
    const result = await fixture.kernel.execute(
      "import time\nend = time.monotonic() + 0.2\nwhile time.monotonic() < end: pass",
    );
    assert.equal((await stalled).executionId, result.id);
    assert.equal(result.status, "ok");
  });
}
