import {
  joinLegacyFrame,
  joinV1Frame,
  objectJson,
  splitLegacyFrame,
  splitV1Frame,
} from "../../../../kernel/mod.ts";
import { parseJson } from "../../../http/bounded_json.ts";
import { clientMessage, type JupyterMessage } from "./message.ts";

export { V1_PROTOCOL } from "../../../../kernel/mod.ts";

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

/** The format of `v1.kernel.websocket.jupyter.org`. */
export const v1Format: FrameFormat = {
  encode({ channel, header, parent_header, metadata, content, buffers }) {
    const texts = [
      channel,
      ...[header, parent_header, metadata, content].map((it) => objectJson(it)),
    ];
    return joinV1Frame([...texts.map((it) => encoder.encode(it)), ...buffers]);
  },
  decode(frame) {
    if (typeof frame === "string") throw new Error("the frame has to be binary");
    const [channel, header, parent, metadata, content, ...buffers] = splitV1Frame(frame, V1_PARTS);
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

/** The format without a subprotocol: JSON as text, or with buffers a binary frame of JSON and buffers. */
export const legacyFormat: FrameFormat = {
  encode({ buffers, content, ...message }) {
    const { msg_id, msg_type } = message.header;
    const head = JSON.stringify({ ...message, msg_id, msg_type, buffers: [] });
    const text = `${head.slice(0, -1)},"content":${objectJson(content)}}`;
    if (buffers.length === 0) return text;
    return joinLegacyFrame([encoder.encode(text), ...buffers]);
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
    const [text, ...buffers] = splitLegacyFrame(frame);
    return parsed({ ...Object(fromJson(text!)), buffers });
  },
};

function parsed(value: unknown): JupyterMessage {
  const result = clientMessage.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "the message"}: ${issue?.message}`);
}

function fromJson(bytes: Uint8Array, maxBytes = MAX_JSON_BYTES): unknown {
  if (bytes.length > maxBytes) {
    throw new Error(`the frame has JSON of ${bytes.length} bytes; the most here is ${maxBytes}`);
  }
  return parseJson(decoder.decode(bytes));
}
