import assert from "node:assert/strict";
import { Execution } from "../../../kernel/executions/execution.ts";
import { watchExecution, type WatchOptions } from "../../../kernel/executions/watch.ts";

const NEVER: WatchOptions = {
  maxExecutionTimeMs: 0,
  onStalled: () => assert.fail("it is not watched for that"),
  timeoutMs: 0,
  onTimeout: () => assert.fail("it has no timeout"),
  cpuMs: () => 0,
  cpuLimitMs: 0,
  onCpuLimit: () => assert.fail("it has no limit"),
};

function running(): Execution {
  const execution = new Execution("k", "1", {});
  execution.start();
  return execution;
}

Deno.test("watchExecution() calls back when the processor time is used up, and not before", async () => {
  let cpuMs = 0;
  let looks = 0;
  const { promise: limit, resolve } = Promise.withResolvers<void>();
  using _watch = watchExecution(running(), {
    ...NEVER,
    cpuMs: () => (looks++, cpuMs += 5),
    cpuLimitMs: 15,
    onCpuLimit: resolve,
  });
  await limit;
  assert.deepEqual([looks, cpuMs], [3, 15]);
});

Deno.test("watchExecution() takes the time that has passed where nobody knows the processor time", async () => {
  const execution = running();
  const { promise: limit, resolve } = Promise.withResolvers<void>();
  using _watch = watchExecution(execution, {
    ...NEVER,
    cpuMs: () => null,
    cpuLimitMs: 5,
    onCpuLimit: resolve,
  });
  await limit;
  assert(execution.runningTimeMs >= 5);
});

Deno.test("watchExecution() calls nobody once it is disposed", () => {
  const watch = watchExecution(running(), { ...NEVER, timeoutMs: 1, cpuLimitMs: 1 });
  watch[Symbol.dispose](); // A timer that is left behind fails the test.
});
