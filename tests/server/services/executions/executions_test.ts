import assert from "node:assert/strict";
import { Executions } from "../../../../server/services/executions/executions.ts";
import { SqliteExecutionStore } from "../../../../server/services/executions/sqlite_store.ts";
import { LocalKernels } from "../../../../server/services/kernels/local_kernels.ts";
import { type FakeManager, fakeManager } from "../../../support/fake_host.ts";
import { nextEvent } from "../../../support/mod.ts";

/** A store that waits where the test says so. */
class SlowStore extends SqliteExecutionStore {
  has_: Promise<void> = Promise.resolve();
  finish_: Promise<void> = Promise.resolve();

  constructor() {
    super(undefined, { maxAgeMs: 3_600_000, maxCount: 100, maxBytes: 1e6 });
  }

  override async has(id: string): Promise<boolean> {
    await this.has_;
    return await super.has(id);
  }

  override async finish(...args: Parameters<SqliteExecutionStore["finish"]>): Promise<void> {
    await this.finish_;
    await super.finish(...args);
  }
}

interface Fixture extends AsyncDisposable {
  fake: FakeManager;
  store: SlowStore;
  executions: Executions;
  kernelId: string;
}

async function createExecutions(): Promise<Fixture> {
  const fake = fakeManager();
  const store = new SlowStore();
  const executions = new Executions({ kernels: new LocalKernels(fake.manager), store });
  const kernelId = await fake.manager.createKernel();
  return {
    fake,
    store,
    executions,
    kernelId,
    async [Symbol.asyncDispose]() {
      await fake[Symbol.asyncDispose]();
      await executions[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

function request(code: string, id?: string) {
  return { code, id, origin: "native" as const };
}

Deno.test("submit() keeps the order of one kernel's executions when the store is slow", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId, fake } = fixture;
  const slow = Promise.withResolvers<void>();
  store.has_ = slow.promise;
  // Only a chosen id has to be looked up: without turns, the second would overtake the first.
  const submitted = [
    executions.submit(kernelId, request("first", "chosen")),
    executions.submit(kernelId, request("second")),
  ];
  slow.resolve();
  const live = await Promise.all(submitted);
  await Promise.all(live.map(({ done }) => done));
  assert.deepEqual(fake.made[0]!.requests.map(({ code }) => code), ["first", "second"]);
});

Deno.test("submit() resolves when the execution has a record", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId } = fixture;
  const execution = await executions.submit(kernelId, request("wait"));
  assert.equal((await executions.get(execution.id)).status, "running");
  assert.deepEqual((await executions.list({ limit: 10 })).map(({ id }) => id), [execution.id]);
  assert(await store.has(execution.id));
  assert.equal(await execution.cancel(), "interrupted");
});

Deno.test("submit() leaves nothing behind when the kernel refuses", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId, fake } = fixture;
  await assert.rejects(executions.submit("nobody", request("1")), { code: "not_found" });
  const dead = nextEvent(fake.manager, "kernel_terminated");
  fake.made[0]!.die("it died");
  await dead;
  await assert.rejects(executions.submit(kernelId, request("1", "a")), { code: "kernel_dead" });
  assert.deepEqual(await executions.list({ limit: 10 }), []);
  assert(!await executions.has("a"));
});

Deno.test("submit() refuses an id that another kernel's execution takes at the same time", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId, fake } = fixture;
  const other = await fake.manager.createKernel();
  const slow = Promise.withResolvers<void>();
  store.has_ = slow.promise;
  const submitted = [
    executions.submit(kernelId, request("1", "same")),
    executions.submit(other, request("2", "same")),
  ];
  slow.resolve();
  const outcomes = await Promise.allSettled(submitted);
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected"]);
  await assert.rejects(submitted[1]!, { code: "already_exists" });
});

Deno.test("done resolves when the record is kept, and it is found all the time", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId } = fixture;
  const kept = Promise.withResolvers<void>();
  store.finish_ = kept.promise;
  const execution = await executions.submit(kernelId, request("1"));
  await execution.result;
  const events = await Array.fromAsync(execution.follow());
  assert.equal(JSON.parse(events.at(-1)!.json).type, "done");
  let done = false;
  void execution.done.then(() => done = true);
  assert.equal((await executions.get(execution.id)).status, "ok");
  assert(!done, "the record was called kept before it was");
  kept.resolve();
  const record = await execution.done;
  assert.equal(executions.getLive(execution.id), undefined);
  assert.deepEqual(await executions.get(execution.id), record);
  assert.deepEqual(JSON.parse(await executions.json(execution.id)), record);
});

Deno.test("drain() waits for what runs, and refuses what comes later or waits for its turn", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId } = fixture;
  const running = await executions.submit(kernelId, request("wait"));
  const slow = Promise.withResolvers<void>();
  store.has_ = slow.promise;
  const waiting = executions.submit(kernelId, request("1", "waiting"));
  const drain = executions.drain(60_000);
  await assert.rejects(executions.submit(kernelId, request("1")), { code: "shutting_down" });
  slow.resolve();
  await assert.rejects(waiting, { code: "shutting_down" });
  assert.equal(executions.liveCount, 1);
  await running.cancel();
  await drain;
  assert.equal(executions.liveCount, 0);
});

Deno.test("drain() gives up when the time is over", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId } = fixture;
  await executions.submit(kernelId, request("wait"));
  await executions.drain(1);
  assert.equal(executions.liveCount, 1);
});

Deno.test("an event counts only for an execution of the kernel that it came from", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId, fake } = fixture;
  const execution = await executions.submit(kernelId, request("wait", "victim"));
  const before = execution.lines.length;
  const { events } = fake.manager;
  const forged = { executionId: "victim", kernelId: "liar" };
  events.emit({ type: "execute_input", ...forged, code: "", executionCount: 1_000 });
  events.emit({ type: "stream", ...forged, name: "stdout", text: "forged" });
  assert.equal(execution.lines.length, before);
  assert.notEqual(execution.record.executionCount, 1_000);
  events.emit({ type: "stream", executionId: "victim", kernelId, name: "stdout", text: "own" });
  assert.equal(execution.lines.length, before + 1);
  await execution.cancel();
});

Deno.test("a request for input is kept only while its execution may ask for input", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId, fake } = fixture;
  const execution = await executions.submit(kernelId, request("wait", "quiet"));
  for (const executionId of ["quiet", "unknown", undefined]) {
    fake.manager.events.emit({
      type: "input_request",
      kernelId,
      ...(executionId !== undefined && { executionId }),
      requestId: `of ${executionId}`,
      prompt: "",
      password: false,
    });
  }
  assert(!await executions.answerInput("quiet", "line"));
  assert(!await executions.answerKernelInput(kernelId, "line"));
  await execution.cancel();
});

Deno.test("Executions adds output that comes after the end of an execution to its record and events", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId, fake } = fixture;
  const { done } = await executions.submit(kernelId, request("start a task", "early"));
  await done;
  await (await executions.submit(kernelId, request("another", "later"))).done;
  const show = (text: string) =>
    fake.made[0]!.init.onEvent({ type: "stream", name: "stdout", text, executionId: "early" });
  const { lastEvent } = await executions.get("early");
  show("one\n");
  show("two\n");
  const record = await executions.get("early");
  assert.deepEqual(record.outputs, [{ output_type: "stream", name: "stdout", text: "one\ntwo\n" }]);
  assert.deepEqual([record.status, record.lastEvent], ["ok", lastEvent + 2]);
  show("three\n");
  const lines = await Array.fromAsync((await executions.events("early")).follow());
  assert.deepEqual(
    lines.map(({ json }) => JSON.parse(json)).slice(-4).map((it) => [it.seq, it.type]),
    [
      [lastEvent, "done"],
      [lastEvent + 1, "stream"],
      [lastEvent + 2, "stream"],
      [lastEvent + 3, "stream"],
    ],
  );
  assert.match(await executions.json("early"), /one\\ntwo\\nthree/);
  assert.deepEqual((await executions.get("later")).outputs, []);
});

Deno.test("Executions adds output to the record that comes while the end is still being kept", async () => {
  await using fixture = await createExecutions();
  const { executions, store, kernelId, fake } = fixture;
  const slow = Promise.withResolvers<void>();
  store.finish_ = slow.promise;
  const idle = nextEvent(fake.manager.getKernel(kernelId), "status", (it) => it.status === "idle");
  const { done } = await executions.submit(kernelId, request("start a task", "x"));
  await idle;
  fake.made[0]!.init.onEvent({ type: "stream", name: "stdout", text: "late", executionId: "x" });
  slow.resolve();
  assert.deepEqual((await done).outputs, []);
  const { outputs } = await executions.get("x");
  assert.deepEqual(outputs, [{ output_type: "stream", name: "stdout", text: "late" }]);
});

Deno.test("Executions gives the output of one kernel to no execution of another", async () => {
  await using fixture = await createExecutions();
  const { executions, kernelId, fake } = fixture;
  await (await executions.submit(kernelId, request("1", "mine"))).done;
  const other = fake.manager.getKernel(await fake.manager.createKernel());
  // The id of a message to a widget is the client's choice.
  await other.sendComm({ commId: "c", data: {}, metadata: {}, requestId: "mine" }).catch(() => {});
  fake.made[1]!.init.onEvent({
    type: "stream",
    name: "stdout",
    text: "theirs",
    executionId: "mine",
  });
  assert.deepEqual((await executions.get("mine")).outputs, []);
});
