import assert from "node:assert/strict";
import { ReplayEvents } from "../../../../server/apis/mcp/replay_events.ts";

function message(method: string) {
  return { jsonrpc: "2.0" as const, method };
}

async function replayed(events: ReplayEvents, after: string): Promise<string[]> {
  const sent: string[] = [];
  await events.replayEventsAfter(after, {
    send: (_id, event) => {
      if ("method" in event) sent.push(event.method);
      return Promise.resolve();
    },
  });
  return sent;
}

Deno.test("ReplayEvents replays what followed on the same stream", async () => {
  const events = new ReplayEvents(() => 4_000_000);
  // The SDK stores an event without a message, whose type has no place for it.
  const first = await events.storeEvent("a", {} as ReturnType<typeof message>);
  await events.storeEvent("b", message("other"));
  const second = await events.storeEvent("a", message("one"));
  await events.storeEvent("a", message("two"));
  assert.equal(await events.getStreamIdForEventId(second), "a");
  assert.deepEqual(await replayed(events, first), ["one", "two"]);
  assert.deepEqual(await replayed(events, second), ["two"]);
});

Deno.test("ReplayEvents forgets the oldest events", async () => {
  const events = new ReplayEvents(() => 4_000_000);
  const first = await events.storeEvent("a", message("first"));
  for (let i = 0; i < 3_000; i++) await events.storeEvent("a", message("more"));
  assert.equal(await events.getStreamIdForEventId(first), undefined);
  await assert.rejects(replayed(events, first), /not kept any more/);
  const large = await events.storeEvent("a", message("x".repeat(5_000_000)));
  assert.equal(await events.getStreamIdForEventId(large), "a");
  assert.deepEqual(await replayed(events, large), []);
});
