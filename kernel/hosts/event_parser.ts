import { Buffer } from "node:buffer";
import { z } from "npm:zod@4.6.7";
import type { HostEvent } from "../host.ts";
import { setJsonMember } from "../json_members.ts";
import { BUNDLES, MAX_NAME_LENGTH, MAX_PROMPT_LENGTH, splitEvent } from "./event_text.ts";
import { parse } from "./parse.ts";

/** The length from which a bundle is kept as text, in UTF-16 code units. */
const TEXT_LENGTH = 1_024;

const text = z.string();
const name = text.max(MAX_NAME_LENGTH);
const executionId = { executionId: name.optional() };
const display = { ...executionId, transient: z.object({ display_id: name.optional() }) };
const comm = { ...executionId, commId: name };

/** The members of each event besides its bundles and buffers. */
const header = z.discriminatedUnion("type", [
  z.object({ type: z.literal("display_data"), ...display }),
  z.object({ type: z.literal("update_display_data"), ...display }),
  z.object({ type: z.literal("clear_output"), ...executionId, wait: z.boolean() }),
  z.object({
    type: z.literal("execute_input"),
    ...executionId,
    code: text,
    executionCount: z.int(),
  }),
  z.object({ type: z.literal("execute_result"), ...executionId, executionCount: z.int() }),
  z.object({
    type: z.literal("execute_error"),
    ...executionId,
    ename: text,
    evalue: text,
    traceback: z.array(text),
  }),
  z.object({
    type: z.literal("input_request"),
    ...executionId,
    requestId: name,
    prompt: text.max(MAX_PROMPT_LENGTH),
    password: z.boolean(),
  }),
  z.object({
    type: z.literal("tool_call"),
    ...executionId,
    requestId: name,
    name,
    arguments: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal("package_progress"),
    ...executionId,
    name,
    bytes: z.int().nullable(),
    done: z.boolean(),
  }),
  z.object({ type: z.literal("comm_open"), targetName: name, ...comm }),
  z.object({ type: z.literal("comm_msg"), ...comm }),
  z.object({ type: z.literal("comm_close"), ...comm }),
  z.object({ type: z.literal("debug_event"), ...executionId }),
]);

/**
 * Parses an event as a kernel sends it: the first buffer is its JSON, the others are its bytes, which only
 * the events of comms have.
 *
 * @throws {Error} of one line when it is no event, or one beyond the bounds.
 */
export function parseEvent(buffers: readonly Uint8Array[]): HostEvent {
  const [json, ...bytes] = buffers;
  if (!json) throw new Error("an event has no text");
  const { buffer, byteOffset, byteLength } = json;
  return parseEventText(Buffer.from(buffer, byteOffset, byteLength).toString(), bytes);
}

/** Parses an event whose JSON is a text already; otherwise like {@linkcode parseEvent}. */
export function parseEventText(json: string, bytes: readonly Uint8Array[]): HostEvent {
  const { members, hasBundles } = splitEvent(json, bytes.length);
  const small = [...members].filter(([name]) => !(hasBundles && isBundle(name)));
  const event = withoutUndefined(
    parse(header, Object.fromEntries(small.map(([name, value]) => [name, JSON.parse(value)]))),
  );
  for (const name of hasBundles ? BUNDLES : []) setBundle(event, name, members.get(name)!);
  if (event.type.startsWith("comm_")) Object.assign(event, { buffers: [...bytes] });
  else if (bytes.length > 0) throw new Error("only the events of comms have bytes");
  // The header's schema and the bundles together are the event of that type.
  return event as HostEvent;
}

/** Keeps a bundle as its text, unless it is so short that its value takes less memory than keeping both. */
function setBundle(event: object, name: string, text: string): void {
  if (text.length >= TEXT_LENGTH) setJsonMember(event, name, text);
  else Object.assign(event, { [name]: JSON.parse(text) });
}

function isBundle(name: string): boolean {
  return (BUNDLES as readonly string[]).includes(name);
}

/** Removes an optional key that zod keeps with the value undefined. */
function withoutUndefined<T extends { executionId?: string | undefined }>(value: T): T {
  if ("executionId" in value && value.executionId === undefined) delete value.executionId;
  return value;
}
