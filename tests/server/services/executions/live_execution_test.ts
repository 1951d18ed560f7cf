import assert from "node:assert/strict";
import type { ExecuteResult } from "../../../../kernel/mod.ts";
import { LiveExecution } from "../../../../server/services/executions/live_execution.ts";

Deno.test("dequeue() gives up an execution that is on its way into its kernel's queue", async () => {
  const accepted = Promise.withResolvers<void>();
  let dequeued = 0;
  const handle = {
    id: "e",
    result: Promise.withResolvers<ExecuteResult>().promise,
    outputs: [],
    outputsTruncated: false,
    dequeue: () => Promise.resolve(++dequeued > 0),
    interrupt: () => Promise.resolve(false),
  };
  const kernel = {
    id: "k",
    submit: () => accepted.promise.then(() => handle),
    answerInput: () => Promise.resolve(false),
  };
  const execution = new LiveExecution(kernel, { id: "e", code: "1", origin: "native" });
  const started = execution.start();
  assert(await execution.dequeue());
  assert.equal(dequeued, 0);
  accepted.resolve();
  await started;
  assert.equal(dequeued, 1);
});
