import assert from "node:assert/strict";
import { abortError, Execution } from "../../../kernel/executions/execution.ts";

const reply = {
  status: "ok",
  executionCount: 3,
  result: null,
  error: null,
  userExpressions: {},
  payload: [],
} as const;

Deno.test("Execution.finish() counts once", async () => {
  const execution = new Execution("k", "code", {});
  assert.equal(execution.running, false);
  execution.start();
  assert.equal(execution.running, true);
  execution.finish({
    reply: { ...reply, userExpressions: {}, payload: [], memoryBytes: 7, droppedBytes: 0 },
  });
  execution.finish({ error: abortError("E", "late") });
  const result = await execution.result;
  assert.equal(result.status, "ok");
  assert.equal(result.executionCount, 3);
  assert.equal(result.memoryBytes, 7);
  assert.ok(result.timings.wallMs >= 0 && result.timings.queuedMs >= 0);
  assert.equal(execution.done, true);
});
