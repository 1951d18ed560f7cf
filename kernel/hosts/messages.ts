import { z } from "npm:zod@4.6.7";
import { KERNEL_ERROR_CODES } from "../errors.ts";
import type { ExecuteReply, HostEvent } from "../host.ts";
import { PROTOCOL_VERSION, type WorkerMessage } from "./protocol.ts";

const object = z.record(z.string(), z.unknown());
const text = z.string();
const executionId = { executionId: text.optional() };
const shown = { data: object, metadata: object };
const raised = { ename: text, evalue: text, traceback: z.array(text) };
const display = { ...executionId, ...shown, transient: z.object({ display_id: text.optional() }) };
const comm = {
  ...executionId,
  commId: text,
  ...shown,
  buffers: z.array(z.instanceof(Uint8Array)).default(() => []),
};

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
  z.object({ type: z.literal("comm_open"), targetName: text, ...comm }),
  z.object({ type: z.literal("comm_msg"), ...comm }),
  z.object({ type: z.literal("comm_close"), ...comm }),
]);

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
  memoryBytes: z.int(),
});

const wireError = z.object({
  name: text,
  message: text,
  code: z.enum(KERNEL_ERROR_CODES).optional(),
});

const at = z.int();
const id = z.int();
const workerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ready"),
    version: z.literal(PROTOCOL_VERSION),
    memoryBytes: z.int(),
  }),
  z.object({ type: z.literal("event"), event: z.unknown(), at }),
  z.object({ type: z.literal("return"), id, value: z.unknown(), at }),
  z.object({ type: z.literal("throw"), id, error: wireError }),
  z.object({ type: z.literal("crashed"), reason: text }),
]);

/** Checks an event that Python reported; throws when it is not one. */
export function parseHostEvent(value: unknown): HostEvent {
  return withoutUndefined(hostEvent.parse(value)) as HostEvent;
}

/** Checks the reply to an execution; throws when it is not one. */
export function parseExecuteReply(value: unknown): ExecuteReply {
  return executeReply.parse(value);
}

/** Checks a worker's message; throws when it is not one. */
export function parseWorkerMessage(value: unknown): WorkerMessage {
  return workerMessage.parse(value);
}

/** zod's optional keys may be there but undefined; ours are there or not. */
function withoutUndefined<T extends { executionId?: string | undefined }>(value: T): T {
  if ("executionId" in value && value.executionId === undefined) delete value.executionId;
  return value;
}
