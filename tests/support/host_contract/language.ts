import assert from "node:assert/strict";
import { type ExecuteResult, type KernelEvent, KernelEvents } from "../../../kernel/mod.ts";
import { createManager, nextEvent } from "../mod.ts";
import type { Dialect } from "./dialects.ts";
import { type HostPromises, hostTests } from "./promises.ts";

/** Tests the promises that every host keeps for every language. */
export function testLanguageContract(promises: HostPromises, dialect: Dialect): void {
  const { language, print, raise, wait, spin } = dialect;
  const { mode, preemptive } = promises;
  const { create, test } = hostTests(promises, language);
  const stdout = ({ outputs }: ExecuteResult) =>
    outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");

  test("execute() returns what a cell has written, and numbers it", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    for (const [index, word] of ["first", "second"].entries()) {
      const result = await kernel.execute(print(word));
      assert.deepEqual([result.status, result.success, result.error], ["ok", true, null]);
      assert.equal(stdout(result), `${word}\n`);
      assert.equal(result.executionCount, index + 1);
      assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
    }
    const { info } = kernel;
    assert.deepEqual([info.language, info.mode, info.executionCount], [language, mode, 2]);
    assert(promises.unmeasured ? info.memoryBytes === null : info.memoryBytes! > 0);
  });

  test("execute() returns an exception as a result, and the kernel lives", async () => {
    await using fixture = await create();
    const { code, ename, evalue } = raise;
    const result = await fixture.kernel.execute(code);
    assert.deepEqual([result.status, result.success], ["error", false]);
    assert.deepEqual([result.error?.ename, result.error?.evalue], [ename, evalue]);
    assert.equal((await fixture.kernel.execute(print("alive"))).status, "ok");
  });

  test("execute() shows nothing and counts nothing when silent", async () => {
    await using fixture = await create();
    const events: KernelEvent[] = [];
    await fixture.kernel.execute(print("a"));
    using _listening = fixture.kernel.events.on("execute_input", (event) => events.push(event));
    assert.equal((await fixture.kernel.execute(raise.code, { silent: true })).status, "error");
    assert.deepEqual(events, []);
    assert.equal((await fixture.kernel.execute(print("b"))).executionCount, 2);
  });

  test("executeStream() iterates over its own events, from busy to idle", async () => {
    await using fixture = await create();
    const stream = fixture.kernel.executeStream(print("word"));
    const events: KernelEvent[] = [];
    for await (const event of stream) events.push(event);
    const types = events.map((event) => event.type === "status" ? event.status : event.type);
    assert.deepEqual(types.filter((type) => type !== "execute_result"), [
      "busy",
      "execute_input",
      "stream",
      "idle",
    ]);
    assert(events.every((it) => it.executionId === stream.id && it.kernelId === fixture.id));
    assert.equal((await stream.result).status, "ok");
  });

  test("onKernelEvent() and offKernelEvent() add and remove a listener", async () => {
    await using fixture = await create();
    const { manager, id } = fixture;
    const texts: string[] = [];
    const listener = (event: { text: string }) => void texts.push(event.text);
    manager.onKernelEvent(id, KernelEvents.STREAM, listener);
    await manager.execute(id, print("heard"));
    assert.equal(manager.offKernelEvent(id, KernelEvents.STREAM, listener), true);
    await manager.execute(id, print("unheard"));
    assert.equal(manager.offKernelEvent(id, KernelEvents.STREAM, listener), false);
    assert.deepEqual(texts, ["heard\n"]);
  });

  test("execute() obeys its signal, waiting or running", async () => {
    await using fixture = await create();
    const { kernel } = fixture;
    const controller = new AbortController();
    const { signal } = controller;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(wait, { signal });
    const waiting = kernel.execute(print("never"), { signal });
    await started;
    controller.abort();
    assert.equal((await waiting).status, "aborted");
    assert.equal((await running).error?.ename, "KeyboardInterrupt");
    assert.equal(stdout(await kernel.execute(print("next"))), "next\n");
  });

  test("getExecutionInfo() lists what runs and waits", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(wait, { id: "runs" });
    const waiting = manager.execute(id, print("2"), { id: "waits" });
    await started;
    const info = manager.getExecutionInfo(id);
    assert.equal(info.count, 2);
    assert.equal(info.isStuck, false);
    assert(info.longestRunningTimeMs > 0);
    assert.equal(info.longestRunningTime, info.longestRunningTimeMs);
    assert.deepEqual(info.executions.map((it) => [it.id, it.status]), [
      ["runs", "running"],
      ["waits", "queued"],
    ]);
    assert.equal(await manager.interruptKernel(id), true);
    await Promise.all([running, waiting]);
    assert.deepEqual(manager.getExecutionInfo(id), {
      count: 0,
      isStuck: false,
      longestRunningTimeMs: 0,
      longestRunningTime: 0,
      executions: [],
    });
  });

  test("interruptKernel() stops a cell that waits, and answers false when nothing runs", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    assert.equal(await manager.interruptKernel(id), false);
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(wait);
    await started;
    assert.equal(await manager.interruptKernel(id), true);
    const result = await running;
    assert.deepEqual([result.status, result.error?.ename], ["error", "KeyboardInterrupt"]);
    assert.deepEqual(result.kernel, { statePreserved: true, restarted: false, reason: null });
    assert.equal((await kernel.execute(print("alive"))).status, "ok");
  });

  test("timeoutMs interrupts an execution that waits and says so", async () => {
    await using fixture = await create();
    const result = await fixture.kernel.execute(wait, { timeoutMs: 50 });
    assert.deepEqual([result.status, result.timedOut], ["error", true]);
    assert.equal(result.error?.ename, "KeyboardInterrupt");
    assert.equal(result.kernel.statePreserved, true);
    assert.match(result.kernel.reason!, /timeout: interrupted after 50 ms/);
    assert.equal((await fixture.kernel.execute(print("alive"))).status, "ok");
  });

  test("limits.outputBytes cuts what is shown", async () => {
    await using fixture = await create({ limits: { outputBytes: 50 } });
    const result = await fixture.kernel.execute(print("x".repeat(60)));
    const [kept, notice] = result.outputs as { text: string }[];
    assert.equal(kept!.text, "x".repeat(50));
    assert.match(notice!.text, /The output is cut here: it is limited to 50 bytes/);
    assert.equal(result.outputsTruncated, true);
    const next = await fixture.kernel.execute(print("next"));
    assert.deepEqual([stdout(next), next.outputsTruncated], ["next\n", false]);
  });

  test("createKernel() gives up a start that is under way", async () => {
    const { manager: options, kernel } = promises.place?.() ?? {};
    await using manager = createManager(options);
    const asking = new AbortController();
    using _starting = manager.events.on("status", () => asking.abort(new Error("enough")));
    const asked = { mode, language, id: "a", ...kernel };
    await assert.rejects(manager.createKernel(asked, { signal: asking.signal }), {
      message: "enough",
    });
    assert.deepEqual(manager.listKernels(), []);
    assert.equal(await manager.createKernel(asked), "a");
  });

  test("restartKernel() aborts what runs and waits, keeps id and environment, and counts anew", async () => {
    await using fixture = await create({ env: { COLOUR: "green" } });
    const { kernel, manager, id } = fixture;
    await kernel.execute(print("before"));
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(wait);
    const waiting = kernel.execute(print("never"));
    await started;
    const statuses: string[] = [];
    using _listening = manager.onKernelEvent(id, "status", (event) => {
      if (event.executionId === undefined) statuses.push(event.status);
    });
    await manager.restartKernel(id);
    const result = await running;
    assert.equal(result.status, "aborted");
    assert.deepEqual(result.kernel, {
      statePreserved: false,
      restarted: true,
      reason: "it was restarted",
    });
    assert.equal((await waiting).status, "aborted");
    assert.deepEqual(statuses, ["restarting", "starting", "idle"]);
    assert.equal(manager.getKernel(id), kernel);
    const after = await kernel.execute(dialect.printEnv("COLOUR"));
    assert.deepEqual([stdout(after), after.executionCount], ["green\n", 1]);
  });

  for (const end of ["terminateKernel", "forceTerminateKernel"] as const) {
    test(`${end}() settles what is pending and tells the reason`, async () => {
      await using fixture = await create();
      const { kernel, manager, id } = fixture;
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(wait);
      const waiting = kernel.execute(print("never"));
      await started;
      const terminated = nextEvent(kernel, "kernel_terminated");
      assert.equal(await manager[end](id, "enough of it"), true);
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
      await assert.rejects(kernel.execute(print("x")), { code: "kernel_dead" });
      await assert.rejects(kernel.complete("x"), { code: "kernel_dead" });
      assert.equal(await manager[end](id, "again"), false);
    });
  }

  test("setInactivityTimeout() shuts down a kernel that rests; 0 keeps it", async () => {
    await using fixture = await create({ inactivityTimeoutMs: 60_000 });
    const { kernel, manager, id } = fixture;
    assert.equal(kernel.info.inactivityTimeoutMs, 60_000);
    manager.setInactivityTimeout(id, 0);
    assert.equal(manager.getTimeUntilShutdown(id), undefined);
    const terminated = nextEvent(kernel, "kernel_terminated");
    manager.setInactivityTimeout(id, 1);
    assert.match((await terminated).reason, /inactive/);
    assert.deepEqual(manager.listKernels(), []);
  });

  test("pingKernel() answers true while the kernel rests", async () => {
    await using fixture = await create();
    assert.equal(await fixture.manager.pingKernel(fixture.id), true);
  });

  test("languageInfo() describes the language, also while a cell runs", async () => {
    await using fixture = await create();
    const { kernel, manager } = fixture;
    await kernel.execute(print("a"));
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(preemptive ? spin : wait);
    await started;
    assert.equal((await kernel.languageInfo()).languageInfo["name"], language);
    assert.equal(manager.languageInfo(language)?.languageInfo["name"], language);
    assert.equal(await kernel.interrupt(), true);
    await running;
  });

  test("env and cwd are the kernel's own, also when it comes from a pool", async () => {
    await using manager = createManager({ pools: [{ size: 1, mode, language }] });
    await manager.warmUp();
    assert.equal(manager.readyKernels, 1);
    const id = await manager.createKernel({ mode, language, env: { COLOUR: "blue" } });
    assert.equal(manager.readyKernels, 0);
    assert.equal(stdout(await manager.execute(id, dialect.printEnv("COLOUR"))), "blue\n");
    const own = await manager.execute(id, dialect.printCwd);
    assert.deepEqual([stdout(own), own.executionCount], [`${dialect.home}\n`, 2]);
  });

  if (!preemptive) return;

  test("interruptKernel() stops a cell that computes", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    for (let round = 0; round < 2; round++) {
      const started = nextEvent(kernel, "execute_input");
      const running = kernel.execute(spin);
      await started;
      assert.equal(await manager.interruptKernel(id), true);
      assert.equal((await running).error?.ename, "KeyboardInterrupt");
      assert.equal(stdout(await kernel.execute(print("alive"))), "alive\n");
    }
  });

  test("pingKernel() answers false while the kernel computes, and it can be ended", async () => {
    await using fixture = await create();
    const { kernel, manager, id } = fixture;
    const started = nextEvent(kernel, "execute_input");
    const running = kernel.execute(spin);
    await started;
    assert.equal(await manager.pingKernel(id, 50), false);
    const terminated = nextEvent(kernel, "kernel_terminated");
    await manager.destroyKernel(id);
    assert.equal((await running).status, "aborted");
    assert.equal((await terminated).threadLeaked, false);
  });
}
