import { z } from "npm:zod@4.6.7";
import { KERNEL_ERROR_CODES } from "../errors.ts";
import type { CallMethod, CallReplies, ExecuteReply, HostEvent } from "../host.ts";
import type { MessageParsers } from "./message_parsers.ts";
import { PROTOCOL_VERSION, type WorkerMessage } from "./protocol.ts";

const object = z.record(z.string(), z.unknown());
const text = z.string();
/** Of its own: memory that the sender shares could change while it is looked at. */
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer
);
const executionId = { executionId: text.optional() };
const shown = { data: object, metadata: object };
const raised = { ename: text, evalue: text, traceback: z.array(text) };
const display = { ...executionId, ...shown, transient: z.object({ display_id: text.optional() }) };
const comm = {
  ...executionId,
  commId: text,
  ...shown,
  buffers: z.array(bytes).default(() => []),
};

const stream = z.object({
  type: z.literal("stream"),
  ...executionId,
  name: z.enum(["stdout", "stderr"]),
  text,
});

const hostEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("display_data"), ...display }),
  z.object({ type: z.literal("update_display_data"), ...display }),
  z.object({ type: z.literal("clear_output"), ...executionId, wait: z.boolean() }),
  z.object({
    type: z.literal("execute_input"),
    ...executionId,
    code: text,
    executionCount: z.int(),
  }),
  z.object({
    type: z.literal("execute_result"),
    ...executionId,
    ...shown,
    executionCount: z.int(),
  }),
  z.object({ type: z.literal("execute_error"), ...executionId, ...raised }),
  z.object({
    type: z.literal("input_request"),
    ...executionId,
    requestId: text,
    prompt: text,
    password: z.boolean(),
  }),
  z.object({
    type: z.literal("package_progress"),
    ...executionId,
    name: text,
    bytes: z.int().nullable(),
    done: z.boolean(),
  }),
  z.object({ type: z.literal("comm_open"), targetName: text, ...comm }),
  z.object({ type: z.literal("comm_msg"), ...comm }),
  z.object({ type: z.literal("comm_close"), ...comm }),
]);

const childEvent = z.discriminatedUnion("type", [stream, hostEvent]);

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
  memoryBytes: z.int().nonnegative(),
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

/** What may be answered to each call. */
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
  }),
  commInfo: z.object({ comms: z.record(text, z.object({ targetName: text })) }),
  commOpen: nothing,
  commMsg: nothing,
  commClose: nothing,
  inputReply: z.object({ accepted: z.boolean() }),
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
  fileRead: z.object({ bytes }),
  fileCreate: z.object({ temporary: text, exists: z.boolean() }),
  fileAppend: nothing,
  fileMakeDirectory: entry,
  fileRename: entry,
  fileRemove: nothing,
};

const at = z.int();
const id = z.int();
const memoryBytes = z.int().nonnegative();
const workerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ready"),
    version: z.literal(PROTOCOL_VERSION),
    memoryBytes,
  }),
  z.object({ type: z.literal("event"), event: z.unknown(), at }),
  z.object({ type: z.literal("own"), executionId: text.nullable(), at }),
  z.object({ type: z.literal("return"), id, value: z.unknown(), at }),
  z.object({ type: z.literal("throw"), id, error: wireError }),
  z.object({ type: z.literal("call"), id, args: z.unknown() }),
  z.object({ type: z.literal("crashed"), reason: text }),
]);

const childMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), memoryBytes }),
  z.object({ type: z.literal("event"), event: z.unknown() }),
  z.object({ type: z.literal("return"), id, value: z.unknown(), memoryBytes }),
  z.object({ type: z.literal("throw"), id, error: wireError }),
  z.object({ type: z.literal("call"), id, args: z.unknown() }),
  z.object({ type: z.literal("exited"), reason: text.max(10_000) }),
]);

/** Checks an event that Python reported; throws when it is not one. */
export function parseHostEvent(value: unknown): HostEvent {
  return withoutUndefined(parse(hostEvent, value)) as HostEvent;
}

/** Checks an event that a child process reported, output included; throws when it is not one. */
export function parseChildEvent(value: unknown): HostEvent {
  return withoutUndefined(parse(childEvent, value)) as HostEvent;
}

/** Checks the reply to an execution; throws when it is not one. */
export function parseExecuteReply(value: unknown): ExecuteReply {
  return parse(executeReply, value);
}

/** Checks the reply to a call; throws when it is not one. */
export function parseCallReply<M extends CallMethod>(method: M, value: unknown): CallReplies[M] {
  return parse(callReplies[method], value);
}

/** A child's message before its event or value is looked at. */
export type UncheckedChildMessage = z.infer<typeof childMessage>;

/** Checks a child's message; throws when it is not one. */
export function parseChildMessage(value: unknown): UncheckedChildMessage {
  return parse(childMessage, value);
}

/** Checks a worker's message; throws when it is not one. */
export function parseWorkerMessage(value: unknown): WorkerMessage {
  return parse(workerMessage, value);
}

/** Believes nothing of what a worker says. */
export const CHECKED: MessageParsers = {
  workerMessage: parseWorkerMessage,
  hostEvent: parseHostEvent,
  executeReply: parseExecuteReply,
  callReply: parseCallReply,
};

/** zod's optional keys may be there but undefined; ours are there or not. */
function withoutUndefined<T extends { executionId?: string | undefined }>(value: T): T {
  if ("executionId" in value && value.executionId === undefined) delete value.executionId;
  return value;
}

/** Throws an error of one line, which becomes the reason why a kernel was ended. */
function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "all of it"}: ${issue?.message}`);
}
