import { createRoute, z } from "@hono/zod-openapi";
import { Buffer } from "node:buffer";
import { posix } from "node:path";
import { HttpError } from "../../errors/http_error.ts";
import { readForm } from "../../http/form.ts";
import { errors, jsonAnswer } from "../../http/openapi.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import { createRestRouter, parseInput } from "../rest/rest_router.ts";
import { DEFAULT_LANGUAGE } from "./languages.ts";
import type { CodeRunnerSessions } from "./sessions.ts";

const tags = ["CodeRunner"];
const path = z.string("name a path").min(1, "name a path").max(
  4_095,
  "use 4095 characters at most",
);
const session_id = z.string("name the session");

/** Describes a form without zod, which would read the body before its size is checked. */
function formSchema(fields: Record<string, { format?: string; description?: string }>) {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, it]) => [name, { type: "string" as const, ...it }]),
  );
  return { schema: { type: "object" as const, properties } };
}

const upload = createRoute({
  method: "post",
  path: "/upload",
  tags,
  summary: "Write a file of a session",
  request: {
    body: {
      content: {
        "multipart/form-data": formSchema({
          file: { format: "binary" },
          remote_path: {},
          session_id: {},
          recursive: { description: "Has no effect: directories are always made" },
        }),
      },
    },
  },
  responses: {
    200: jsonAnswer(
      z.object({
        status: z.literal("success"),
        filename: z.string(),
        remote_path: z.string(),
        size: z.int(),
      }),
      "The file is written",
    ),
    ...errors(400, 404, 413),
  },
});

const download = createRoute({
  method: "post",
  path: "/download",
  tags,
  summary: "Read a file of a session",
  request: {
    body: {
      content: {
        "application/x-www-form-urlencoded": formSchema({ filename: {}, session_id: {} }),
      },
    },
  },
  responses: {
    200: jsonAnswer(
      z.object({
        status: z.literal("success"),
        filename: z.string(),
        content: z.string().openapi({ description: "In Base64" }),
        size: z.int(),
      }),
      "The file",
    ),
    ...errors(400, 404, 413),
  },
});

/** Options for {@linkcode fileRoutes}. */
export interface FileRoutesInit {
  sessions: CodeRunnerSessions;
  kernels: Kernels;
  /** The largest file, in bytes. */
  maxBytes: number;
}

/** The routes of the files of InstaVM's sessions: those that its Python sees. */
export function fileRoutes({ sessions, kernels, maxBytes }: FileRoutesInit) {
  async function filesOf(sessionId: string) {
    return (await kernels.get(await sessions.kernelFor(sessionId, DEFAULT_LANGUAGE))).files;
  }

  return createRestRouter()
    .openapi(upload, async (c) => {
      const form = await readForm(c.req.raw, maxBytes);
      const { remote_path, session_id } = parseInput(uploadSchema, Object.fromEntries(form));
      const file = form.get("file");
      if (!(file instanceof File)) {
        throw new HttpError(400, "invalid_argument", "Cannot upload: send a file in `file`");
      }
      const files = await filesOf(session_id);
      const target = await files.stat(remote_path).catch(() => undefined);
      const isDirectory = remote_path.endsWith("/") || target?.type === "directory";
      const filename = posix.basename(file.name);
      const written = await files.write(
        isDirectory ? posix.join(remote_path, filename) : remote_path,
        file.stream(),
        { signal: c.req.raw.signal },
      );
      const { path, size } = written;
      return c.json({ status: "success" as const, filename, remote_path: path, size }, 200);
    })
    .openapi(download, async (c) => {
      const form = await readForm(c.req.raw, maxBytes);
      const { filename, session_id } = parseInput(downloadSchema, Object.fromEntries(form));
      const { entry, stream } = await (await filesOf(session_id)).read(filename);
      if (entry.size > maxBytes) {
        await stream.cancel();
        throw new HttpError(
          413,
          "payload_too_large",
          `Cannot download: the file is larger than ${maxBytes} bytes (MAX_UPLOAD_BYTES)`,
        );
      }
      const bytes = await new Response(stream).bytes();
      // InstaVM's client takes an empty text for an answer without content, and passes over line ends.
      const content = Buffer.from(bytes).toString("base64") || "\n";
      const size = bytes.length;
      return c.json({ status: "success" as const, filename, content, size }, 200);
    });
}

const uploadSchema = z.object({ remote_path: path, session_id });
const downloadSchema = z.object({ filename: path, session_id });
