import { Buffer } from "node:buffer";
import type { Envelope } from "../protocol.ts";

/**
 * The form of messages in a pipe. A frame has the length of the rest and the length of its JSON, 32 bits
 * each, the JSON, and the bytes of the message's buffers, whose lengths the JSON lists.
 */
const LENGTHS_BYTES = 8;

/** Encodes a message as a frame. */
export function encodeFrame(message: object, buffers: readonly Uint8Array[] = []): Uint8Array {
  const lengths = buffers.map(({ byteLength }) => byteLength);
  const json = Buffer.from(JSON.stringify([message, lengths]));
  const frame = Buffer.allocUnsafe(
    LENGTHS_BYTES + json.length + lengths.reduce((sum, length) => sum + length, 0),
  );
  frame.writeUInt32BE(frame.length - LENGTHS_BYTES, 0);
  frame.writeUInt32BE(json.length, 4);
  json.copy(frame, LENGTHS_BYTES);
  let at = LENGTHS_BYTES + json.length;
  for (const buffer of buffers) {
    frame.set(buffer, at);
    at += buffer.byteLength;
  }
  return frame;
}

/** Puts frames together from the bytes that arrive. It trusts no number, and throws when one is wrong. */
export class FrameDecoder {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #available = 0;
  /** The number of bytes that are needed to go on. */
  #needed = LENGTHS_BYTES;

  /** Frames may have `maxBytes` each. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes bytes, which must not be changed afterwards, and yields the messages whose frames are whole now.
   * Nobody has checked the messages.
   */
  *decode(bytes: Uint8Array): Generator<Envelope<unknown>> {
    this.#chunks.push(bytes);
    this.#available += bytes.length;
    while (this.#available >= this.#needed) {
      const data = this.#joined();
      const length = data.readUInt32BE(0);
      if (length > this.#maxBytes) {
        throw new Error(`a message of ${length} bytes is longer than it may be`);
      }
      this.#needed = LENGTHS_BYTES + length;
      if (data.length < this.#needed) return;
      const frame = data.subarray(0, this.#needed);
      this.#chunks = [data.subarray(this.#needed)];
      this.#available = data.length - this.#needed;
      this.#needed = LENGTHS_BYTES;
      yield parseFrame(frame);
    }
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const joined = this.#chunks.length === 1
      ? Buffer.from(first!.buffer, first!.byteOffset, first!.byteLength)
      : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

function parseFrame(frame: Buffer): Envelope<unknown> {
  const jsonEnd = LENGTHS_BYTES + frame.readUInt32BE(4);
  if (jsonEnd > frame.length) throw new Error("a message is longer than its frame");
  const parsed: unknown = JSON.parse(frame.toString("utf8", LENGTHS_BYTES, jsonEnd));
  const [message, lengths] = Array.isArray(parsed) ? parsed : [];
  if (!Array.isArray(lengths)) throw new Error("a message has no list of its buffers");
  let at = jsonEnd;
  const buffers = lengths.map((length: unknown) => {
    if (!Number.isInteger(length) || (length as number) < 0) {
      throw new Error("a buffer has no length");
    }
    const buffer = Uint8Array.from(frame.subarray(at, at + (length as number)));
    at += length as number;
    return buffer;
  });
  if (at !== frame.length) throw new Error("the buffers of a message do not fill its frame");
  return { message, buffers };
}
