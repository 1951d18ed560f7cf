import assert from "node:assert/strict";
import { Process } from "../../../../server/apis/e2b/process.ts";
import type { LiveExecution } from "../../../../server/services/executions/live_execution.ts";

/** Makes a command that notes its input, and whose execution cannot be submitted. */
function createProcess(): { process: Process; inputs: string[] } {
  const inputs: string[] = [];
  const process = new Process({
    ...{ pid: 7, tag: undefined, config: {} },
    submit(input): Promise<LiveExecution> {
      inputs.push(new TextDecoder().decode(input));
      return Promise.reject(new Error("the queue is full"));
    },
  });
  return { process, inputs };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("closeInput() submits the whole input once, and then nothing can be written", async () => {
  const { process, inputs } = createProcess();
  process.write(bytes("a"));
  process.write(bytes("b"));
  await assert.rejects(process.closeInput(), { message: "the queue is full" });
  assert.deepEqual(inputs, ["ab"]);
  await assert.rejects(process.closeInput(), { status: 400 });
  assert.throws(() => process.write(bytes("late")), { status: 400 });
  await process.ended;
  await assert.rejects(async () =>
    await Array.fromAsync(process.follow(new AbortController().signal))
  );
});

Deno.test("kill() ends a command that waits for its input", async () => {
  const { process, inputs } = createProcess();
  const events = Array.fromAsync(process.follow(new AbortController().signal));
  await process.kill();
  const reason = "signal: killed";
  assert.deepEqual(await events, [
    { event: { start: { pid: 7 } } },
    { event: { end: { exitCode: 137, exited: false, status: reason, error: reason } } },
  ]);
  await process.ended;
  assert.throws(() => process.write(bytes("late")), { status: 400 });
  assert.deepEqual(inputs, []);
});

Deno.test("write() refuses more input than a command may have", () => {
  const { process } = createProcess();
  process.write(new Uint8Array(16 * 2 ** 20));
  assert.throws(() => process.write(new Uint8Array(1)), { status: 413 });
});

Deno.test("follow() ends when its reader leaves, and the command stays", async () => {
  const { process, inputs } = createProcess();
  const left = new AbortController();
  const events = process.follow(left.signal);
  assert.deepEqual((await events.next()).value, { event: { start: { pid: 7 } } });
  const next = events.next();
  left.abort();
  assert.deepEqual(await next, { done: true, value: undefined });
  process.write(bytes("on"));
  await assert.rejects(process.closeInput());
  assert.deepEqual(inputs, ["on"]);
});
