import assert from "node:assert/strict";
import { Execution } from "../../../kernel/executions/execution.ts";
import { watchExecution, type WatchOptions } from "../../../kernel/executions/watch.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** An execution that runs, its clock, and options that watch it for nothing. */
function running() {
  const clock = new FakeClock();
  const execution = new Execution("k", "1", {}, clock);
  execution.start();
  const never: WatchOptions = {
    maxExecutionTimeMs: 0,
    onStalled: () => assert.fail("it is not watched for that"),
    timeoutMs: 0,
    onTimeout: () => assert.fail("it has no timeout"),
    cpuMs: () => 0,
    cpuLimitMs: 0,
    onCpuLimit: () => assert.fail("it has no limit"),
    clock,
  };
  return { clock, execution, never };
}

Deno.test("watchExecution() calls back at the timeout and at the stall, once each", async () => {
  const { clock, execution, never } = running();
  const calls: string[] = [];
  using _watch = watchExecution(execution, {
    ...never,
    timeoutMs: 20,
    onTimeout: () => calls.push(`timeout at ${clock.now()}`),
    maxExecutionTimeMs: 10,
    onStalled: () => calls.push(`stalled at ${clock.now()}`),
  });
  await clock.advance(1_000);
  assert.deepEqual(calls, ["stalled at 10", "timeout at 20"]);
});

Deno.test("watchExecution() reports a stall that no timer could, at its end and once", async () => {
  const { clock, execution, never } = running();
  let stalls = 0;
  const options = { ...never, maxExecutionTimeMs: 10, onStalled: () => stalls++ };
  watchExecution(execution, options)[Symbol.dispose]();
  assert.equal(stalls, 0);
  const watch = watchExecution(execution, { ...options, clock: new FakeClock() });
  await clock.advance(11); // The timer's own time has not passed: its thread was busy.
  watch[Symbol.dispose]();
  assert.equal(stalls, 1);
});

Deno.test("watchExecution() calls back when the processor time is used up, and not before", async () => {
  const { clock, execution, never } = running();
  let cpuMs = 0;
  let looks = 0;
  const limits: number[] = [];
  using _watch = watchExecution(execution, {
    ...never,
    cpuMs: () => (looks++, cpuMs += 5),
    cpuLimitMs: 15,
    onCpuLimit: () => limits.push(cpuMs),
  });
  await clock.advance(10_000);
  assert.deepEqual([looks, limits], [3, [15]]);
});

Deno.test("watchExecution() takes the time that has passed where nobody knows the processor time", async () => {
  const { clock, execution, never } = running();
  const limits: number[] = [];
  using _watch = watchExecution(execution, {
    ...never,
    cpuMs: () => null,
    cpuLimitMs: 100,
    onCpuLimit: () => limits.push(execution.runningTimeMs),
  });
  await clock.advance(99);
  assert.deepEqual(limits, []);
  await clock.advance(1_000);
  assert.equal(limits.length, 1);
  assert(limits[0]! >= 100);
});

Deno.test("watchExecution() calls nobody once it is disposed", async () => {
  const { clock, execution, never } = running();
  const watch = watchExecution(execution, { ...never, timeoutMs: 1, cpuLimitMs: 1 });
  watch[Symbol.dispose]();
  assert.equal(clock.size, 0);
  await clock.advance(1_000);
});
