import { z } from "npm:zod@4.6.7";
import {
  joinLegacyFrame,
  joinV1Frame,
  splitLegacyFrame,
  splitV1Frame,
} from "../../jupyter_frames.ts";
import { type JsonMembers, splitJsonObject } from "../../json_text.ts";
import { parse } from "../parse.ts";

/** A channel of a kernel. */
export type Channel = "shell" | "control" | "stdin" | "iopub";

/** A message to a kernel. */
export interface Outgoing {
  channel: Channel;
  type: string;
  id: string;
  content: Record<string, unknown>;
  /** The facts beside the content, such as a widget's version of its protocol. @default {} */
  metadata?: unknown;
  buffers: readonly Uint8Array[];
}

/** A message of a kernel. Its content is taken apart, and its values are still text. */
export interface Incoming {
  channel: Channel;
  type: string;
  id: string;
  /** The id of the request that it is about; undefined when it is about none. */
  parentId: string | undefined;
  /** The session of the client that sent that request. */
  parentSession: string | undefined;
  content: JsonMembers;
  metadata: string;
  buffers: Uint8Array<ArrayBuffer>[];
}

/** The version of Jupyter's messaging protocol that the messages follow. */
const PROTOCOL_VERSION = "5.3";
/** The number of parts before the buffers of a frame: channel, header, parent header, metadata and content. */
const V1_PARTS = 5;
/** The bounds of one message: the same as those of an event of a kernel here. */
const BOUNDS = { maxDepth: 256, maxNodes: 4_000_000, maxContainers: 1_000_000 };
const SMALL_BOUNDS = { maxDepth: 16, maxNodes: 1_000 };
const MAX_NAME_LENGTH = 1_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const channel = z.enum(["shell", "control", "stdin", "iopub"]);
const name = z.string().max(MAX_NAME_LENGTH);
const header = z.object({ msg_id: name, msg_type: name });
const parentHeader = z.object({ msg_id: name.optional(), session: name.optional() });

/** Makes the frame of a message; `v1` tells if the server speaks the subprotocol. */
export function encodeMessage(
  { channel, type, id, content, metadata = {}, buffers }: Outgoing,
  session: string,
  v1: boolean,
): string | Uint8Array<ArrayBuffer> {
  const header = {
    msg_id: id,
    msg_type: type,
    username: "",
    session,
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
  const rest = { parent_header: {}, metadata, content };
  if (v1) {
    const texts = [channel, ...[header, {}, metadata, content].map((it) => JSON.stringify(it))];
    return joinV1Frame([...texts.map((text) => encoder.encode(text)), ...buffers]);
  }
  const text = JSON.stringify({ channel, header, ...rest, buffers: [] });
  return buffers.length === 0 ? text : joinLegacyFrame([encoder.encode(text), ...buffers]);
}

/**
 * Takes the frame of a message apart.
 *
 * @throws {Error} naming what is wrong when it is no message, or one beyond the bounds.
 */
export function decodeMessage(frame: string | ArrayBuffer, v1: boolean): Incoming {
  if (v1 && typeof frame !== "string") {
    const [channel, head, parent, metadata, content, ...buffers] = splitV1Frame(frame, V1_PARTS);
    return messageOf({
      channel: decoder.decode(channel),
      header: decoder.decode(head),
      parent: decoder.decode(parent),
      metadata: decoder.decode(metadata),
      content: decoder.decode(content),
      buffers,
    });
  }
  const [text, ...buffers] = typeof frame === "string" ? [frame] : splitLegacyFrame(frame);
  const members = splitJsonObject(typeof text === "string" ? text : decoder.decode(text), BOUNDS);
  return messageOf({
    channel: textOf(members, "channel"),
    header: members.get("header") ?? "{}",
    parent: members.get("parent_header") ?? "{}",
    metadata: members.get("metadata") ?? "{}",
    content: members.get("content") ?? "{}",
    buffers: buffers as Uint8Array<ArrayBuffer>[],
  });
}

/** Returns a member that is a text; "" when it is none. */
export function textOf(members: JsonMembers, name: string): string {
  const json = members.get(name);
  const value: unknown = json?.startsWith('"') ? JSON.parse(json) : undefined;
  return typeof value === "string" ? value : "";
}

function messageOf(parts: {
  channel: string;
  header: string;
  parent: string;
  metadata: string;
  content: string;
  buffers: Uint8Array<ArrayBuffer>[];
}): Incoming {
  const { msg_id, msg_type } = parse(header, small(parts.header));
  // Some kernels send null for "no parent".
  const parent = parse(parentHeader, parts.parent.startsWith("{") ? small(parts.parent) : {});
  return {
    channel: parse(channel, parts.channel),
    type: msg_type,
    id: msg_id,
    parentId: parent.msg_id,
    parentSession: parent.session,
    content: splitJsonObject(parts.content, BOUNDS),
    metadata: parts.metadata,
    buffers: parts.buffers,
  };
}

function small(text: string): unknown {
  splitJsonObject(text, SMALL_BOUNDS);
  return JSON.parse(text);
}
