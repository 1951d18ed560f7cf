import assert from "node:assert/strict";
import {
  encodeFrame,
  FrameDecoder,
  KERNEL_MESSAGE,
  parseFrame,
} from "../../../../kernel/hosts/process/frames.ts";
import type { Envelope } from "../../../../kernel/hosts/protocol.ts";

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

function raw(length: number, jsonLength: number, json: string, rest = ""): Uint8Array {
  const body = new TextEncoder().encode(json + rest);
  const frame = new Uint8Array(8 + body.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length);
  view.setUint32(4, jsonLength);
  frame.set(body, 8);
  return frame;
}

function framed(json: string, rest = ""): Uint8Array {
  return raw(json.length + rest.length, json.length, json, rest);
}

function decode(...chunks: Uint8Array[]): Envelope<unknown>[] {
  const decoder = new FrameDecoder(1_000);
  return chunks.flatMap((chunk) => [...decoder.decode(chunk)].map((frame) => parseFrame(frame)));
}

Deno.test("FrameDecoder gives back what encodeFrame() was given", () => {
  const [frame, ...more] = decode(encodeFrame({ a: "ä\n" }, [bytes(1, 2), bytes(), bytes(3)]));
  assert.deepEqual(frame!.message, { a: "ä\n" });
  assert.deepEqual(frame!.buffers, [bytes(1, 2), bytes(), bytes(3)]);
  assert.deepEqual(more, []);
});

Deno.test("FrameDecoder puts frames together however they arrive", () => {
  const frames = [encodeFrame({ n: 1 }, [bytes(7)]), encodeFrame({ n: 2 }), encodeFrame({ n: 3 })];
  const all = new Uint8Array(frames.flatMap((frame) => [...frame]));
  for (let size = 1; size <= all.length; size++) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
    const decoded = decode(...chunks);
    assert.deepEqual(decoded.map(({ message }) => message), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.deepEqual(decoded[0]!.buffers, [bytes(7)]);
  }
});

for (
  const [what, frame, message] of [
    ["is longer than it may be", raw(1_001, 2, "{}"), /1001 bytes is longer/],
    ["has more JSON than frame", raw(2, 3, "{}"), /longer than its frame/],
    ["is no JSON", framed("{{"), /JSON/],
    ["is no object", framed("5"), /no list of its buffers/],
    ["has no list of its buffers", framed('{"message":1}'), /no list of its buffers/],
    ["has buffers without a length", framed('{"lengths":["x"]}'), /no length/],
    ["has a buffer of a negative length", framed('{"lengths":[-1]}'), /no length/],
    ["has more buffers than bytes", framed('{"lengths":[9]}'), /do not fill/],
    ["has more bytes than buffers", framed('{"lengths":[]}', "x"), /do not fill/],
  ] as const
) {
  Deno.test(`FrameDecoder refuses a frame that ${what}`, () => {
    assert.throws(() => decode(frame), { message });
  });
}

for (
  const [what, message] of [
    ["is longer than it may be", "x".repeat(KERNEL_MESSAGE.maxBytes)],
    ["holds too many values", Array(KERNEL_MESSAGE.maxNodes).fill(0)],
  ] as const
) {
  Deno.test(`encodeFrame() and parseFrame() refuse a message that ${what}`, () => {
    assert.throws(() => encodeFrame({ message }, [], KERNEL_MESSAGE));
    const [frame] = new FrameDecoder(2 ** 30).decode(encodeFrame({ message }));
    assert.throws(() => parseFrame(frame!, KERNEL_MESSAGE));
  });
}

Deno.test("parseFrame() refuses a message that is nested too deep, before it is parsed", () => {
  const json = `{"message":${"[".repeat(100_000)}${"]".repeat(100_000)},"lengths":[]}`;
  const [frame] = new FrameDecoder(2 ** 30).decode(framed(json));
  assert.throws(() => parseFrame(frame!, KERNEL_MESSAGE), /nested deeper/);
});

Deno.test("parseFrame() refuses a message of more buffers than it may have", () => {
  const { maxBuffers } = KERNEL_MESSAGE;
  const frame = (count: number) => {
    const buffers = Array.from({ length: count }, () => new Uint8Array());
    const [whole] = new FrameDecoder(2 ** 30).decode(encodeFrame({ message: {} }, buffers));
    return whole!;
  };
  assert.equal(parseFrame(frame(maxBuffers), KERNEL_MESSAGE).buffers.length, maxBuffers);
  assert.throws(() => parseFrame(frame(maxBuffers + 1), KERNEL_MESSAGE), /buffers, more than/);
});
