import { z } from "zod";

/** The version of Jupyter's messaging protocol that is spoken here. */
export const PROTOCOL_VERSION = "5.3";

const object = z.record(z.string(), z.unknown());
const text = z.string();

const optionalText = text.nullish().transform((value) => value ?? "");
/** Some clients send seconds since the epoch, which no client can read. */
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
});

/** What is sent over a kernel's channels, as clients send it. */
export const clientMessage = z.object({
  channel: z.enum(["shell", "control", "stdin", "iopub"]).default("shell"),
  header,
  parent_header: object.nullish().transform((value) => value ?? {}),
  metadata: object.nullish().transform((value) => value ?? {}),
  content: object.nullish().transform((value) => value ?? {}),
  buffers: z.array(z.instanceof(Uint8Array)).default(() => []),
});

/** Names a message and says who sent it. */
export type JupyterHeader = z.infer<typeof header>;

/** Where a message belongs. */
export type JupyterChannel = "shell" | "control" | "stdin" | "iopub";

/** One message of Jupyter's protocol. */
export interface JupyterMessage {
  channel: JupyterChannel;
  header: JupyterHeader;
  /** The header of what it is about; empty when it is about nothing. */
  parent_header: JupyterHeader | Record<string, unknown>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What a message says, before it is known whom it answers. */
export interface MessageBody {
  msg_type: string;
  content: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}

/** Makes a kernel's message. */
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
