import assert from "node:assert/strict";
import { KernelError } from "../../../kernel/mod.ts";
import { delay } from "../../../kernel/deadline.ts";
import { nextEvent } from "../mod.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests that kernels are interrupted, restarted and ended as hosts promise. */
export function testControl(promises: HostPromises): void {
  const { preemptive } = promises;
  const { create, test } = hostTests(promises);

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
      // The kernel answers the ping only when the cell has come to its wait.
      assert.equal(await manager.pingKernel(id, 60_000), true);
      assert.equal(await manager.interruptKernel(id), true);
      const result = await running;
      assert.equal(result.status, "error");
      assert.equal(result.error?.ename, "KeyboardInterrupt");
      assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
      assert.equal((await kernel.execute("x")).result?.data["text/plain"], "1");
    });
  }

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

  test("interruptKernel() stops a cell that has not begun when it comes", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    await kernel.execute(`
import time
from comm import get_comm_manager
def opened(comm, message):
    end = time.monotonic() + 0.3
    while time.monotonic() < end: pass
get_comm_manager().register_target("busy", opened)`);
    for (
      const code of [
        "time.sleep(60)",
        "import asyncio\nawait asyncio.sleep(60)",
        "while True: pass",
      ]
    ) {
      // The thread is busy with a message to a widget, which belongs to no execution.
      const opened = kernel.openComm({ commId: code, targetName: "busy", data: {}, metadata: {} });
      const running = kernel.execute(code);
      await delay(0); // The message gets its turn meanwhile.
      assert.equal(await manager.interruptKernel(id), true, code);
      assert.equal((await running).error?.ename, "KeyboardInterrupt", code);
      await opened;
    }
  });

  test("interruptKernel() stops a cell that waits, and no task that computes beside it", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    await kernel.execute(`
import asyncio
async def compute():
    while True:
        sum(range(20_000))
        await asyncio.sleep(0)
task = asyncio.create_task(compute())`);
    for (const code of ["await asyncio.sleep(60)", "import time\ntime.sleep(60)"]) {
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(code);
      await started;
      assert.equal(await manager.interruptKernel(id), true, code);
      assert.equal((await running).error?.ename, "KeyboardInterrupt", code);
      assert.equal((await kernel.execute("task.done()")).result?.data["text/plain"], "False", code);
    }
    await kernel.execute("task.cancel()");
  });

  test("interruptKernel() stops a task that does not let its cell go on", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "stream");
    const running = kernel.execute(`
import asyncio
async def endless():
    print("begun", flush=True)
    while True: pass
await asyncio.create_task(endless())`);
    await started;
    assert.equal(await manager.interruptKernel(id), true);
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
  });

  test("interruptKernel() asked for many times at once leaves the next cell alone", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    for (const code of ["while True: pass", "import time\ntime.sleep(60)"]) {
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(code);
      await started;
      const next = kernel.execute(
        "import time\nfor _ in range(50): time.sleep(0.001)\n'undisturbed'",
      );
      const delivered = await Promise.all([1, 2, 3].map(() => manager.interruptKernel(id)));
      assert.equal(delivered[0], true, code);
      assert.equal((await running).error?.ename, "KeyboardInterrupt", code);
      assert.equal((await next).result?.data["text/plain"], "'undisturbed'", code);
    }
  });

  test("interruptKernel() stops a cell once its present call returns, which the cell says once", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const interruptedCall = async () => {
      const started = nextEvent(kernel, "stream");
      const running = kernel.execute(`
calls = 0
print("begun", flush=True)
while calls < 40:
    sum(range(100_000_000 if calls == 0 else 1_000_000))
    calls += 1`);
      await started;
      const answers = await Promise.all([1, 2].map(() => manager.interruptKernel(id)));
      assert.deepEqual(answers, [true, true]);
      assert.equal(await manager.interruptKernel(id), true);
      const { error, outputs } = await running;
      assert.equal(error?.ename, "KeyboardInterrupt");
      return outputs.flatMap((it) =>
        it.output_type === "stream" && it.name === "stderr" ? [it.text] : []
      );
    };
    let said = await interruptedCall();
    // A kernel that the machine has kept waiting is interrupted before its call begins, and says nothing.
    for (let attempt = 1; said.length === 0 && attempt < 10; attempt++) {
      said = await interruptedCall();
    }
    assert.equal(said.length, 1, JSON.stringify(said));
    assert.match(
      said[0]!,
      /^Interrupt: the cell will stop when the present call returns; [^\n]*\n$/,
    );
    assert.equal((await kernel.execute("calls")).result?.data["text/plain"], "0");
  });

  test("interruptKernel() calls the handler of SIGINT that the user has set", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    await kernel.execute(`
import asyncio, signal, time
hits = []
_ = signal.signal(signal.SIGINT, lambda number, frame: hits.append(number))`);
    for (
      const [code, event] of [
        ["while not hits: pass", "execute_input"],
        ["print('begun')\nwhile not hits: time.sleep(0.01)", "stream"],
        ["print('begun')\nwhile not hits: await asyncio.sleep(0.01)", "stream"],
      ] as const
    ) {
      const started = nextEvent(kernel, event);
      const running = kernel.execute(code);
      await started;
      assert.equal(await manager.interruptKernel(id), true, code);
      assert.equal((await running).status, "ok", code);
      assert.equal((await kernel.execute("hits")).result?.data["text/plain"], "[2]", code);
      await kernel.execute("hits.clear()");
    }
  });

  for (
    const [what, event, body] of [
      ["floods its output", "stream", "print('x' * 10_000)"],
      ["computes and catches everything", "execute_input", "\n        while True: pass"],
    ] as const
  ) {
    test(`forceTerminateKernel() stops a thread that ${what}`, async () => {
      await using fixture = await create();
      const { kernel, manager, id } = fixture;
      const started = nextEvent(kernel, event);
      const running = kernel.execute(
        `while True:\n    try: ${body}\n    except BaseException: pass`,
      );
      await started;
      const terminated = nextEvent(kernel, "kernel_terminated");
      await manager.forceTerminateKernel(id, "enough of it");
      assert.equal((await terminated).threadLeaked, false);
      assert.equal((await running).status, "aborted");
    });
  }
}
