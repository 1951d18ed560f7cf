import { objectJson } from "../../../../kernel/mod.ts";
import { parseJson } from "../../../http/bounded_json.ts";
import { clientMessage, type JupyterMessage } from "./message.ts";

/** The subprotocol whose every message is one binary frame of offsets and parts. */
export const V1_PROTOCOL = "v1.kernel.websocket.jupyter.org";

/** The form of messages in websocket frames. */
export interface FrameFormat {
  /** Turns a message into a frame. */
  encode(message: JupyterMessage): string | Uint8Array<ArrayBuffer>;
  /**
   * Turns a frame into a message.
   *
   * @throws {Error} naming what is wrong when the frame is not a message.
   */
  decode(frame: string | ArrayBuffer): JupyterMessage;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The number of parts before the buffers: channel, header, parent header, metadata and content. */
const V1_PARTS = 5;
/** The largest header of a message, in bytes of JSON. */
const MAX_HEADER_BYTES = 64 * 1024;
/** The largest content of a message, in bytes of JSON; a file travels in the buffers. */
const MAX_JSON_BYTES = 10 * 2 ** 20;
/** The most buffers of a message. */
const MAX_BUFFERS = 10_000;
const V1_OFFSET_BYTES = 8;
const LEGACY_OFFSET_BYTES = 4;

/** `v1.kernel.websocket.jupyter.org`: an u64 count, u64 offsets and the parts, little-endian. */
export const v1Format: FrameFormat = {
  encode({ channel, header, parent_header, metadata, content, buffers }) {
    const texts = [
      channel,
      ...[header, parent_header, metadata, content].map((it) => objectJson(it)),
    ];
    const parts = [...texts.map((it) => encoder.encode(it)), ...buffers];
    const head = V1_OFFSET_BYTES * (parts.length + 2);
    const offsets = endsOf(parts, head);
    const frame = joined(parts, head);
    const view = new DataView(frame.buffer);
    // The first part begins at the first offset, and the message ends at the last one.
    [parts.length + 1, head, ...offsets].forEach((value, index) =>
      view.setBigUint64(index * V1_OFFSET_BYTES, BigInt(value), true)
    );
    return frame;
  },
  decode(frame) {
    if (typeof frame === "string") throw new Error("the frame has to be binary");
    const view = new DataView(frame);
    const read = (index: number) => Number(view.getBigUint64(index * V1_OFFSET_BYTES, true));
    if (frame.byteLength < V1_OFFSET_BYTES) throw new Error("the frame is too short");
    const count = read(0);
    if (
      count < V1_PARTS + 1 || count > V1_PARTS + 1 + MAX_BUFFERS ||
      count > frame.byteLength / V1_OFFSET_BYTES - 1
    ) {
      throw new Error("the frame has a wrong number of offsets");
    }
    const offsets = Array.from({ length: count }, (_, index) => read(index + 1));
    const [channel, header, parent, metadata, content, ...buffers] = parts(frame, offsets);
    return parsed({
      channel: decoder.decode(channel),
      header: fromJson(header!, MAX_HEADER_BYTES),
      parent_header: fromJson(parent!, MAX_HEADER_BYTES),
      metadata: fromJson(metadata!),
      content: fromJson(content!),
      buffers,
    });
  },
};

/** Without a subprotocol: JSON as text, or with buffers an u32 count, u32 offsets, JSON and buffers. */
export const legacyFormat: FrameFormat = {
  encode({ buffers, content, ...message }) {
    const { msg_id, msg_type } = message.header;
    const head = JSON.stringify({ ...message, msg_id, msg_type, buffers: [] });
    const text = `${head.slice(0, -1)},"content":${objectJson(content)}}`;
    if (buffers.length === 0) return text;
    const parts = [encoder.encode(text), ...buffers];
    const first = LEGACY_OFFSET_BYTES * (parts.length + 1);
    const starts = [first, ...endsOf(parts, first).slice(0, -1)];
    const frame = joined(parts, first);
    const view = new DataView(frame.buffer);
    [parts.length, ...starts].forEach((value, index) =>
      view.setUint32(index * LEGACY_OFFSET_BYTES, value)
    );
    return frame;
  },
  decode(frame) {
    if (typeof frame === "string") {
      // A Jupyter server in front of this one passes binary frames on as text.
      if (frame.startsWith("\0")) return legacyFormat.decode(encoder.encode(frame).buffer);
      if (frame.length > MAX_JSON_BYTES) {
        throw new Error(`the frame is longer than ${MAX_JSON_BYTES} characters`);
      }
      return parsed({ ...Object(parseJson(frame)), buffers: [] });
    }
    const view = new DataView(frame);
    if (frame.byteLength < LEGACY_OFFSET_BYTES) throw new Error("the frame is too short");
    const count = view.getUint32(0);
    if (
      count < 1 || count > 1 + MAX_BUFFERS ||
      count > frame.byteLength / LEGACY_OFFSET_BYTES - 1
    ) {
      throw new Error("the frame has a wrong number of offsets");
    }
    const starts = Array.from(
      { length: count },
      (_, index) => view.getUint32((index + 1) * LEGACY_OFFSET_BYTES),
    );
    const [text, ...buffers] = parts(frame, [...starts, frame.byteLength]);
    return parsed({ ...Object(fromJson(text!)), buffers });
  },
};

function parsed(value: unknown): JupyterMessage {
  const result = clientMessage.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "the message"}: ${issue?.message}`);
}

/** Returns the bytes between each offset and the next. */
function parts(frame: ArrayBuffer, offsets: number[]): Uint8Array[] {
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

/** Joins the parts, with room for `head` bytes before them. */
function joined(parts: readonly Uint8Array[], head: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(head + parts.reduce((sum, { length }) => sum + length, 0));
  let at = head;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

function fromJson(bytes: Uint8Array, maxBytes = MAX_JSON_BYTES): unknown {
  if (bytes.length > maxBytes) {
    throw new Error(`the frame has JSON of ${bytes.length} bytes; the most here is ${maxBytes}`);
  }
  return parseJson(decoder.decode(bytes));
}
