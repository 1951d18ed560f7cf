import assert from "node:assert/strict";
import {
  parseCallReply,
  parseEvent,
  parseExecuteReply,
  parseMessage,
  parsePortEnvelope,
} from "../../../kernel/hosts/messages.ts";

Deno.test("parseEvent() passes what an interpreter reports, with its bytes", () => {
  const event = { type: "clear_output", executionId: "e", wait: true } as const;
  assert.deepEqual(parseEvent(event, []), event);
  const output = { type: "stream", name: "stdout", text: "x" } as const;
  assert.deepEqual(parseEvent(output, []), output);
  const comm = { type: "comm_close", commId: "c", data: {}, metadata: {} };
  const buffers = [new Uint8Array([1, 2])];
  assert.deepEqual(parseEvent(comm, buffers), { ...comm, buffers });
});

for (
  const forged of [
    null,
    "status",
    { type: "status", status: "dead" },
    { type: "kernel_terminated", reason: "forged" },
    { type: "stream", name: "stdin", text: "x" },
    { type: "execute_result", data: "x", metadata: {}, executionCount: 1 },
    { type: "execute_input", code: "x", executionCount: "1" },
    { type: "execute_error", ename: "E", evalue: "", traceback: "x" },
    { type: "comm_msg", commId: "c", data: [], metadata: {} },
  ]
) {
  Deno.test(`parseEvent() refuses ${JSON.stringify(forged)}`, () => {
    assert.throws(() => parseEvent(forged, []));
  });
}

Deno.test("parseEvent() drops what does not belong to an event, such as a forged kernelId", () => {
  const event = parseEvent({ type: "clear_output", wait: false, kernelId: "other" }, []);
  assert.deepEqual(event, { type: "clear_output", wait: false });
  const comm = { type: "comm_msg", commId: "c", data: {}, metadata: {} };
  assert.deepEqual(parseEvent({ ...comm, buffers: ["x"] }, []), { ...comm, buffers: [] });
});

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
