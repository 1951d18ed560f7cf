import assert from "node:assert/strict";
import {
  parseCallReply,
  parseChildEvent,
  parseChildMessage,
  parseExecuteReply,
  parseHostEvent,
  parseWorkerMessage,
} from "../../../kernel/hosts/messages.ts";

Deno.test("parseHostEvent() passes what Python reports", () => {
  const event = { type: "clear_output", executionId: "e", wait: true } as const;
  assert.deepEqual(parseHostEvent(event), event);
  const comm = { type: "comm_close", commId: "c", data: {}, metadata: {} };
  assert.deepEqual(parseHostEvent(comm), { ...comm, buffers: [] });
});

for (
  const forged of [
    null,
    "status",
    { type: "status", status: "dead" },
    { type: "kernel_terminated", reason: "forged" },
    { type: "stream", name: "stdout", text: "x" },
    { type: "execute_result", data: "x", metadata: {}, executionCount: 1 },
    { type: "execute_input", code: "x", executionCount: "1" },
    { type: "execute_error", ename: "E", evalue: "", traceback: "x" },
    { type: "comm_msg", commId: "c", data: {}, metadata: {}, buffers: ["x"] },
  ]
) {
  Deno.test(`parseHostEvent() refuses ${JSON.stringify(forged)}`, () => {
    assert.throws(() => parseHostEvent(forged));
  });
}

Deno.test("parseHostEvent() drops what does not belong to an event, such as a forged kernelId", () => {
  const event = parseHostEvent({ type: "clear_output", wait: false, kernelId: "other" });
  assert.deepEqual(event, { type: "clear_output", wait: false });
});

Deno.test("parseExecuteReply() and parseWorkerMessage() refuse what is not in the protocol", () => {
  assert.throws(() => parseExecuteReply({ status: "fine" }));
  assert.throws(() => parseWorkerMessage({ type: "return", id: "1", value: 0, at: 0 }));
  assert.throws(() => parseWorkerMessage({ type: "ready", version: 99 }));
  assert.throws(() => parseWorkerMessage({ type: "shutdown" }));
  assert.throws(() => parseChildMessage({ type: "return", id: 1, value: 0 }));
  assert.throws(() => parseChildMessage({ type: "exited", reason: "x".repeat(100_000) }));
});

Deno.test("parseChildEvent() passes output, which a worker may not send as an event", () => {
  const event = { type: "stream", name: "stdout", text: "x" } as const;
  assert.deepEqual(parseChildEvent(event), event);
  assert.throws(() => parseChildEvent({ ...event, type: "status" }));
});

Deno.test("parseCallReply() refuses memory that the sender still shares", () => {
  assert.equal(parseCallReply("fileRead", { bytes: new Uint8Array(3) }).bytes.length, 3);
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  assert.throws(() => parseCallReply("fileRead", { bytes: shared }), { message: /^bytes: / });
  assert.throws(() => parseCallReply("variables", { variables: 5 }), { message: /^variables: / });
});
