import { z } from "npm:zod@4.6.7";
import { KERNEL_ERROR_CODES } from "../errors.ts";
import type { CallMethod, CallReplies } from "../calls/methods.ts";
import type { ExecuteReply } from "../cell.ts";
import { parseEvent } from "./event_parser.ts";
import { MAX_BUFFERS } from "./event_text.ts";
import { parse } from "./parse.ts";
import {
  type Envelope,
  type KernelMessage,
  type MessageParsers,
  PROTOCOL_VERSION,
} from "./protocol.ts";

const object = z.record(z.string(), z.unknown());
const text = z.string();
const name = text.max(1_000);
/** Bytes outside of shared memory: the sender could change those while they are being checked. */
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer
);
const shown = { data: object, metadata: object };
const raised = { ename: text, evalue: text, traceback: z.array(text) };

const executeReply = z.object({
  status: z.enum(["ok", "error", "aborted"]),
  executionCount: z.int(),
  result: z.object(shown).nullable(),
  error: z.object(raised).nullable(),
  userExpressions: z.record(
    text,
    z.discriminatedUnion("status", [
      z.object({ status: z.literal("ok"), ...shown }),
      z.object({ status: z.literal("error"), ...raised }),
    ]),
  ),
  payload: z.array(object),
  memoryBytes: z.int().nonnegative().nullable(),
  droppedBytes: z.int().nonnegative(),
});

const wireError = z.object({
  name: text,
  message: text,
  code: z.enum(KERNEL_ERROR_CODES).optional(),
});

const entry = z.object({
  name: text,
  path: text,
  type: z.enum(["file", "directory", "link", "other"]),
  size: z.number(),
  modified: text,
  writable: z.boolean(),
});
const nothing = z.object({});

/** The value that each call may be answered with. */
const callReplies: { [M in CallMethod]: z.ZodType<CallReplies[M]> } = {
  complete: z.object({
    matches: z.array(text),
    cursorStart: z.int(),
    cursorEnd: z.int(),
    metadata: object,
  }),
  inspect: z.object({ found: z.boolean(), ...shown }),
  isComplete: z.object({
    status: z.enum(["complete", "incomplete", "invalid", "unknown"]),
    indent: text,
  }),
  history: z.object({
    history: z.array(
      z.tuple([z.int(), z.int(), z.union([text, z.tuple([text, text.nullable()])])]),
    ),
  }),
  info: z.object({
    implementation: text,
    implementationVersion: text,
    banner: text,
    languageInfo: object,
    supportedFeatures: z.array(text).optional(),
  }),
  commInfo: z.object({ comms: z.record(text, z.object({ targetName: text })) }),
  commOpen: nothing,
  commMsg: nothing,
  commClose: nothing,
  debug: z.object({ response: object }),
  inputReply: z.object({ accepted: z.boolean() }),
  toolReply: z.object({ accepted: z.boolean() }),
  variables: z.object({
    variables: z.array(z.object({
      name: text,
      type: text,
      summary: text,
      bytes: z.number().nullable(),
      length: z.number().nullable(),
      shape: z.array(z.number()).nullable(),
    })),
  }),
  packages: z.object({ packages: z.array(z.object({ name: text, version: text })) }),
  fileStat: entry,
  fileList: z.object({ entries: z.array(entry) }),
  fileRead: nothing,
  fileCreate: z.object({ temporary: text, exists: z.boolean() }),
  fileAppend: nothing,
  fileMakeDirectory: entry,
  fileRename: entry,
  fileRemove: nothing,
  saveImage: nothing,
};

const id = z.int();
const memoryBytes = z.int().nonnegative();
const kernelMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), version: z.literal(PROTOCOL_VERSION), memoryBytes }),
  z.object({ type: z.literal("event") }),
  z.object({
    type: z.literal("stream"),
    name: z.enum(["stdout", "stderr"]),
    executionId: name.optional(),
  }),
  z.object({ type: z.literal("own"), executionId: name.nullable() }),
  z.object({ type: z.literal("return"), id, value: z.unknown(), memoryBytes }),
  z.object({ type: z.literal("throw"), id, error: wireError }),
  z.object({ type: z.literal("call"), id, name, args: z.unknown() }),
  z.object({ type: z.literal("exited"), reason: text.max(10_000) }),
]);

const portEnvelope = z.object({
  message: z.unknown(),
  buffers: z.array(bytes).max(MAX_BUFFERS + 1),
  at: z.int(),
});

/** Checks what came through a worker's port, but not the message in it; throws when it is no envelope. */
export function parsePortEnvelope(value: unknown): Envelope<unknown> & { at: number } {
  return parse(portEnvelope, value);
}

/** Checks the reply to an execution; throws when it is none. */
export function parseExecuteReply(value: unknown): ExecuteReply {
  return parse(executeReply, value);
}

/** Checks the reply to a call; throws when it is none. */
export function parseCallReply<M extends CallMethod>(method: M, value: unknown): CallReplies[M] {
  return parse(callReplies[method], value);
}

/** Checks a message of a kernel, but not the event or value in it; throws when it is none. */
export function parseMessage(value: unknown): KernelMessage {
  return parse(kernelMessage, value);
}

/** Parsers that believe nothing of what a kernel says. */
export const CHECKED: MessageParsers = {
  message: parseMessage,
  event: parseEvent,
  executeReply: parseExecuteReply,
  callReply: parseCallReply,
};
