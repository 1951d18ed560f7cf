import assert from "node:assert/strict";
import { Channel } from "../../../kernel/hosts/channel.ts";

function channel(): { channel: Channel; posted: [number, string, unknown][] } {
  const posted: [number, string, unknown][] = [];
  return { channel: new Channel((...call) => void posted.push(call)), posted };
}

Deno.test("Channel.call() settles with its own answer", async () => {
  const { channel: calls, posted } = channel();
  const [first, second] = [calls.call("a", 1), calls.call("b", 2)];
  assert.deepEqual(posted, [[1, "a", 1], [2, "b", 2]]);
  assert.equal(calls.return(2, "two"), true);
  assert.equal(calls.throw(1, { name: "ValueError", message: "bad" }), true);
  assert.equal(await second, "two");
  await assert.rejects(first, { code: "kernel_error", message: "ValueError: bad" });
});

Deno.test("Channel.return() answers false when nobody waits", () => {
  const { channel: calls } = channel();
  void calls.call("a", 1);
  assert.equal(calls.return(7, 0), false);
  assert.equal(calls.return(1, 0), true);
  assert.equal(calls.return(1, 0), false);
});

Deno.test("Channel.close() rejects every pending call and every later one", async () => {
  const { channel: calls, posted } = channel();
  const pending = calls.call("a", 1);
  calls.close(new Error("gone"));
  calls.close(new Error("again"));
  await assert.rejects(pending, /gone/);
  await assert.rejects(calls.call("b", 2), /gone/);
  assert.equal(posted.length, 1);
});
