import assert from "node:assert/strict";
import {
  parseCallReply,
  parseExecuteReply,
  parseMessage,
  parsePortEnvelope,
} from "../../../kernel/hosts/messages.ts";

Deno.test("parseExecuteReply() and parseMessage() refuse what is not in the protocol", () => {
  assert.throws(() => parseExecuteReply({ status: "fine" }));
  assert.throws(() => parseMessage({ type: "return", id: "1", value: 0, memoryBytes: 1 }));
  assert.throws(() => parseMessage({ type: "ready", version: 99, memoryBytes: 1 }));
  assert.throws(() => parseMessage({ type: "shutdown" }));
  assert.throws(() => parseMessage({ type: "return", id: 1, value: 0 }));
  assert.throws(() => parseMessage({ type: "exited", reason: "x".repeat(100_000) }));
});

Deno.test("parsePortEnvelope() refuses memory that the sender still shares", () => {
  const bytes = new Uint8Array(3);
  const envelope = { message: { type: "event" }, buffers: [bytes], at: 5 };
  assert.deepEqual(parsePortEnvelope(envelope), envelope);
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  assert.throws(() => parsePortEnvelope({ ...envelope, buffers: [bytes, shared] }), {
    message: /^buffers\.1: /,
  });
  assert.throws(() => parsePortEnvelope({ ...envelope, at: "5" }), { message: /^at: / });
});

Deno.test("parseCallReply() names what is wrong in a reply", () => {
  assert.throws(() => parseCallReply("variables", { variables: 5 }), { message: /^variables: / });
});
