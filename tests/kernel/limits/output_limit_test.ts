import assert from "node:assert/strict";
import type { KernelEvent } from "../../../kernel/mod.ts";
import { outputBytes, OutputLimit } from "../../../kernel/limits/output_limit.ts";

function stream(text: string): KernelEvent {
  return { type: "stream", kernelId: "k", executionId: "e", name: "stdout", text };
}

function display(text: string): KernelEvent {
  const data = { "text/plain": text };
  return { type: "display_data", kernelId: "k", data, metadata: {}, transient: {} };
}

function texts(events: KernelEvent[]): string[] {
  return events.map((event) => event.type === "stream" ? event.text : event.type);
}

const NOTICE = /^\n\[The output is cut here: it is limited to 10 bytes\.\]\n$/;

Deno.test("pass() lets through what fits, and counts it", () => {
  const limit = new OutputLimit(10);
  assert.deepEqual(texts(limit.pass(stream("12345"))), ["12345"]);
  assert.deepEqual(texts(limit.pass(stream("67890"))), ["67890"]);
  assert.deepEqual([limit.produced, limit.dropped], [10, 0]);
});

Deno.test("pass() cuts text where the limit is, says so once and drops the rest", () => {
  const limit = new OutputLimit(10);
  const [kept, notice, ...more] = texts(limit.pass(stream("1234567890abc")));
  assert.equal(kept, "1234567890");
  assert.match(notice!, NOTICE);
  assert.deepEqual(more, []);
  assert.deepEqual(limit.pass(stream("d")), []);
  assert.deepEqual(limit.pass(display("e")), []);
  assert.equal(limit.dropped, 4 + outputBytes(display("e")));
});

Deno.test("pass() cuts between characters", () => {
  const [kept] = texts(new OutputLimit(10).pass(stream("ääääää")));
  assert.equal(kept, "äääää");
  const [shorter] = texts(new OutputLimit(10).pass(stream("a😀😀😀")));
  assert.equal(shorter, "a😀😀");
});

Deno.test("pass() drops a display whole, and nothing comes after a gap", () => {
  const limit = new OutputLimit(10);
  assert.match(texts(limit.pass(display("too long to be shown")))[0]!, NOTICE);
  assert.deepEqual(limit.pass(stream("x")), []);
});

Deno.test("pass() lets through what shows nothing, whatever was dropped", () => {
  const limit = new OutputLimit(0);
  limit.pass(stream("x"));
  const status: KernelEvent = { type: "status", kernelId: "k", status: "idle" };
  assert.deepEqual(limit.pass(status), [status]);
});

Deno.test("notice() tells of what was dropped elsewhere, once until reset()", () => {
  const limit = new OutputLimit(10);
  assert.match(texts(limit.notice({ kernelId: "k" }))[0]!, NOTICE);
  assert.deepEqual(limit.notice({ kernelId: "k" }), []);
  limit.reset();
  assert.equal(limit.notice({ kernelId: "k" }).length, 1);
});

Deno.test("take() and admits() give nothing more once something was dropped", () => {
  const limit = new OutputLimit(10);
  assert.equal(limit.take(4), 4);
  assert.equal(limit.admits(7), false);
  assert.equal(limit.take(1), 0);
  assert.deepEqual([limit.produced, limit.dropped], [12, 8]);
});

Deno.test("outputBytes() counts the bytes of comms, and their names", () => {
  const buffers = [new Uint8Array(100)];
  const event: KernelEvent = {
    type: "comm_msg",
    kernelId: "k",
    commId: "c",
    data: {},
    metadata: {},
    buffers,
  };
  assert.equal(outputBytes(event), 105);
});

Deno.test("OutputLimit.pass() lets no flood of events through that are empty", () => {
  const limit = new OutputLimit(1_000_000);
  let shown = 0;
  for (let n = 0; n < 100_000; n++) {
    const events = limit.pass({ type: "clear_output", kernelId: "k", wait: false });
    shown += events.filter(({ type }) => type === "clear_output").length;
  }
  assert(shown >= 1_000 && shown < 10_000, `${shown}`);
  assert(limit.dropped > 0);
});

Deno.test("OutputLimit.pass() lets no flood of text through that changes between the streams", () => {
  const limit = new OutputLimit(1_000_000);
  let shown = 0;
  for (let n = 0; n < 100_000; n++) {
    const name = n % 2 ? "stderr" : "stdout";
    shown += limit.pass({ ...stream("x"), name } as KernelEvent).length;
  }
  assert(shown >= 1_000 && shown < 10_000, `${shown}`);
  assert(limit.dropped > 0);
});

Deno.test("OutputLimit.pass() counts only the size of text that continues the stream, however often it comes", () => {
  const limit = new OutputLimit(100_000);
  for (let n = 0; n < 100_000; n++) assert.equal(limit.pass(stream("x")).length, 1);
  assert.deepEqual([limit.produced, limit.dropped], [100_000, 0]);
});

Deno.test("OutputLimit.pass() counts each buffer of a flood as an event", () => {
  const limit = new OutputLimit(1_000_000);
  const buffers = Array.from({ length: 10_000 }, () => new Uint8Array());
  const event = { type: "comm_msg", kernelId: "k", commId: "c", data: {}, metadata: {}, buffers };
  assert.match(texts(limit.pass(event as KernelEvent))[0]!, /cut here/);
});

Deno.test("OutputLimit.pass() counts an update once for each output that has it", () => {
  const limit = new OutputLimit(100);
  assert.equal(limit.pass(display("x"), 4).length, 1);
  assert.equal(limit.produced, 4 * outputBytes(display("x")));
  assert.match(texts(limit.pass(display("x"), 4))[0]!, /cut here/);
});
