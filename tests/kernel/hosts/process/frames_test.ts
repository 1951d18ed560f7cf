import assert from "node:assert/strict";
import { encodeFrame, FrameDecoder } from "../../../../kernel/hosts/process/frames.ts";
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

function decode(...chunks: Uint8Array[]): Envelope<unknown>[] {
  const decoder = new FrameDecoder(1_000);
  return chunks.flatMap((chunk) => [...decoder.decode(chunk)]);
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
    ["is longer than it may be", raw(1_001, 2, "[]"), /1001 bytes is longer/],
    ["has more JSON than frame", raw(2, 3, "[]"), /longer than its frame/],
    ["is no JSON", raw(2, 2, "[["), /JSON/],
    ["is no pair", raw(2, 2, "{}"), /no list of its buffers/],
    ["has buffers without a length", raw(8, 8, '[1,["x"]]'.slice(0, 8)), /JSON/],
    ["has a buffer of a negative length", raw(8, 8, "[1,[-1]]"), /no length/],
    ["has more buffers than bytes", raw(7, 7, "[1,[9]]"), /do not fill/],
    ["has more bytes than buffers", raw(7, 6, "[1,[]]", "x"), /do not fill/],
  ] as const
) {
  Deno.test(`FrameDecoder refuses a frame that ${what}`, () => {
    assert.throws(() => decode(frame), { message });
  });
}
