import { z } from "zod";

/** The version of Jupyter's messaging protocol that this server speaks. */
export const PROTOCOL_VERSION = "5.3";

const object = z.record(z.string(), z.unknown());
/** The most characters of a name or id in a message's header. */
const MAX_NAME = 1_000;
/** The most fields of a message's header. */
const MAX_FIELDS = 50;
/** The most characters of a message's header, all fields together, as the server sends it back. */
const MAX_HEADER = 64 * 1024;

const text = z.string().max(MAX_NAME, `is longer than ${MAX_NAME} characters`);

const optionalText = text.nullish().transform((value) => value ?? "");
/** ISO 8601. Some clients send seconds since the epoch, which other clients cannot read. */
const date = z.union([z.number(), optionalText]).transform((value) =>
  typeof value === "number" ? new Date(value * 1_000).toISOString() : value
);

const header = z.looseObject({
  msg_id: text.min(1),
  msg_type: text.min(1),
  username: optionalText,
  session: optionalText,
  date,
  version: text.default(PROTOCOL_VERSION),
}).refine(isSmall, "the header is too large");

/** Tells whether a header is small enough to be kept and sent back with each message about it. */
function isSmall(value: Record<string, unknown>): boolean {
  return Object.keys(value).length <= MAX_FIELDS && JSON.stringify(value).length <= MAX_HEADER;
}

/** A message as clients send it over a kernel's channels. */
export const clientMessage = z.object({
  channel: z.enum(["shell", "control", "stdin", "iopub"]).default("shell"),
  header,
  parent_header: object.refine(isSmall, "the header is too large").nullish().transform((value) =>
    value ?? {}
  ),
  metadata: object.nullish().transform((value) => value ?? {}),
  content: object.nullish().transform((value) => value ?? {}),
  buffers: z.array(z.instanceof(Uint8Array)).default(() => []),
});

/** The header of a message: names the message, its type and its sender. */
export type JupyterHeader = z.infer<typeof header>;

/** A channel of a kernel. */
export type JupyterChannel = "shell" | "control" | "stdin" | "iopub";

/** One message of Jupyter's protocol. */
export interface JupyterMessage {
  channel: JupyterChannel;
  header: JupyterHeader;
  /** The header of the request that the message is about; empty when it is about none. */
  parent_header: JupyterHeader | Record<string, unknown>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** The type and content of a kernel's message, before its parent is known. */
export interface MessageBody {
  msg_type: string;
  content: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}

/** Makes a kernel's message; `session` names the kernel's side. */
export function createMessage(
  channel: JupyterChannel,
  session: string,
  body: MessageBody,
  parent: JupyterHeader | undefined,
): JupyterMessage {
  return {
    channel,
    header: {
      msg_id: crypto.randomUUID(),
      msg_type: body.msg_type,
      username: "kernel",
      session,
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    },
    parent_header: parent ?? {},
    metadata: body.metadata ?? {},
    content: body.content,
    buffers: body.buffers ?? [],
  };
}
