import assert from "node:assert/strict";
import { abortError, Execution } from "../../../kernel/executions/execution.ts";
import { ExecutionQueue } from "../../../kernel/executions/queue.ts";

Deno.test("ExecutionQueue.add() runs one at a time, in order", async () => {
  const steps: string[] = [];
  const queue = new ExecutionQueue(async (execution) => {
    steps.push(`${execution.id} starts`);
    await Promise.resolve();
    steps.push(`${execution.id} ends`);
    execution.finish({});
  });
  const executions = ["a", "b"].map((id) => new Execution("k", "", { id }));
  executions.forEach((execution) => queue.add(execution));
  await Promise.all(executions.map((execution) => execution.result));
  assert.deepEqual(steps, ["a starts", "a ends", "b starts", "b ends"]);
  assert.equal(queue.size, 0);
});

Deno.test("ExecutionQueue.cancel() settles a waiting execution and only that", async () => {
  const queue = new ExecutionQueue(() => new Promise(() => {}));
  const [running, waiting] = ["a", "b"].map((id) => new Execution("k", "", { id }));
  queue.add(running!);
  queue.add(waiting!);
  assert.equal(queue.cancel("a", abortError("E", "why")), false);
  assert.equal(queue.cancel("b", abortError("E", "why")), true);
  assert.deepEqual((await waiting!.result).error, { ename: "E", evalue: "why", traceback: [] });
  assert.deepEqual(queue.list().map(({ id }) => id), ["a"]);
});

Deno.test("ExecutionQueue.add() refuses an id that waits or runs", () => {
  const queue = new ExecutionQueue(() => new Promise(() => {}));
  queue.add(new Execution("k", "", { id: "a" }));
  queue.add(new Execution("k", "", { id: "b" }));
  for (const id of ["a", "b"]) {
    assert.throws(() => queue.add(new Execution("k", "", { id })), { code: "already_exists" });
  }
  assert.equal(queue.size, 2);
});
