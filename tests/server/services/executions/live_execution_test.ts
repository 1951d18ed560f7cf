import assert from "node:assert/strict";
import type { ExecuteResult, Output } from "../../../../kernel/mod.ts";
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
    answerTool: () => Promise.resolve(false),
  };
  const execution = new LiveExecution(kernel, { id: "e", code: "1", origin: "native" });
  const started = execution.start();
  assert(await execution.dequeue());
  assert.equal(dequeued, 0);
  accepted.resolve();
  await started;
  assert.equal(dequeued, 1);
});

Deno.test("conclude() keeps a record without its outputs when they are longer than one text can be", async () => {
  const text = "x".repeat(100_000_000);
  const output: Output = { output_type: "stream", name: "stdout", text };
  const result: ExecuteResult = {
    id: "e",
    kernelId: "k",
    status: "ok",
    success: true,
    executionCount: 1,
    result: null,
    error: null,
    outputs: Array(6).fill(output),
    outputsTruncated: false,
    userExpressions: {},
    payload: [],
    timedOut: false,
    memoryBytes: null,
    usage: {
      wallMs: 1,
      cpuMs: null,
      peakMemoryBytes: null,
      outputBytes: 0,
      droppedOutputBytes: 0,
    },
    timings: { queuedAt: 0, startedAt: 0, finishedAt: 1, queuedMs: 0, wallMs: 1 },
    kernel: { statePreserved: true, restarted: false, reason: null },
  };
  const kernel = {
    id: "k",
    submit: () => Promise.reject(new Error("not used")),
    answerInput: () => Promise.resolve(false),
    answerTool: () => Promise.resolve(false),
  };
  const execution = new LiveExecution(kernel, { id: "e", code: "1", origin: "native" });
  const { record, outputs } = execution.conclude(result);
  execution.release();
  assert.equal((await execution.done).status, "ok");
  assert.equal(record.outputsTruncated, true);
  assert.match(outputs, /are left out here/);
  assert.deepEqual(JSON.parse(execution.json).status, "ok");
  assert.match(execution.lines.at(-1)!, /"type":"done"/);
});
