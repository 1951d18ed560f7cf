import assert from "node:assert/strict";
import {
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
});
