import { Buffer } from "node:buffer";
import { type JsonBounds, splitJsonObject } from "../../json_text.ts";
import { MAX_BUFFERS } from "../event_text.ts";
import type { Envelope } from "../protocol.ts";

/**
 * The form of messages in a pipe. A frame has the length of the rest and the length of its JSON, 32 bits
 * each, the JSON, and the bytes of the message's buffers, whose lengths the JSON lists.
 */
const LENGTHS_BYTES = 8;

/** The bounds of a message without its buffers, as a process may send it. */
export interface MessageBounds extends JsonBounds {
  /** The JSON of the message, in bytes. */
  maxBytes: number;
  /** The number of the message's buffers. */
  maxBuffers: number;
}

/**
 * The bounds of a message from a kernel. Events and files travel as buffers, so the largest messages are
 * answers: a list of twenty thousand files fits. Any message in the bounds is parsed in less than a tenth
 * of a second.
 */
export const KERNEL_MESSAGE: MessageBounds = {
  maxBytes: 8 * 2 ** 20,
  maxDepth: 256,
  maxNodes: 500_000,
  // The JSON of an event is a buffer, too.
  maxBuffers: MAX_BUFFERS + 1,
};

/** A text of at most this length cannot hold too many values, so its sender need not check it. */
const SURELY_FINE_LENGTH = 256 * 1024;

/**
 * Encodes a message as a frame.
 *
 * @throws {RangeError | SyntaxError} when the message is beyond the bounds.
 */
export function encodeFrame(
  message: object,
  buffers: readonly Uint8Array[] = [],
  bounds?: MessageBounds,
): Uint8Array {
  const lengths = buffers.map(({ byteLength }) => byteLength);
  const text = JSON.stringify({ message, lengths });
  const json = Buffer.from(text);
  if (bounds && text.length > SURELY_FINE_LENGTH) check(text, json.length, bounds);
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

/** Puts frames together from the bytes that arrive. It trusts no length, and throws when one is too large. */
export class FrameDecoder {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #available = 0;
  /** The bytes that have to arrive before the next frame, or its length, can be read. */
  #needed = LENGTHS_BYTES;

  /** `maxBytes` is the largest length that a frame may have. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes, which must not be changed afterwards, and yields the frames that are whole now. */
  *decode(bytes: Uint8Array): Generator<Buffer> {
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
      yield frame;
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

/**
 * Parses a frame into its message, whose shape is unchecked, and its buffers.
 *
 * @throws {Error} when the bytes are not a frame, or the message is beyond the bounds.
 */
export function parseFrame(frame: Buffer, bounds?: MessageBounds): Envelope<unknown> {
  const jsonEnd = LENGTHS_BYTES + frame.readUInt32BE(4);
  if (jsonEnd > frame.length) throw new Error("a message is longer than its frame");
  const text = frame.toString("utf8", LENGTHS_BYTES, jsonEnd);
  if (bounds) check(text, jsonEnd - LENGTHS_BYTES, bounds);
  const { message, lengths } = Object(JSON.parse(text)) as Record<string, unknown>;
  if (!Array.isArray(lengths)) throw new Error("a message has no list of its buffers");
  if (bounds && lengths.length > bounds.maxBuffers) {
    throw new RangeError(`a message has ${lengths.length} buffers, more than ${bounds.maxBuffers}`);
  }
  let at = jsonEnd;
  const buffers = lengths.map((length: unknown) => {
    if (!Number.isInteger(length) || (length as number) < 0) {
      throw new Error("a buffer has no length");
    }
    const buffer = new Uint8Array(frame.subarray(at, at + (length as number)));
    at += length as number;
    return buffer;
  });
  if (at !== frame.length) throw new Error("the buffers of a message do not fill its frame");
  return { message, buffers };
}

function check(text: string, bytes: number, bounds: MessageBounds): void {
  if (bytes > bounds.maxBytes) {
    throw new RangeError(
      `a message of ${bytes} bytes is longer than it may be (${bounds.maxBytes})`,
    );
  }
  splitJsonObject(text, bounds);
}
