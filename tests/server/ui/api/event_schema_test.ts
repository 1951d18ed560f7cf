import assert from "node:assert/strict";
import { parseExecutionEvent, parseKernelEvent } from "../../../../server/ui/api/event_schema.ts";

function parse(event: unknown) {
  return parseExecutionEvent(JSON.stringify(event));
}

Deno.test("parseExecutionEvent() keeps the fields that the page uses", () => {
  assert.deepEqual(parse({ type: "stream", seq: 7, kernelId: "k", name: "stdout", text: "a" }), {
    seq: 7,
    event: { type: "stream", name: "stdout", text: "a" },
  });
  assert.deepEqual(parse({ type: "keepalive" }), { seq: undefined, event: { type: "other" } });
  assert.deepEqual(parse({ type: "later", seq: 1 }), { seq: 1, event: { type: "other" } });
});

for (
  const [what, event] of [
    ["an object where text should be", { type: "stream", name: "stdout", text: { toString: 1 } }],
    ["a traceback without lines", { type: "execute_error", ename: "E", evalue: "v", traceback: 1 }],
    ["a bundle that is a list", { type: "display_data", data: ["a"], metadata: {}, transient: {} }],
  ] as const
) {
  Deno.test(`parseExecutionEvent() says that ${what} is unreadable`, () => {
    assert.deepEqual(parse({ ...event, seq: 3 }), { seq: 3, event: { type: "unreadable" } });
  });
}

Deno.test("parseExecutionEvent() takes a line that is not JSON as unreadable", () => {
  assert.deepEqual(parseExecutionEvent("{"), { seq: undefined, event: { type: "unreadable" } });
});

Deno.test("parseExecutionEvent() never misses the end of an execution", () => {
  const { event } = parse({ type: "done", seq: 9, execution: { executionCount: {}, usage: 1 } });
  assert.deepEqual(event, {
    type: "done",
    execution: {
      payload: [],
      status: "lost",
      executionCount: null,
      usage: null,
      error: null,
      kernel: { reason: null },
    },
  });
});

Deno.test("parseExecutionEvent() cuts a prompt that is too long", () => {
  const prompt = "a".repeat(1_000_000);
  const { event } = parse({ type: "input_request", requestId: "r", prompt, password: false });
  assert(event.type === "input_request" && event.prompt.length === 2_000);
});

Deno.test("parseKernelEvent() passes over what the page does not act on", () => {
  assert.deepEqual(parseKernelEvent('{"type":"status","status":"busy","kernelId":"k"}'), {
    type: "status",
    status: "busy",
  });
  for (const text of ["{", "null", '{"type":"status","status":{}}', '{"type":"stream"}']) {
    assert.equal(parseKernelEvent(text), undefined);
  }
});
