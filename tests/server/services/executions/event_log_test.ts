import assert from "node:assert/strict";
import type { KernelEvent } from "../../../../kernel/mod.ts";
import { EventLog, type FollowedLine } from "../../../../server/services/executions/event_log.ts";

function text(value: string): KernelEvent {
  return { type: "stream", kernelId: "k", executionId: "e", name: "stdout", text: value };
}

async function readAll(lines: AsyncIterable<FollowedLine>): Promise<Record<string, unknown>[]> {
  return (await Array.fromAsync(lines)).map(({ json }) => JSON.parse(json));
}

Deno.test("follow() gives every event with its number when the log is closed", async () => {
  const log = new EventLog();
  for (const it of ["a", "b", "c"]) log.append(text(it));
  log.close();
  const events = await readAll(log.follow());
  assert.deepEqual(events.map(({ seq, text }) => [seq, text]), [[1, "a"], [2, "b"], [3, "c"]]);
  assert.equal(log.last, 3);
});

Deno.test("follow() begins after the number that the reader has", async () => {
  const log = new EventLog();
  for (const it of ["a", "b", "c"]) log.append(text(it));
  log.close();
  assert.deepEqual((await readAll(log.follow({ after: 2 }))).map(({ text }) => text), ["c"]);
  assert.deepEqual(await readAll(log.follow({ after: 3 })), []);
});

Deno.test("follow() waits for events that come later", async () => {
  const log = new EventLog();
  const lines = log.follow();
  const first = lines.next();
  log.append(text("late"));
  assert.equal(JSON.parse((await first).value!.json).text, "late");
  const end = lines.next();
  log.close();
  assert.equal((await end).done, true);
});

Deno.test("follow() tells of a gap when the oldest events are no longer kept", async () => {
  const log = new EventLog(250);
  for (let i = 0; i < 10; i++) log.append(text("x".repeat(20)));
  log.close();
  const [gap, next] = await readAll(log.follow({ after: 2 }));
  assert(log.first > 3);
  assert.deepEqual(gap, { type: "gap", after: 2, resumesAt: log.first });
  assert.equal(next!["seq"], log.first);
  assert.equal(log.last, 10);
});

Deno.test("append() keeps one event even when it is larger than the log", async () => {
  const log = new EventLog(10);
  log.append(text("longer than ten characters"));
  log.close();
  assert.equal((await readAll(log.follow())).length, 1);
});

Deno.test("follow() says that it lives when nothing happens", async () => {
  const lines = new EventLog().follow({ keepaliveMs: 1 });
  const { value } = await lines.next();
  assert.deepEqual(value, { json: '{"type":"keepalive"}', keepalive: true });
  await lines.return(undefined);
});

Deno.test("follow() ends when the signal aborts while it waits", async () => {
  const gone = new AbortController();
  const lines = new EventLog().follow({ signal: gone.signal });
  const next = lines.next();
  gone.abort();
  assert.equal((await next).done, true);
});

Deno.test("append() writes the bytes of comms as Base64", async () => {
  const log = new EventLog();
  log.append({
    type: "comm_msg",
    kernelId: "k",
    commId: "c",
    data: {},
    metadata: {},
    buffers: [new Uint8Array([1, 2, 3])],
  });
  log.close();
  assert.deepEqual((await readAll(log.follow()))[0]!["buffers"], ["AQID"]);
});

Deno.test("EventLog.of() continues the numbers that were stored", async () => {
  const log = EventLog.of(['{"seq":7}', '{"seq":8}'], 7);
  assert.equal(log.last, 8);
  assert.deepEqual(await readAll(log.follow({ after: 7 })), [{ seq: 8 }]);
});
