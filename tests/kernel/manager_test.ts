import assert from "node:assert/strict";
import { type KernelEvent, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { type FakeHost, fakeManager } from "../support/fake_host.ts";
import { createManager, nextEvent } from "../support/mod.ts";

Deno.test("createKernel() refuses an id that is taken, also while the first one starts", async () => {
  const starting = Promise.withResolvers<void>();
  await using fake = fakeManager((host) => host.starting = starting.promise);
  const { manager } = fake;
  const first = manager.createKernel({ id: "a" });
  await assert.rejects(manager.createKernel({ id: "a" }), {
    code: "already_exists",
    message: 'Cannot create kernel: there is already one with the id "a"',
  });
  starting.resolve();
  assert.equal(await first, "a");
  await assert.rejects(manager.createKernel({ id: "a" }), { code: "already_exists" });
  assert.equal(await manager.createKernel({ id: "a", namespace: "team" }), "team:a");
});

Deno.test("createKernel() leaves nothing behind when the start fails", async () => {
  await using fake = fakeManager((host) => host.starting = Promise.reject(new Error("no memory")));
  const { manager, made } = fake;
  await assert.rejects(manager.createKernel({ id: "a" }), {
    code: "start_failed",
    message: 'Cannot start kernel "a": no memory',
  });
  assert.deepEqual(manager.listKernels(), []);
  assert.equal(made[0]?.terminated, "it did not start");
  await assert.rejects(manager.createKernel({ id: "a" }), { code: "start_failed" });
});

Deno.test("listKernels() and destroyAll() keep to a namespace", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  await manager.createKernel({ id: "a" });
  await manager.createKernel({ id: "b", namespace: "team" });
  await manager.createKernel({ id: "c", namespace: "team" });
  const ids = (namespace?: string) => manager.listKernels(namespace).map(({ id }) => id);
  assert.deepEqual(ids(), ["a", "team:b", "team:c"]);
  assert.deepEqual(ids("team"), ["team:b", "team:c"]);
  assert.deepEqual(ids("other"), []);
  await manager.destroyAll("team");
  assert.deepEqual(ids(), ["a"]);
});

Deno.test("getKernel() and its kin name the kernel that is not there", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  const missing = { code: "not_found", message: 'Cannot find kernel "x": no such kernel' };
  assert.throws(() => manager.getKernel("x"), missing);
  assert.throws(() => manager.onKernelEvent("x", "stream", () => {}), missing);
  assert.throws(() => manager.getExecutionInfo("x"), missing);
  await assert.rejects(manager.execute("x", "1"), missing);
  await assert.rejects(manager.interruptKernel("x"), missing);
  await assert.rejects(manager.restartKernel("x"), missing);
  assert.equal(await manager.destroyKernel("x"), false);
  assert.equal(manager.offKernelEvent("x", "stream", () => {}), false);
});

Deno.test("[Symbol.asyncDispose]() ends kernels, also those that start, and refuses new ones", async () => {
  const starting = Promise.withResolvers<void>();
  const { manager, made, madeAtLeast } = fakeManager((host) => {
    if (host.init.identity.kernelId === "late") host.starting = starting.promise;
  });
  await manager.createKernel({ id: "up" });
  const late = manager.createKernel({ id: "late" });
  await madeAtLeast(2);
  const disposed = manager[Symbol.asyncDispose]();
  starting.resolve();
  await assert.rejects(late, { code: "closed" });
  await disposed;
  assert.ok(made.every((host) => host.terminated !== undefined));
  await assert.rejects(manager.createKernel(), { code: "closed" });
  await manager[Symbol.asyncDispose]();
});

Deno.test("[Symbol.asyncDispose]() waits for no start", async () => {
  const never = Promise.withResolvers<void>().promise;
  const pools = [{ size: 1 }];
  const { manager, made, madeAtLeast } = fakeManager(
    (host) => void (host.starting = never),
    { pools },
  );
  const warming = manager.warmUp();
  const starting = manager.createKernel({ mode: KernelMode.PROCESS });
  await madeAtLeast(2);
  await Promise.all([
    assert.rejects(starting, { code: "closed" }),
    manager[Symbol.asyncDispose](),
    warming,
  ]);
  assert.ok(made.every((host) => host.terminated !== undefined));
});

Deno.test("createKernel() gives up the start when its signal aborts, and leaves nothing behind", async () => {
  const starts: PromiseWithResolvers<void>[] = [];
  await using fake = fakeManager((host) => {
    starts.push(Promise.withResolvers());
    host.starting = starts.at(-1)!.promise;
  });
  const { manager, made, madeAtLeast } = fake;
  const asking = new AbortController();
  const given = manager.createKernel({ id: "a" }, { signal: asking.signal });
  await madeAtLeast(1);
  asking.abort(new Error("nobody waits"));
  await assert.rejects(given, { message: "nobody waits" });
  assert.equal(made[0]!.terminated, "its start was given up");
  assert.deepEqual(manager.listKernels(), []);
  await assert.rejects(manager.createKernel({ id: "a" }, { signal: asking.signal }), {
    message: "nobody waits",
  });
  assert.equal(made.length, 1);
  const again = manager.createKernel({ id: "a" });
  await madeAtLeast(2);
  starts[1]!.resolve();
  assert.equal(await again, "a");
});

Deno.test("createKernel() gives up starts that wait for their turn when their signal aborts", async () => {
  await using manager = createManager();
  const asking = new AbortController();
  const many = Array.from({ length: 12 }, (_, n) => {
    const signal = n === 0 ? undefined : asking.signal;
    return manager.createKernel({ mode: KernelMode.PROCESS }, signal && { signal });
  });
  const settled = Promise.allSettled(many);
  await many[0];
  asking.abort();
  const outcomes = (await settled).map(({ status }) => status);
  assert.equal(outcomes[0], "fulfilled");
  assert.ok(outcomes.filter((it) => it === "rejected").length > 6, outcomes.join());
  assert.equal(manager.listKernels().length, outcomes.filter((it) => it === "fulfilled").length);
});

Deno.test("a host that ends by itself settles what is pending and leaves other kernels alone", async () => {
  await using fake = fakeManager();
  const { manager, made } = fake;
  await manager.createKernel({ id: "a" });
  await manager.createKernel({ id: "b" });
  const kernel = manager.getKernel("a");
  const running = kernel.executeStream("wait");
  const events: KernelEvent[] = [];
  const heard = (async () => {
    for await (const event of running) events.push(event);
  })();
  const waiting = kernel.execute("1");
  await nextEvent(kernel, "status", ({ status }) => status === "busy");
  const terminated = nextEvent(kernel, "kernel_terminated");
  made[0]!.die("out of memory");
  assert.equal((await terminated).reason, "out of memory");
  for (const result of [await running.result, await waiting]) {
    assert.equal(result.status, "aborted");
    assert.equal(result.error?.ename, "KernelDied");
    assert.match(result.error.evalue, /out of memory/);
    assert.deepEqual(result.kernel, {
      statePreserved: false,
      restarted: false,
      reason: "out of memory",
    });
  }
  await heard;
  assert.equal(kernel.info.status, "dead");
  await assert.rejects(kernel.execute("1"), { code: "kernel_dead", message: /out of memory/ });
  assert.equal((await manager.execute("b", "1")).status, "ok");
  await manager.restartKernel("a");
  assert.equal((await kernel.execute("1")).status, "ok");
});

Deno.test("restartKernel() rejects and leaves the kernel dead when the fresh one does not start", async () => {
  let starts = 0;
  await using fake = fakeManager((host) => {
    if (++starts === 2) host.starting = Promise.reject(new Error("no memory"));
  });
  const { manager } = fake;
  await manager.createKernel({ id: "a" });
  await assert.rejects(manager.restartKernel("a"), { code: "start_failed", message: /no memory/ });
  assert.equal(manager.getKernel("a").status, "dead");
  await manager.restartKernel("a");
  assert.equal(manager.getKernel("a").status, "idle");
});

Deno.test("restartKernel() twice at once gives one kernel that works", async () => {
  await using fake = fakeManager();
  const { manager, made } = fake;
  await manager.createKernel({ id: "a" });
  await Promise.all([manager.restartKernel("a"), manager.restartKernel("a")]);
  assert.equal((await manager.execute("a", "1")).status, "ok");
  assert.equal(made.filter((host) => host.terminated === undefined).length, 1);
});

Deno.test("execute() with a timeout replaces a kernel that ignores the interrupt", async () => {
  await using fake = fakeManager((host: FakeHost) => host.obedient = false);
  const { manager, made } = fake;
  await manager.createKernel({ id: "a" });
  const result = await manager.execute("a", "wait", { timeout: 1 });
  assert.equal(result.status, "aborted");
  assert.equal(result.timedOut, true);
  assert.equal(result.kernel.restarted, true);
  assert.match(
    made[0]!.terminated!,
    /^timeout: still running 1000 ms after it was interrupted at 1 ms/,
  );
  assert.equal((await manager.execute("a", "1")).status, "ok");
});

Deno.test("execute() refuses what is wrong and an id that is in use, and nothing else is disturbed", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  await manager.createKernel({ id: "a" });
  const running = manager.execute("a", "wait", { id: "same" });
  await assert.rejects(manager.execute("a", "1", { id: "same" }), { code: "already_exists" });
  await assert.rejects(manager.execute("a", 5 as unknown as string), {
    code: "invalid_argument",
    message: "Cannot execute: code: use a string",
  });
  assert.throws(() => manager.executeStream("a", "1", { timeout: -1 }), {
    code: "invalid_argument",
  });
  assert.equal(manager.getExecutionInfo("a").count, 1);
  assert.equal(await manager.interruptKernel("a"), true);
  assert.equal((await running).error?.ename, "KeyboardInterrupt");
});

Deno.test("events of a kernel carry its id and never come from an interpreter that was replaced", async () => {
  await using fake = fakeManager();
  const { manager, made } = fake;
  await manager.createKernel({ id: "a" });
  const texts: string[] = [];
  manager.onKernelEvent(
    "a",
    "stream",
    (event) => void texts.push(`${event.kernelId}: ${event.text}`),
  );
  made[0]!.init.onEvent({ type: "stream", name: "stdout", text: "first" });
  await manager.restartKernel("a");
  made[0]!.init.onEvent({ type: "stream", name: "stdout", text: "ghost" });
  made[1]!.init.onEvent({ type: "stream", name: "stdout", text: "second" });
  assert.deepEqual(texts, ["a: first", "a: second"]);
});

Deno.test("KernelManager starts nothing by itself", () => {
  assert.deepEqual(new KernelManager().listKernels(), []);
});

Deno.test("createKernel() refuses more kernels than there may be, those that start included", async () => {
  const starting = Promise.withResolvers<void>();
  await using fake = fakeManager((host) => host.starting = starting.promise, { maxKernels: 2 });
  const { manager } = fake;
  const first = manager.createKernel();
  const second = manager.createKernel();
  await assert.rejects(manager.createKernel(), {
    code: "limit_exceeded",
    message: "Cannot create kernel: there are as many as there may be (limit 2); end one first",
  });
  starting.resolve();
  await manager.destroyKernel(await first);
  await second;
  await manager.createKernel();
});

Deno.test("createKernel() refuses modes and permissions that the manager does not allow", async () => {
  await using fake = fakeManager(() => {}, {
    allowedModes: ["worker"],
    permissionCeiling: { net: ["example.com"] },
  });
  const { manager } = fake;
  await assert.rejects(manager.createKernel({ mode: "main_thread" }), {
    code: "permission_denied",
    message: 'Cannot create kernel: mode: "main_thread" is not allowed here; use "worker"',
  });
  await assert.rejects(manager.createKernel({ deno: { permissions: { net: true } } }), {
    code: "permission_denied",
  });
  await manager.createKernel({ deno: { permissions: { net: ["example.com:443"] } } });
});

Deno.test("createKernel() refuses the main thread under a ceiling, unless that mode is allowed", async () => {
  await using fake = fakeManager(() => {}, { permissionCeiling: {} });
  await assert.rejects(fake.manager.createKernel({ mode: "main_thread" }), {
    code: "permission_denied",
  });
  await using allowing = fakeManager(() => {}, {
    permissionCeiling: {},
    allowedModes: ["main_thread"],
  });
  await allowing.manager.createKernel({ mode: "main_thread" });
});

Deno.test("execute() refuses more executions than a queue may hold", async () => {
  await using fake = fakeManager(() => {}, { limits: { queue: 2 } });
  const { manager } = fake;
  const id = await manager.createKernel({ id: "a" });
  const running = manager.execute(id, "wait");
  const waiting = manager.execute(id, "1");
  await assert.rejects(manager.execute(id, "2"), {
    code: "limit_exceeded",
    message:
      'Cannot execute: the queue of kernel "a" is full (limit 2); try again when something ' +
      "has ended",
  });
  assert.equal(await manager.interruptKernel(id), true);
  await Promise.all([running, waiting]);
  assert.equal((await manager.execute(id, "3")).status, "ok");
});

Deno.test("events hear every kernel from its start to its end", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  const heard: string[] = [];
  manager.events.on("*", (event) => {
    if (event.type === "status") heard.push(`${event.kernelId} ${event.status}`);
    if (event.type === "kernel_terminated") heard.push(`${event.kernelId} ended`);
  });
  await manager.createKernel({ id: "a" });
  await manager.createKernel({ id: "b" });
  await manager.destroyKernel("a");
  assert.deepEqual(heard, [
    "a starting",
    "a idle",
    "b starting",
    "b idle",
    "a dead",
    "a ended",
  ]);
});

Deno.test("interrupt() leaves another execution alone than the one that was named", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  const kernel = manager.getKernel(await manager.createKernel());
  const { id, result } = kernel.submit("wait");
  await nextEvent(kernel, "status", ({ status }) => status === "busy");
  assert.equal(await kernel.interrupt("another"), false);
  assert.equal(await kernel.interrupt(id), true);
  assert.equal((await result).status, "error");
});

Deno.test("interrupt() that has to wait is told to the execution, once", async () => {
  await using fake = fakeManager((host) => host.obedient = "later");
  const { manager } = fake;
  const kernel = manager.getKernel(await manager.createKernel());
  const { result } = kernel.submit("wait");
  await nextEvent(kernel, "status", ({ status }) => status === "busy");
  assert.deepEqual([await kernel.interrupt(), await kernel.interrupt()], [true, true]);
  fake.made[0]!.obedient = true;
  await kernel.interrupt();
  const { outputs } = await result;
  assert.deepEqual(outputs.map((it) => [it.output_type, "name" in it && it.name]), [
    ["stream", "stderr"],
  ]);
  assert.equal(await kernel.interrupt(), false);
});

Deno.test("submit() throws at once when the kernel is dead", async () => {
  await using fake = fakeManager();
  const { manager } = fake;
  const kernel = manager.getKernel(await manager.createKernel());
  await manager.destroyKernel(kernel.id);
  assert.throws(() => kernel.submit("1"), { code: "kernel_dead" });
});

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS]) {
  Deno.test(`createKernel() starts all of many ${mode} kernels that are asked for at once`, async () => {
    await using manager = new KernelManager();
    const ids = await Promise.all(Array.from({ length: 12 }, () => manager.createKernel({ mode })));
    const results = await Promise.all(ids.map((id) => manager.execute(id, "6 * 7")));
    assert(results.every(({ result }) => result?.data["text/plain"] === "42"));
    const random = await Promise.all(
      ids.map((id) =>
        manager.execute(
          id,
          "import random, uuid, os\n[random.random(), uuid.uuid4(), os.urandom(8)]",
        )
      ),
    );
    const seen = new Set(random.map(({ result }) => result?.data["text/plain"]));
    assert.equal(seen.size, ids.length, "two kernels share random numbers");
  });
}

Deno.test("a task that prints is believed after a hundred thousand messages to comms, and a forger is not before", async () => {
  await using fake = fakeManager();
  const kernel = fake.manager.getKernel(await fake.manager.createKernel())!;
  const { id } = await kernel.execute("a task is started");
  const { onEvent } = fake.made[0]!.init;
  const print = (executionId: string) =>
    onEvent({ type: "stream", name: "stdout", text: "tick", executionId });
  const seen: (string | undefined)[] = [];
  kernel.events.on("stream", ({ executionId }) => void seen.push(executionId));
  print(id);
  assert.throws(() => print("forged"), /not its own/);
  for (let n = 0; n < 100_001; n++) {
    // There is no Python in a fake host.
    const message = { commId: "c", data: {}, metadata: {}, requestId: `request-${n}` };
    await kernel.sendComm(message).catch(() => {});
  }
  print(id);
  assert.deepEqual(seen, [id, undefined]);
});
