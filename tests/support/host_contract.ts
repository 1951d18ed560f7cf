import assert from "node:assert/strict";
import {
  KernelError,
  type KernelEvent,
  KernelEvents,
  type KernelMode,
  type KernelOptions,
} from "../../kernel/mod.ts";
import { createKernel, nextEvent, temporaryDirectory } from "./mod.ts";

/** What a kind of host promises beyond what all of them do. */
export interface HostPromises {
  mode: KernelMode;
  /** It stays responsive, and can be interrupted, while Python computes. */
  preemptive: boolean;
}

/** The promises that every host keeps, as tests. */
export function testHostContract({ mode, preemptive }: HostPromises): void {
  const create = (options: KernelOptions = {}) => createKernel({ mode, ...options });
  const test = (name: string, body: () => Promise<void>) => Deno.test(`${mode}: ${name}`, body);

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
    const traceback = plain(result.error!.traceback.join("\n"));
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

  test("onKernelEvent() and offKernelEvent() add and remove a listener", async () => {
    await using fixture = await create();
    const { manager, id } = fixture;
    const texts: string[] = [];
    const listener = (event: { text: string }) => void texts.push(event.text);
    manager.onKernelEvent(id, KernelEvents.STREAM, listener);
    await manager.execute(id, "print('heard')");
    assert.equal(manager.offKernelEvent(id, KernelEvents.STREAM, listener), true);
    await manager.execute(id, "print('not heard')");
    assert.equal(manager.offKernelEvent(id, KernelEvents.STREAM, listener), false);
    assert.deepEqual(texts, ["heard\n"]);
  });

  test("stream events carry every character of 200,000 prints, in few events", async () => {
    await using fixture = await create();
    let events = 0;
    let text = "";
    using _listening = fixture.manager.onKernelEvent(fixture.id, "stream", (event) => {
      events++;
      text += event.text;
    });
    const result = await fixture.kernel.execute("for i in range(200_000): print('é', i)");
    assert.equal(result.status, "ok");
    const lines = text.split("\n");
    assert.equal(lines.length, 200_001);
    assert.equal(lines[0], "é 0");
    assert.equal(lines[123_456], "é 123456");
    assert.equal(lines[199_999], "é 199999");
    assert.ok(events < 20_000, `${events} events`);
  });

  test("stream events keep one line of ten million characters whole", async () => {
    await using fixture = await create();
    let length = 0;
    using _listening = fixture.manager.onKernelEvent(fixture.id, "stream", (event) => {
      length += event.text.length;
    });
    const result = await fixture.kernel.execute("print('€' * 10_000_000)");
    assert.equal(length, 10_000_001);
    assert.equal(result.outputsTruncated, true);
  });

  test("stream events show what was written without a newline, and odd bytes", async () => {
    await using fixture = await create();
    const { outputs } = await fixture.kernel.execute(
      "import os\nprint('no newline', end='', flush=True)\nos.write(1, b'\\xff')\nprint('\\ud800');",
    );
    assert.deepEqual(outputs, [
      { output_type: "stream", name: "stdout", text: "no newline\ufffd\\ud800\n" },
    ]);
  });

  test("display updates and cleared outputs show in the result's outputs", async () => {
    await using fixture = await create();
    const { outputs } = await fixture.kernel.execute(`
from IPython.display import display, clear_output
print("gone")
clear_output()
handle = display("first", display_id=True)
handle.update("second")`);
    assert.equal(outputs.length, 1);
    const [output] = outputs;
    assert.ok(output?.output_type === "display_data");
    assert.equal(output.data["text/plain"], "'second'");
  });

  test("input() asks with an event and waits for the answer", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const asked = nextEvent(kernel, "input_request");
    const running = kernel.execute(
      "import getpass\n[input('name? '), getpass.getpass('secret? ')]",
      {
        allowStdin: true,
      },
    );
    const first = await asked;
    assert.deepEqual([first.prompt, first.password], ["name? ", false]);
    const askedAgain = nextEvent(kernel, "input_request");
    assert.equal(await kernel.answerInput(first.requestId, "Ada"), true);
    const second = await askedAgain;
    assert.deepEqual([second.prompt, second.password], ["secret? ", true]);
    assert.equal(await kernel.answerInput(second.requestId, "s3"), true);
    assert.equal((await running).result?.data["text/plain"], "['Ada', 's3']");
    assert.equal(await kernel.answerInput(second.requestId, "too late"), false);
  });

  test("variables() tells what cells have made", async () => {
    await using fixture = await create();
    await fixture.kernel.execute("import math\nx = [1, 2]\n_hidden = 1");
    const [x, ...rest] = await fixture.kernel.variables();
    assert.deepEqual(rest, []);
    assert(x!.bytes! > 0);
    assert.deepEqual({ ...x, bytes: null }, {
      name: "x",
      type: "list",
      summary: "[1, 2]",
      bytes: null,
      length: 2,
      shape: null,
    });
  });

  test("input() raises EOFError when the input is ended", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const asked = nextEvent(kernel, "input_request");
    const running = kernel.execute("input()", { allowStdin: true });
    assert.equal(await kernel.answerInput((await asked).requestId, null), true);
    assert.equal((await running).error?.ename, "EOFError");
  });

  test("memoryBytes tells how large the interpreter has grown", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const before = kernel.info.memoryBytes ?? 0;
    const result = await kernel.execute("x = bytearray(64 * 2**20)");
    assert((result.memoryBytes ?? 0) >= before + 2 ** 25, `${before} -> ${result.memoryBytes}`);
    assert.equal(kernel.info.memoryBytes, result.memoryBytes);
    assert(before > 2 ** 20);
  });

  test("input() raises StdinNotImplementedError when nobody answers", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute("input()");
    assert.equal(result.error?.ename, "StdinNotImplementedError");
  });

  for (
    const [what, code] of [
      ["await", "import asyncio\nawait asyncio.sleep(60)"],
      ["gather", "import asyncio\nawait asyncio.gather(asyncio.sleep(60), asyncio.sleep(61))"],
      ["time.sleep", "import time\ntime.sleep(60)"],
      ["input", "input('waiting')"],
    ] as const
  ) {
    test(`interruptKernel() stops ${what} and keeps the variables`, async () => {
      await using fixture = await create();
      const { kernel, manager, id } = fixture;
      await kernel.execute("x = 1");
      const started = nextEvent(kernel, what === "input" ? "input_request" : "execute_input");
      const running = kernel.execute(code, { allowStdin: true });
      await started;
      // Posted behind what the cell does until it waits, so the ping's answer says that it waits.
      assert.equal(await manager.pingKernel(id, 10_000), true);
      assert.equal(await manager.interruptKernel(id), true);
      const result = await running;
      assert.equal(result.status, "error");
      assert.equal(result.error?.ename, "KeyboardInterrupt");
      assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
      assert.equal((await kernel.execute("x")).result?.data["text/plain"], "1");
    });
  }

  test("interruptKernel() answers false when nothing runs", async () => {
    await using fixture = await create();
    assert.equal(await fixture.manager.interruptKernel(fixture.id), false);
    assert.equal((await fixture.kernel.execute("1")).status, "ok");
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

  test("execute() obeys its signal, waiting or running", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const controller = new AbortController();
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(60)", {
      signal: controller.signal,
    });
    const waiting = kernel.execute("never = True", { signal: controller.signal });
    await started;
    controller.abort();
    assert.equal((await waiting).status, "aborted");
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
    assert.equal((await kernel.execute("never")).error?.ename, "NameError");
  });

  test("getExecutionInfo() lists what runs and waits", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(0.2)", { id: "runs" });
    const waiting = manager.execute(id, "2", { id: "waits" });
    await nextEvent(kernel, "execute_input");
    const info = manager.getExecutionInfo(id);
    assert.equal(info.count, 2);
    assert.equal(info.isStuck, false);
    assert.ok(info.longestRunningTime > 0);
    assert.deepEqual(info.executions.map((it) => [it.id, it.status]), [["runs", "running"], [
      "waits",
      "queued",
    ]]);
    await Promise.all([running, waiting]);
    assert.deepEqual(manager.getExecutionInfo(id), {
      count: 0,
      isStuck: false,
      longestRunningTime: 0,
      executions: [],
    });
  });

  test("maxExecutionTime emits execution_stalled once and lets the execution go on", async () => {
    await using fixture = await create({ maxExecutionTime: 30 });
    const { kernel, manager, id } = fixture;
    const stalls: KernelEvent[] = [];
    using _listening = manager.onKernelEvent(
      id,
      "execution_stalled",
      (event) => void stalls.push(event),
    );
    const stalled = nextEvent(kernel, "execution_stalled");
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(0.3)\n'done'", {
      id: "slow",
    });
    const event = await stalled;
    assert.equal(event.executionId, "slow");
    assert.equal(event.maxExecutionTime, 30);
    assert.ok(event.runningTime >= 29);
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

  test("limits.memoryMb makes more a MemoryError, and the kernel lives", async () => {
    await using fixture = await create({ limits: { memoryMb: 96 } });
    const { kernel } = fixture;
    assert.equal((await kernel.execute("kept = bytes(20_000_000)")).status, "ok");
    const { error } = await kernel.execute("x = bytes(100_000_000)");
    assert.equal(error?.ename, "MemoryError");
    assert.equal((await kernel.execute("len(kept)")).result?.data["text/plain"], "20000000");
    assert((kernel.info.memoryBytes ?? 0) <= 96 * 2 ** 20);
  });

  test("limits.filesMb makes more an OSError, and what is removed makes room", async () => {
    await using fixture = await create({ limits: { filesMb: 2 } });
    const { kernel } = fixture;
    const fill = "f = open('/tmp/x', 'wb')\nfor _ in range(9): f.write(bytes(2**18)); f.flush()";
    for (let round = 0; round < 2; round++) {
      const { error } = await kernel.execute(fill);
      assert.match(`${error?.ename}: ${error?.evalue}`, /^OSError: .*No space left on device/);
      const { result } = await kernel.execute("import os\nos.stat('/tmp/x').st_size >= 7 * 2**18");
      assert.equal(result?.data["text/plain"], "True");
      assert.equal((await kernel.execute("f.close()\nos.remove('/tmp/x')")).status, "ok");
    }
  });

  test("limits.filesMb counts what is added to a writable mount", async () => {
    await using mounted = await temporaryDirectory({ "in.txt": "x".repeat(1_000_000) });
    await using fixture = await create({
      limits: { filesMb: 1 },
      mounts: [{ root: mounted.path, mountPoint: "/data" }],
    });
    const { kernel } = fixture;
    const over = await kernel.execute(
      "open('/data/in.txt', 'w').write('y' * 1_000_000)\nlen(open('/data/in.txt').read())",
    );
    assert.equal(over.result?.data["text/plain"], "1000000");
    const { error } = await kernel.execute(
      "with open('/data/new.txt', 'wb') as f:\n  f.write(bytes(2**20))",
    );
    assert.match(String(error?.evalue), /No space left on device/);
    assert((await Deno.stat(`${mounted.path}/new.txt`)).size < 2 ** 20);
  });

  test("limits.openFiles makes more an OSError", async () => {
    await using fixture = await create({ limits: { openFiles: 20 } });
    const { error } = await fixture.kernel.execute(
      "keep = [open('/tmp/x', 'w') for _ in range(30)]",
    );
    assert.match(String(error?.evalue), /No file descriptors available/);
    assert.equal(
      (await fixture.kernel.execute("keep = None\nopen('/tmp/x').close()")).status,
      "ok",
    );
  });

  test("limits.outputBytes cuts what is shown, and the run goes on", async () => {
    await using fixture = await create({ limits: { outputBytes: 1_000 } });
    const { kernel } = fixture;
    const result = await kernel.execute("for i in range(1000): print('x' * 99)\ndone = True");
    assert.equal(result.status, "ok");
    const [kept, notice] = result.outputs as { text: string }[];
    assert.equal(kept!.text, `${"x".repeat(99)}\n`.repeat(10));
    assert.match(notice!.text, /The output is cut here: it is limited to 1000 bytes/);
    assert.equal(result.outputsTruncated, true);
    assert.deepEqual(
      [result.usage.outputBytes, result.usage.droppedOutputBytes],
      [100_000, 99_000],
    );
    const next = await kernel.execute("print('next')\ndone");
    assert.deepEqual([next.outputsTruncated, next.usage.droppedOutputBytes], [false, 0]);
    assert.equal(next.result?.data["text/plain"], "True");
  });

  test("limits.executionSeconds interrupts what takes longer", async () => {
    await using fixture = await create({ limits: { executionSeconds: 0.05 } });
    const result = await fixture.kernel.execute("import time\ntime.sleep(60)", { timeout: 60_000 });
    assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
    assert.match(result.kernel.reason!, /timeout: interrupted after 50 ms/);
  });

  test("timeout interrupts an execution that waits and says so", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("x = 1");
    const result = await kernel.execute("import asyncio\nawait asyncio.sleep(60)", { timeout: 50 });
    assert.equal(result.status, "error");
    assert.equal(result.error?.ename, "KeyboardInterrupt");
    assert.equal(result.timedOut, true);
    assert.equal(result.kernel.statePreserved, true);
    assert.match(result.kernel.reason!, /timeout: interrupted after 50 ms/);
    assert.equal((await kernel.execute("x")).result?.data["text/plain"], "1");
  });

  test("restartKernel() gives a fresh interpreter under the same id", async () => {
    await using fixture = await create({ env: { COLOUR: "green" } });
    const { kernel, manager, id } = fixture;
    await kernel.execute("x = 1");
    const statuses: string[] = [];
    using _listening = manager.onKernelEvent(
      id,
      "status",
      (event) => void statuses.push(event.status),
    );
    await manager.restartKernel(id);
    assert.deepEqual(statuses, ["restarting", "starting", "idle"]);
    assert.equal(manager.getKernel(id), kernel);
    const result = await kernel.execute("x");
    assert.equal(result.error?.ename, "NameError");
    assert.equal(result.executionCount, 1);
    assert.equal(
      (await kernel.execute("import os; os.environ['COLOUR']")).result?.data["text/plain"],
      "'green'",
    );
  });

  test("restartKernel() aborts what runs and waits, and says that it restarted", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(60)");
    const waiting = kernel.execute("1");
    await started;
    await manager.restartKernel(id);
    const result = await running;
    assert.equal(result.status, "aborted");
    assert.deepEqual(result.kernel, {
      statePreserved: false,
      restarted: true,
      reason: "it was restarted",
    });
    assert.equal((await waiting).status, "aborted");
    assert.equal((await kernel.execute("1 + 1")).result?.data["text/plain"], "2");
  });

  test("forceTerminateKernel() settles what is pending and tells the reason", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(60)");
    const waiting = kernel.execute("1");
    await started;
    const terminated = nextEvent(kernel, "kernel_terminated");
    assert.equal(await manager.forceTerminateKernel(id, "enough of it"), true);
    assert.deepEqual(await terminated, {
      type: "kernel_terminated",
      kernelId: id,
      reason: "enough of it",
      threadLeaked: false,
    });
    for (const result of await Promise.all([running, waiting])) {
      assert.equal(result.status, "aborted");
      assert.deepEqual(result.kernel, {
        statePreserved: false,
        restarted: false,
        reason: "enough of it",
      });
    }
    assert.equal(kernel.status, "dead");
    assert.throws(() => manager.getKernel(id), { code: "not_found" });
    await assert.rejects(kernel.execute("1"), { code: "kernel_dead" });
    await assert.rejects(kernel.complete("pri"), { code: "kernel_dead" });
    assert.equal(await manager.forceTerminateKernel(id, "again"), false);
  });

  test("an inactive kernel shuts down after its timeout, not while it works", async () => {
    await using fixture = await create({ inactivityTimeout: 60_000 });
    const { kernel, manager, id } = fixture;
    assert.equal(manager.getInactivityTimeout(id), 60_000);
    const remaining = manager.getTimeUntilShutdown(id)!;
    assert.ok(remaining > 50_000 && remaining <= 60_000, `${remaining}`);
    const running = kernel.execute("import asyncio\nawait asyncio.sleep(0.3)\n'worked'");
    await nextEvent(kernel, "execute_input");
    assert.equal(manager.getTimeUntilShutdown(id), undefined);
    const terminated = nextEvent(kernel, "kernel_terminated");
    manager.setInactivityTimeout(id, 40); // Far less than the cell takes; counts at once.
    assert.equal((await running).result?.data["text/plain"], "'worked'");
    assert.match((await terminated).reason, /inactive/);
    assert.deepEqual(manager.listKernels(), []);
  });

  test("setInactivityTimeout() of 0 keeps the kernel", async () => {
    await using fixture = await create({ inactivityTimeout: 60_000 });
    fixture.manager.setInactivityTimeout(fixture.id, 0);
    assert.equal(fixture.manager.getTimeUntilShutdown(fixture.id), undefined);
    assert.throws(
      () => fixture.manager.setInactivityTimeout(fixture.id, -1),
      (error: unknown) =>
        error instanceof KernelError &&
        /inactivity timeout: use 0 \(never\) or more/.test(error.message),
    );
  });

  test("mounts show host directories, writable ones both ways", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "from the host" });
    await using fixture = await create({
      mounts: [{ root: directory.path, mountPoint: "/mnt/data", access: "rw" }],
    });
    const result = await fixture.kernel.execute(`
import os
os.makedirs("/mnt/data/made/deep")
with open("/mnt/data/made/deep/out.txt", "w") as file: file.write("from Python")
os.rename("/mnt/data/made/deep/out.txt", "/mnt/data/out.txt")
open("/mnt/data/in.txt").read()`);
    assert.equal(result.result?.data["text/plain"], "'from the host'");
    assert.equal(await Deno.readTextFile(`${directory.path}/out.txt`), "from Python");
    assert.deepEqual(fixture.kernel.info.mounts, [
      { root: directory.path, mountPoint: "/mnt/data", access: "rw" },
    ]);
  });

  test("mounts refuse every change with PermissionError when read-only, and the kernel lives", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "kept" });
    await Deno.mkdir(`${directory.path}/kept`);
    await using fixture = await create({
      mounts: [{ root: directory.path, mountPoint: "/mnt/ro", access: "ro" }],
    });
    const result = await fixture.kernel.execute(`
import os
def attempt(change):
    try: change()
    except PermissionError: return "refused"
    return "done"
changes = [
    lambda: open("/mnt/ro/in.txt", "w"),
    lambda: open("/mnt/ro/in.txt", "a"),
    lambda: open("/mnt/ro/in.txt", "r+"),
    lambda: open("/mnt/ro/new.txt", "x"),
    lambda: os.mkdir("/mnt/ro/dir"),
    lambda: os.remove("/mnt/ro/in.txt"),
    lambda: os.rename("/mnt/ro/in.txt", "/mnt/ro/other.txt"),
    lambda: os.truncate("/mnt/ro/in.txt", 0),
    lambda: os.chmod("/mnt/ro/in.txt", 0o777),
    lambda: os.utime("/mnt/ro/in.txt", (0, 0)),
    lambda: os.symlink("/mnt/ro/in.txt", "/mnt/ro/link"),
    lambda: os.rmdir("/mnt/ro/kept"),
]
[attempt(change) for change in changes], open("/mnt/ro/in.txt").read()`);
    assert.equal(
      result.result?.data["text/plain"]?.toString().replaceAll(/\s+/g, " "),
      `([${Array(12).fill("'refused'").join(", ")}], 'kept')`,
      result.error?.evalue,
    );
    assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name).sort(), [
      "in.txt",
      "kept",
    ]);
  });

  test("filesystem mounts a directory in its older form", async () => {
    await using directory = await temporaryDirectory({ "in.txt": "older" });
    await using fixture = await create({ filesystem: { enabled: true, root: directory.path } });
    const result = await fixture.kernel.execute("open('in.txt').read()");
    assert.equal(result.result?.data["text/plain"], "'older'");
  });

  test("env and cwd are Python's", async () => {
    await using directory = await temporaryDirectory();
    await using fixture = await create({
      env: { GREETING: "hello=there" },
      cwd: "/work",
      mounts: [{ root: directory.path, mountPoint: "/work" }],
    });
    const result = await fixture.kernel.execute("import os\nos.environ['GREETING'], os.getcwd()");
    assert.equal(result.result?.data["text/plain"], "('hello=there', '/work')");
  });

  test("createKernel() refuses a cwd that does not exist", async () => {
    await assert.rejects(create({ cwd: "/nowhere" }), {
      code: "start_failed",
      message: /\/nowhere/,
    });
  });

  test("two kernels share neither variables nor random numbers nor a umask", async () => {
    await using one = await create();
    await using other = await create();
    const code =
      "import random, uuid, os\nmask = os.umask(0o077)\nx = 1\n(random.random(), uuid.uuid4().hex, os.urandom(8))";
    const [first, second] = await Promise.all([
      one.kernel.execute(code),
      other.kernel.execute(code),
    ]);
    assert.equal(first.status, "ok");
    assert.notEqual(first.result?.data["text/plain"], second.result?.data["text/plain"]);
    assert.equal((await other.kernel.execute("oct(mask)")).result?.data["text/plain"], "'0o22'");
    await one.kernel.execute("y = 1");
    assert.equal((await other.kernel.execute("y")).error?.ename, "NameError");
  });

  test("complete(), inspect(), isComplete() and history() answer", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("apple = 1; apricot = 2");
    const completion = await kernel.complete("é = ap");
    assert.deepEqual([completion.cursorStart, completion.cursorEnd], [4, 6]);
    assert.ok(completion.matches.includes("apple") && completion.matches.includes("apricot"));
    const inspection = await kernel.inspect("len");
    assert.equal(inspection.found, true);
    assert.match(plain(String(inspection.data["text/plain"])), /number of items/);
    assert.equal((await kernel.inspect("no_such_name")).found, false);
    assert.equal((await kernel.isComplete("for i in range(3):")).status, "incomplete");
    assert.equal((await kernel.isComplete("1 + 1")).status, "complete");
    assert.equal((await kernel.isComplete("1 +* 1")).status, "invalid");
    const history = await kernel.history({ accessType: "tail", n: 5 });
    assert.equal(history.at(-1)?.[2], "apple = 1; apricot = 2");
    assert.equal((await kernel.languageInfo()).languageInfo["name"], "python");
  });

  test("comms carry messages and buffers both ways", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute(`
from comm import get_comm_manager
def opened(comm, message):
    comm.on_msg(lambda message: comm.send(
        {"echo": message["content"]["data"]}, buffers=[bytes(reversed(bytes(b))) for b in message["buffers"]]))
get_comm_manager().register_target("echo", opened)`);
    await kernel.openComm({ commId: "c1", targetName: "echo", data: {}, metadata: {} });
    assert.deepEqual(await kernel.comms("echo"), { c1: { targetName: "echo" } });
    const answered = nextEvent(kernel, "comm_msg");
    await kernel.sendComm({ commId: "c1", data: { n: 1 }, metadata: {} }, [
      new Uint8Array([1, 2, 3]),
    ]);
    const answer = await answered;
    assert.equal(answer.commId, "c1");
    assert.deepEqual(answer.data, { echo: { n: 1 } });
    assert.deepEqual(answer.buffers, [new Uint8Array([3, 2, 1])]);
    await kernel.closeComm({ commId: "c1", data: {}, metadata: {} });
    assert.deepEqual(await kernel.comms(), {});
  });

  test("pingKernel() answers true while the kernel rests", async () => {
    await using fixture = await create();
    assert.equal(await fixture.manager.pingKernel(fixture.id), true);
  });

  test("figures, HTML and errors in a repr are shown without ending the cell", async () => {
    await using fixture = await create();
    const { outputs, result } = await fixture.kernel.execute(`
class Rich:
    def __repr__(self): return "plain"
    def _repr_html_(self): return "<b>rich</b>"
    def _repr_png_(self): raise ValueError("no picture")
Rich()`);
    assert.deepEqual(result?.data, { "text/plain": "plain", "text/html": "<b>rich</b>" });
    assert.ok(outputs.some((it) => it.output_type === "stream" && /no picture/.test(it.text)));
  });

  if (!preemptive) return;

  test("interruptKernel() stops loops within a moment and keeps the variables", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    for (
      const code of [
        "while True: x += 1",
        "[print(i) for i in range(10**12)]",
        "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
      ]
    ) {
      await kernel.execute("x = 1");
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(code);
      await started;
      assert.equal(await manager.interruptKernel(id), true, code);
      const result = await running;
      assert.equal(result.error?.ename, "KeyboardInterrupt", code);
      assert.equal(result.kernel.statePreserved, true);
      assert.equal((await kernel.execute("x > 0")).result?.data["text/plain"], "True");
    }
  });

  test("interruptKernel() answers false when C code computes", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute("sum(range(40_000_000))");
    await started;
    const delivered = await manager.interruptKernel(id);
    const result = await running;
    // On a fast machine the sum is over before the answer is given.
    assert.equal(delivered, result.status === "error");
    assert.equal((await kernel.execute("1")).status, "ok");
  });

  test("output of a cell that computes is seen at once", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const seen = nextEvent(kernel, "stream", ({ text }) => text.endsWith("last line\n"));
    const running = kernel.execute(
      "for i in range(3): print(i)\nprint('last line')\nwhile True: pass",
    );
    await seen;
    assert.equal(await manager.interruptKernel(id), true);
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
  });

  test("pingKernel() answers false while the kernel computes", async () => {
    await using fixture = await create();
    const started = nextEvent(fixture.kernel, "execute_input");
    const running = fixture.kernel.execute("while True: pass");
    await started;
    assert.equal(await fixture.manager.pingKernel(fixture.id, 50), false);
    await fixture.manager.destroyKernel(fixture.id);
    assert.equal((await running).status, "aborted");
  });

  test("limits.cpuSeconds interrupts what takes more processor time", async () => {
    await using fixture = await create({ limits: { cpuSeconds: 0.3 } });
    const { kernel } = fixture;
    assert.equal((await kernel.execute("import time\ntime.sleep(0.6)\nkept = 1")).status, "ok");
    const result = await kernel.execute("while True: pass");
    assert.deepEqual([result.timedOut, result.error?.ename], [true, "KeyboardInterrupt"]);
    assert.equal(result.kernel.reason, "cpu limit: interrupted after 0.3 s of processor time");
    assert.equal((await kernel.execute("kept")).result?.data["text/plain"], "1");
  });

  test("timeout replaces a kernel that an interrupt does not stop", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    await kernel.execute("x = 1");
    const result = await kernel.execute(
      "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass",
      { timeout: 50 },
    );
    assert.equal(result.status, "aborted");
    assert.equal(result.timedOut, true);
    assert.equal(result.kernel.statePreserved, false);
    assert.equal(result.kernel.restarted, true);
    assert.match(result.kernel.reason!, /^timeout: still running/);
    assert.equal((await kernel.execute("x")).error?.ename, "NameError");
  });

  test("forceTerminateKernel() stops a thread that floods its output", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const seen = nextEvent(kernel, "stream");
    const running = kernel.execute(
      "while True:\n    try: print('x' * 10_000)\n    except BaseException: pass",
    );
    await seen;
    const terminated = nextEvent(kernel, "kernel_terminated");
    await manager.forceTerminateKernel(id, "flood");
    assert.equal((await terminated).threadLeaked, false);
    assert.equal((await running).status, "aborted");
  });

  test("forceTerminateKernel() stops a thread that computes and catches everything", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(
      "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    );
    await started;
    const terminated = nextEvent(kernel, "kernel_terminated");
    await manager.forceTerminateKernel(id, "runaway");
    assert.equal((await terminated).threadLeaked, false);
    assert.equal((await running).status, "aborted");
  });
}

/** Text without its ANSI colours. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- the escape character starts a colour
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}
