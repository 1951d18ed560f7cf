import assert from "node:assert/strict";
import { parseEvent } from "../../../kernel/hosts/event_parser.ts";
import { jsonOfMember } from "../../../kernel/json_members.ts";

function parse(event: unknown, bytes: Uint8Array[] = []) {
  return parseEvent([new TextEncoder().encode(JSON.stringify(event)), ...bytes]);
}

Deno.test("parseEvent() passes what an interpreter reports, with its bytes", () => {
  const event = { type: "clear_output", executionId: "e", wait: true } as const;
  assert.deepEqual(parse(event), event);
  const comm = { type: "comm_close", commId: "c", data: {}, metadata: {} };
  const buffers = [new Uint8Array([1, 2])];
  assert.deepEqual(parse(comm, buffers), { ...comm, buffers });
});

Deno.test("parseEvent() keeps large bundles as the text that they came as", () => {
  const data = `{"text/plain": "\\u0031${"x".repeat(2_000)}"}`;
  const json = `{"type":"display_data","data":${data},"metadata":{},"transient":{}}`;
  const event = parseEvent([new TextEncoder().encode(json)]);
  assert.equal(event.type, "display_data");
  assert.equal(jsonOfMember(event, "data"), data);
  assert.deepEqual(event.data, { "text/plain": `1${"x".repeat(2_000)}` });
  assert.deepEqual(event.metadata, {});
});

const display = { type: "display_data", data: {}, metadata: {}, transient: {} };
const comm = { type: "comm_msg", commId: "c", data: {}, metadata: {} };
const input = { type: "input_request", requestId: "r", prompt: "", password: false };

for (
  const forged of [
    null,
    "status",
    [],
    { type: "status", status: "dead" },
    { type: "kernel_terminated", reason: "forged" },
    { type: "stream", name: "stdout", text: "x" },
    { type: "execute_result", data: "x", metadata: {}, executionCount: 1 },
    { type: "execute_result", data: {}, executionCount: 1 },
    { type: "execute_input", code: "x", executionCount: "1" },
    { type: "execute_error", ename: "E", evalue: "", traceback: "x" },
    { ...comm, data: [] },
    { ...comm, data: null },
  ]
) {
  Deno.test(`parseEvent() refuses ${JSON.stringify(forged)}`, () => {
    assert.throws(() => parse(forged));
  });
}

const long = "x".repeat(3_000_000);
for (
  const [what, event] of Object.entries({
    "an execution's id": { type: "clear_output", wait: false, executionId: long },
    "a display's id": { ...display, transient: { display_id: long } },
    "a comm's id": { ...comm, commId: long },
    "a comm's target": { ...comm, type: "comm_open", targetName: long },
    "a request's id": { ...input, requestId: long },
    "a prompt": { ...input, prompt: long },
    "a package's name": { type: "package_progress", name: long, bytes: null, done: false },
  })
) {
  Deno.test(`parseEvent() refuses ${what} of three million characters`, () => {
    assert.throws(() => parse(event), /Too big/);
  });
}

Deno.test("parseEvent() refuses bundles that are nested or numerous beyond its bounds", () => {
  const nested = `${'{"a":'.repeat(400)}1${"}".repeat(400)}`;
  const flood = `{"a":[${"{},".repeat(4_000_000)}{}]}`;
  for (const data of [nested, flood]) {
    const json = `{"type":"display_data","data":${data},"metadata":{},"transient":{}}`;
    assert.throws(() => parseEvent([new TextEncoder().encode(json)]), SyntaxError);
  }
});

Deno.test("parseEvent() refuses more buffers than an event may have", () => {
  const buffers = Array.from({ length: 10_001 }, () => new Uint8Array());
  assert.throws(() => parse(comm, buffers), /it has 10001 buffers/);
  assert.doesNotThrow(() => parse(comm, buffers.slice(1)));
});

Deno.test("parseEvent() drops what does not belong to an event, such as a forged kernelId", () => {
  const event = parse({ type: "clear_output", wait: false, kernelId: "other" });
  assert.deepEqual(event, { type: "clear_output", wait: false });
  assert.deepEqual(parse({ ...comm, buffers: ["x"] }), { ...comm, buffers: [] });
});

Deno.test("parseEvent() refuses bytes of events that have none", () => {
  assert.throws(() => parse(display, [new Uint8Array(1)]), /bytes/);
  assert.throws(() => parseEvent([]), /no text/);
});
