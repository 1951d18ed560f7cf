import type { ContentBlock } from "@modelcontextprotocol/server";
import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import { bytesOf, contentFields, pathField } from "../files/content.ts";
import { mimeTypeOf } from "../files/mime_type.ts";
import { readPart } from "../files/read_part.ts";
import { withFiles } from "../files/session_files.ts";
import { fileUri } from "../agents/uris.ts";
import { openSession } from "../runs/session_argument.ts";
import { defineTool, type ToolCall } from "../agents/tool.ts";
import type { AgentSession } from "../agents/sessions.ts";

/** The most bytes of one file in one answer: clients refuse messages of more than a mebibyte. */
const MAX_BYTES = 500_000;
/** The most entries of one directory in one answer. */
const MAX_ENTRIES = 1_000;

const input = z.strictObject({
  action: z.enum(["list", "read", "write", "upload", "download", "remove"]).describe(
    "list: a directory; read: a file as text; write: a file from text; upload: a file from Base64; " +
      "download: a file as Base64, or as an image; remove: a file or a directory with its content",
  ),
  path: pathField.default("."),
  session: openSession,
  ...contentFields,
  offset: z.int().min(0).default(0).describe("For read and download: the byte at which to begin"),
  limit: z.int().min(1).max(MAX_BYTES).optional().describe("For read and download: the most bytes"),
});

const entrySchema = z.object({
  path: z.string(),
  type: z.enum(["file", "directory", "link", "other"]),
  size: z.int(),
  modified: z.string(),
});

const output = z.object({
  session: z.string(),
  path: z.string(),
  entries: z.array(entrySchema).optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
  size: z.int().optional().describe("The size of the whole file in bytes"),
  next_offset: z.int().nullable().optional().describe(
    "The offset of what follows; null at the end",
  ),
  uri: z.string().optional(),
});

type Answer = { content: ContentBlock[]; structuredContent: z.infer<typeof output> };
type Args = z.output<typeof input>;

/** Lists, reads, writes and removes the files of a session. */
export const files = defineTool({
  name: "files",
  title: "Files",
  description:
    "Lists, reads, writes, uploads, downloads and removes files of a session: its own, which " +
    "are gone with it, and those of mounted directories. Relative paths begin at the working directory.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  async run(args, call) {
    const { action } = args;
    const session = await call.sessions.open(call.agent, args.session);
    if (action === "list") return await list(args, session, call);
    if (action === "read" || action === "download") return await read(args, session, call);
    if (action === "write" || action === "upload") return await write(args, session, call);
    await withFiles(session, call, (files) => files.remove(args.path, { recursive: true }));
    return {
      content: [{ type: "text", text: `Removed ${args.path}` }],
      structuredContent: { session: session.name, path: args.path },
    };
  },
});

async function list({ path }: Args, session: AgentSession, call: ToolCall): Promise<Answer> {
  const entries = await withFiles(session, call, (files) => files.list(path));
  const shown = entries.slice(0, MAX_ENTRIES);
  const lines = shown.map((it) =>
    it.type === "file" ? `${it.path} (${it.size} bytes)` : `${it.path}/`
  );
  if (shown.length < entries.length) lines.push(`[${entries.length - shown.length} more]`);
  return {
    content: [{ type: "text", text: lines.join("\n") || `${path} is empty` }],
    structuredContent: {
      session: session.name,
      path,
      entries: shown.map(({ path, type, size, modified }) => ({ path, type, size, modified })),
    },
  };
}

async function read(args: Args, session: AgentSession, call: ToolCall): Promise<Answer> {
  const { action, path, offset } = args;
  const { outputCharacters } = call.services.agents;
  const limit = args.limit ?? (action === "read" ? outputCharacters : MAX_BYTES);
  const { entry, bytes } = await withFiles(
    session,
    call,
    (files) => readPart(files, path, { offset, limit }),
  );
  const mimeType = mimeTypeOf(entry.name);
  const end = offset + bytes.length;
  const facts = {
    session: session.name,
    path: entry.path,
    size: entry.size,
    next_offset: end < entry.size ? end : null,
    uri: fileUri(session.name, entry.path),
  };
  const rest = end < entry.size ? `; goes on at offset ${end}` : "";
  const summary = `[${entry.path}: bytes ${offset} to ${end} of ${entry.size}${rest}]`;
  if (action === "read") {
    const text = new TextDecoder().decode(bytes);
    return {
      content: [{ type: "text", text: `${text}\n${summary}` }],
      structuredContent: { ...facts, text },
    };
  }
  const base64 = bytes.toBase64();
  if (/^image\/(png|jpeg|webp|gif)$/.test(mimeType) && offset === 0 && rest === "") {
    // The image is there once: together with the structured form it would be too large for clients.
    return {
      content: [{ type: "image", data: base64, mimeType }, { type: "text", text: summary }],
      structuredContent: facts,
    };
  }
  return { content: [{ type: "text", text: summary }], structuredContent: { ...facts, base64 } };
}

async function write(args: Args, session: AgentSession, call: ToolCall): Promise<Answer> {
  const { path } = args;
  if (path === ".") throw new ServiceError("invalid_argument", "path: name the file to write");
  const bytes = bytesOf(args);
  const entry = await withFiles(session, call, (files) => files.write(path, bytes));
  const uri = fileUri(session.name, entry.path);
  return {
    content: [
      {
        type: "text",
        text: `Wrote ${entry.size} bytes to ${entry.path} in session ${session.name}`,
      },
      { type: "resource_link", uri, name: entry.path, size: entry.size },
    ],
    structuredContent: { session: session.name, path: entry.path, size: entry.size, uri },
  };
}
