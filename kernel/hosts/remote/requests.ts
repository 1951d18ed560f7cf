import type { CallArguments } from "../../calls/methods.ts";
import type { JsonMembers } from "../../json_text.ts";

/** The calls that are messages of Jupyter's protocol with a reply. */
export type AskedCall = "complete" | "inspect" | "isComplete" | "history" | "info" | "commInfo";
/** The calls that are messages without one. */
export type ToldCall = "commOpen" | "commMsg" | "commClose";

/** A call as a message of Jupyter's protocol, and the way back. */
interface Translation<M extends AskedCall> {
  /** The type of the message, without `_request`. */
  type: string;
  content(args: CallArguments[M]): Record<string, unknown>;
  /** Makes the call's value, which is still to be checked, of the reply's content. */
  value(content: Record<string, unknown>): unknown;
}

/** The calls that have a reply. */
export const ASKED: { [M in AskedCall]: Translation<M> } = {
  complete: {
    type: "complete",
    content: ({ code, cursorPos }) => ({ code, cursor_pos: cursorPos }),
    value: ({ matches, cursor_start, cursor_end, metadata }) => ({
      matches,
      cursorStart: cursor_start,
      cursorEnd: cursor_end,
      metadata: metadata ?? {},
    }),
  },
  inspect: {
    type: "inspect",
    content: ({ code, cursorPos, detailLevel }) => ({
      code,
      cursor_pos: cursorPos,
      detail_level: detailLevel,
    }),
    value: ({ found, data, metadata }) => ({ found, data: data ?? {}, metadata: metadata ?? {} }),
  },
  isComplete: {
    type: "is_complete",
    content: ({ code }) => ({ code }),
    value: ({ status, indent }) => ({ status, indent: indent ?? "" }),
  },
  history: {
    type: "history",
    content: ({ accessType, output = false, raw = true, session = 0, ...rest }) => ({
      hist_access_type: accessType,
      output,
      raw,
      session,
      ...rest,
    }),
    value: ({ history }) => ({ history }),
  },
  info: {
    type: "kernel_info",
    content: () => ({}),
    value: ({ implementation, implementation_version, banner, language_info }) => ({
      implementation: implementation ?? "unknown",
      implementationVersion: implementation_version ?? "",
      banner: banner ?? "",
      languageInfo: language_info ?? {},
    }),
  },
  commInfo: {
    type: "comm_info",
    content: ({ targetName }) => targetName === undefined ? {} : { target_name: targetName },
    value: ({ comms }) => ({
      comms: Object.fromEntries(
        Object.entries(comms as Record<string, { target_name: unknown }>).map(([id, comm]) => [
          id,
          { targetName: comm.target_name },
        ]),
      ),
    }),
  },
};

/** The types of the messages without a reply. */
export const TOLD: Record<ToldCall, string> = {
  commOpen: "comm_open",
  commMsg: "comm_msg",
  commClose: "comm_close",
};

/** Returns the content of a comm's message. */
export function commContent(args: CallArguments[ToldCall]): Record<string, unknown> {
  return {
    comm_id: args.commId,
    data: args.data,
    ...("targetName" in args && { target_name: args.targetName }),
  };
}

/** Makes the values of a reply's content, which was checked against the bounds. */
export function valuesOf(content: JsonMembers): Record<string, unknown> {
  return Object.fromEntries([...content].map(([name, json]) => [name, JSON.parse(json)]));
}
