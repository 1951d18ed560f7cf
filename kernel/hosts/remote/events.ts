import type { HostEvent } from "../../host.ts";
import type { StreamName } from "../../streams.ts";
import type { JsonMembers } from "../../json_text.ts";
import { parseEventText } from "../event_parser.ts";
import { type Incoming, textOf } from "./messages.ts";

/**
 * Turns a message of a kernel's iopub or stdin channel into the event of the same meaning; undefined for
 * a message that tells nothing to a front end.
 *
 * @throws {Error} of one line when its content is not what its type says.
 */
export function eventOf(message: Incoming, executionId: string | undefined): HostEvent | undefined {
  const { type, content, buffers } = message;
  const owner = executionId === undefined ? {} : { executionId };
  if (type === "stream") {
    const name: StreamName = textOf(content, "name") === "stderr" ? "stderr" : "stdout";
    return { type, name, text: textOf(content, "text"), ...owner };
  }
  const members = MEMBERS[type]?.(message);
  if (!members) return undefined;
  const all = {
    type: JSON.stringify(TYPES[type] ?? type),
    ...(executionId !== undefined && { executionId: JSON.stringify(executionId) }),
    ...members,
  };
  const json = Object.entries(all).map(([name, value]) => `"${name}":${value}`).join(",");
  return parseEventText(`{${json}}`, type.startsWith("comm_") ? buffers : []);
}

/** The names of events that Jupyter calls otherwise. */
const TYPES: Readonly<Record<string, string>> = { error: "execute_error" };

/** The members of each event, as JSON. */
const MEMBERS: Readonly<Record<string, (message: Incoming) => Record<string, string>>> = {
  display_data: shown,
  update_display_data: shown,
  execute_result: ({ content }) => ({
    data: given(content, "data", "{}"),
    metadata: objectIn(content.get("metadata")),
    executionCount: given(content, "execution_count", "0"),
  }),
  clear_output: ({ content }) => ({ wait: given(content, "wait", "false") }),
  execute_input: ({ content }) => ({
    code: given(content, "code", '""'),
    executionCount: given(content, "execution_count", "0"),
  }),
  error: ({ content }) => ({
    ename: given(content, "ename", '""'),
    evalue: given(content, "evalue", '""'),
    traceback: given(content, "traceback", "[]"),
  }),
  input_request: ({ id, content }) => ({
    requestId: JSON.stringify(id),
    prompt: given(content, "prompt", '""'),
    password: given(content, "password", "false"),
  }),
  comm_open: (message) => ({
    targetName: given(message.content, "target_name", '""'),
    ...comm(message),
  }),
  comm_msg: comm,
  comm_close: comm,
};

function shown({ content }: Incoming): Record<string, string> {
  const transient = objectIn(content.get("transient"));
  return {
    data: given(content, "data", "{}"),
    metadata: objectIn(content.get("metadata")),
    transient,
  };
}

function comm({ content, metadata }: Incoming): Record<string, string> {
  return {
    commId: given(content, "comm_id", '""'),
    data: objectIn(content.get("data")),
    metadata: objectIn(metadata),
  };
}

/** Returns a member, or what stands for one that a kernel leaves out or sends as null. */
function given(content: JsonMembers, name: string, otherwise: string): string {
  const json = content.get(name);
  return json === undefined || json === "null" ? otherwise : json;
}

/** Kernels send null, or nothing, for an empty object. */
function objectIn(json: string | undefined): string {
  return json?.startsWith("{") ? json : "{}";
}
