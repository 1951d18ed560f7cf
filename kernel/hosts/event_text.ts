import { messageOf } from "../errors.ts";
import { type JsonBounds, type JsonMembers, splitJsonObject } from "../json_text.ts";

// This module is part of the kernels' own side, which has no packages: it cannot use a schema library.

/**
 * The bounds of one event. Its bundles are passed on as text, so that they may be large: a figure with a
 * million numbers is one value each. Checking this much takes a tenth of a second, and parsing it, for a
 * reader of the values, less than half a second.
 */
const BOUNDS: JsonBounds = { maxDepth: 256, maxNodes: 4_000_000, maxContainers: 1_000_000 };

/** The longest name of anything, in UTF-16 code units: of an execution, a comm, a display, a package. */
export const MAX_NAME_LENGTH = 1_000;
/** The longest prompt of a request for input, in UTF-16 code units. */
export const MAX_PROMPT_LENGTH = 64 * 1024;

/** The longest JSON of a tool's arguments, in UTF-16 code units. */
const MAX_ARGUMENTS_LENGTH = 2 ** 20;

/** The most buffers of one event. */
export const MAX_BUFFERS = 10_000;

/** The longest JSON of members that are short, in UTF-16 code units; an escape takes six for one. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  executionId: 6 * MAX_NAME_LENGTH,
  requestId: 6 * MAX_NAME_LENGTH,
  commId: 6 * MAX_NAME_LENGTH,
  targetName: 6 * MAX_NAME_LENGTH,
  name: 6 * MAX_NAME_LENGTH,
  transient: 7 * MAX_NAME_LENGTH,
  prompt: 6 * MAX_PROMPT_LENGTH,
  arguments: MAX_ARGUMENTS_LENGTH,
};

/** The members that are objects of any content; each is parsed when it is first read. */
export const BUNDLES = ["data", "metadata"] as const;

/** The events that an interpreter may report as JSON; true for those that have bundles. */
const EVENTS: ReadonlyMap<string, boolean> = new Map([
  ["display_data", true],
  ["update_display_data", true],
  ["execute_result", true],
  ["comm_open", true],
  ["comm_msg", true],
  ["comm_close", true],
  ["debug_event", true],
  ["clear_output", false],
  ["execute_input", false],
  ["execute_error", false],
  ["input_request", false],
  ["tool_call", false],
  ["package_progress", false],
]);

/** An event as JSON, taken apart: nothing of it was made into values yet. */
export interface SplitEvent {
  members: JsonMembers;
  hasBundles: boolean;
}

/**
 * Takes an event apart and checks its size, depth, bundles and the number of its buffers, but not the types
 * of its other members.
 *
 * @throws {Error} of one line when it is no event, or one beyond the bounds.
 */
export function splitEvent(json: string, bufferCount: number): SplitEvent {
  if (bufferCount > MAX_BUFFERS) {
    throw new Error(`it has ${bufferCount} buffers, more than ${MAX_BUFFERS}`);
  }
  const members = splitJsonObject(json, BOUNDS);
  const hasBundles = EVENTS.get(textOf(members.get("type")));
  if (hasBundles === undefined) throw new Error("type: there is no such event");
  for (const [name, value] of members) {
    const most = MAX_LENGTHS[name];
    if (most !== undefined && value.length > most) {
      throw new Error(`${name}: Too big: it has ${value.length} characters`);
    }
  }
  for (const name of hasBundles ? BUNDLES : []) {
    if (!members.get(name)?.startsWith("{")) throw new Error(`${name}: it is no object`);
  }
  return { members, hasBundles };
}

/** Returns the notice that stands in the output for an event that cannot be sent. */
export function lostOutput(error: unknown): string {
  return `[An output was left out, because it cannot be sent: ${messageOf(error)}]\n`;
}

/** Returns a short text from its JSON; an empty one when it is none. */
function textOf(json: string | undefined): string {
  const value: unknown = json === undefined || json.length > 100 ? "" : JSON.parse(json);
  return typeof value === "string" ? value : "";
}
