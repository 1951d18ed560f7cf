/**
 * The two forms in which Jupyter servers put the parts of a message into one websocket frame. The parts
 * are bytes here; their meaning is a matter of the two ends.
 */
import { joinedBytes } from "./joined_bytes.ts";

/** The subprotocol whose every message is one binary frame of offsets and parts. */
export const V1_PROTOCOL = "v1.kernel.websocket.jupyter.org";

/** The most parts of a frame: a message has up to five, and its buffers. */
const MAX_PARTS = 10_005;
const V1_OFFSET_BYTES = 8;
const LEGACY_OFFSET_BYTES = 4;

/** Joins parts as `v1.kernel.websocket.jupyter.org` does: an u64 count, u64 offsets, the parts, little-endian. */
export function joinV1Frame(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = V1_OFFSET_BYTES * (parts.length + 2);
  const offsets = endsOf(parts, head);
  const frame = joinedBytes([new Uint8Array(head), ...parts]);
  const view = new DataView(frame.buffer);
  // The first part begins at the first offset, and the message ends at the last one.
  [parts.length + 1, head, ...offsets].forEach((value, index) =>
    view.setBigUint64(index * V1_OFFSET_BYTES, BigInt(value), true)
  );
  return frame;
}

/**
 * Splits what {@linkcode joinV1Frame} has joined, which are at least `minParts`.
 *
 * @throws {Error} naming what is wrong with the frame.
 */
export function splitV1Frame(frame: ArrayBuffer, minParts: number): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(frame);
  const read = (index: number) => Number(view.getBigUint64(index * V1_OFFSET_BYTES, true));
  if (frame.byteLength < V1_OFFSET_BYTES) throw new Error("the frame is too short");
  const count = read(0);
  if (
    count < minParts + 1 || count > MAX_PARTS + 1 || count > frame.byteLength / V1_OFFSET_BYTES - 1
  ) {
    throw new Error("the frame has a wrong number of offsets");
  }
  return cut(frame, Array.from({ length: count }, (_, index) => read(index + 1)));
}

/** Joins parts as servers do without a subprotocol: an u32 count, u32 offsets and the parts, big-endian. */
export function joinLegacyFrame(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = LEGACY_OFFSET_BYTES * (parts.length + 1);
  const starts = [head, ...endsOf(parts, head).slice(0, -1)];
  const frame = joinedBytes([new Uint8Array(head), ...parts]);
  const view = new DataView(frame.buffer);
  [parts.length, ...starts].forEach((value, index) =>
    view.setUint32(index * LEGACY_OFFSET_BYTES, value)
  );
  return frame;
}

/**
 * Splits what {@linkcode joinLegacyFrame} has joined; there is at least one part.
 *
 * @throws {Error} naming what is wrong with the frame.
 */
export function splitLegacyFrame(frame: ArrayBuffer): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(frame);
  if (frame.byteLength < LEGACY_OFFSET_BYTES) throw new Error("the frame is too short");
  const count = view.getUint32(0);
  if (count < 1 || count > MAX_PARTS || count > frame.byteLength / LEGACY_OFFSET_BYTES - 1) {
    throw new Error("the frame has a wrong number of offsets");
  }
  const starts = Array.from(
    { length: count },
    (_, index) => view.getUint32((index + 1) * LEGACY_OFFSET_BYTES),
  );
  return cut(frame, [...starts, frame.byteLength]);
}

/** Returns the bytes between each offset and the next. */
function cut(frame: ArrayBuffer, offsets: readonly number[]): Uint8Array<ArrayBuffer>[] {
  return offsets.slice(0, -1).map((start, index) => {
    const end = offsets[index + 1]!;
    if (start > end || end > frame.byteLength) throw new Error("the frame has a wrong offset");
    return new Uint8Array(frame, start, end - start);
  });
}

/** Returns the end of each part when the first begins at `head`. */
function endsOf(parts: readonly Uint8Array[], head: number): number[] {
  let end = head;
  return parts.map(({ length }) => end += length);
}
