import assert from "node:assert/strict";
import { Channel } from "../../../kernel/hosts/channel.ts";

interface Channelled {
  channel: Channel;
  posted: [number, string, unknown][];
  violations: string[];
}

function channel(): Channelled {
  const posted: [number, string, unknown][] = [];
  const violations: string[] = [];
  const post = (id: number, name: string, args: unknown) => void posted.push([id, name, args]);
  return { channel: new Channel(post, (reason) => violations.push(reason)), posted, violations };
}

Deno.test("Channel.call() settles with its own answer", async () => {
  const { channel: calls, posted } = channel();
  const [first, second] = [calls.call("a", 1), calls.call("b", 2)];
  assert.deepEqual(posted, [[1, "a", 1], [2, "b", 2]]);
  calls.return(2, "two");
  calls.throw(1, { name: "ValueError", message: "bad" });
  assert.deepEqual(await second, { value: "two", buffers: [] });
  await assert.rejects(first, { code: "kernel_error", message: "ValueError: bad" });
});

Deno.test("Channel.return() throws when nobody waits", () => {
  const { channel: calls } = channel();
  void calls.call("a", 1);
  assert.throws(() => calls.return(7, 0), /nobody has asked/);
  calls.return(1, 0);
  assert.throws(() => calls.return(1, 0), /nobody has asked/);
  assert.throws(() => calls.throw(1, { name: "Error", message: "" }), /nobody has asked/);
});

Deno.test("Channel.ask() reports an answer that is none", async () => {
  const { channel: calls, violations } = channel();
  const [good, bad] = [calls.ask("a", 1, Number), calls.ask("b", 2, BigInt as never)];
  const bytes = [new Uint8Array([1])];
  calls.return(1, "3", bytes);
  calls.return(2, "three");
  assert.deepEqual(await good, { value: 3, buffers: bytes });
  await assert.rejects(bad, { code: "protocol_violation" });
  assert.deepEqual(violations, ["it sent a reply that is not in the protocol"]);
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
