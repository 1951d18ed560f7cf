import { type Context, Hono } from "hono";
import { HttpError } from "../../errors/http_error.ts";
import { attachment } from "../../http/attachment.ts";
import { bounded } from "../../http/bounded_body.ts";
import type { ServerEnv } from "../../http/env.ts";
import { parseForm } from "../../http/form.ts";
import { parseBody } from "../../http/parse_body.ts";
import type { Services } from "../../services/mod.ts";
import type { Sandbox } from "../../services/sandboxes/sandbox.ts";
import type { Sandboxes } from "../../services/sandboxes/sandboxes.ts";
import { enter, enterSigned, type SignedOperation } from "./door.ts";
import type { Files } from "./entries.ts";
import { answerFailures, numericError } from "./errors.ts";
import { pathSchema } from "./paths.ts";

/** The most files in one form. */
const MAX_FILES = 1_000;

/** The routes of a sandbox's files: each call carries the sandbox's token, or its URL a signature. */
export function fileRoutes({ sandboxes, facts }: Services): Hono<ServerEnv> {
  const router = new Hono<ServerEnv>();
  answerFailures(router, numericError);
  router.get("/files", async (c) => {
    return await download(c, entered(c, sandboxes, "read"));
  });
  router.post("/files", async (c) => {
    return await upload(c, entered(c, sandboxes, "write"), facts.limits.maxUploadBytes);
  });
  return router;
}

function entered(c: Context, sandboxes: Sandboxes, operation: SignedOperation): Sandbox {
  return c.req.query("signature") === undefined
    ? enter(c, sandboxes, "files")
    : enterSigned(c, sandboxes, operation);
}

async function download(c: Context, sandbox: Sandbox): Promise<Response> {
  const path = parseBody(pathSchema, c.req.query("path") ?? "");
  const { entry, stream } = await (await sandbox.files()).read(path);
  return c.body(stream, 200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": String(entry.size),
    "Content-Disposition": attachment(entry.name),
    "Cache-Control": "no-store",
  });
}

async function upload(c: Context, sandbox: Sandbox, maxBytes: number): Promise<Response> {
  const files = await sandbox.files();
  const { headers, signal } = c.req.raw;
  const path = c.req.query("path");
  const content = decodedBody(c.req.raw, maxBytes);
  const write = async (path: string, content: ReadableStream<Uint8Array> | Uint8Array) => {
    const written = await files.write(parseBody(pathSchema, path), content, { signal });
    return { name: written.name, type: "file", path: written.path };
  };
  if (!headers.get("Content-Type")?.startsWith("multipart/form-data")) {
    return c.json([await write(path ?? "", content)]);
  }
  const written = [];
  for (const file of await formFiles(content, headers)) {
    written.push(await write(path ?? file.name, file.stream()));
  }
  return c.json(written);
}

/** Returns a request's body without its compression; `maxBytes` bounds what was sent and what is in it. */
function decodedBody({ body, headers }: Request, maxBytes: number): ReadableStream<Uint8Array> {
  const sent = bounded(body ?? new Blob([]).stream(), maxBytes);
  const encoding = headers.get("Content-Encoding") ?? "identity";
  if (encoding === "identity") return sent;
  if (encoding !== "gzip") {
    throw new HttpError(400, "invalid_argument", `Cannot read the body: it is "${encoding}"`);
  }
  const bytes = sent as ReadableStream<Uint8Array<ArrayBuffer>>;
  return bounded(bytes.pipeThrough(new DecompressionStream("gzip")), maxBytes);
}

async function formFiles(body: ReadableStream<Uint8Array>, headers: Headers): Promise<File[]> {
  const form = await parseForm(
    await new Response(body).bytes(),
    headers.get("Content-Type") ?? "",
  );
  const files = form.getAll("file").filter((it) => it instanceof File);
  if (files.length > 0 && files.length <= MAX_FILES) return files;
  throw new HttpError(
    400,
    "invalid_argument",
    `Cannot upload: send 1 to ${MAX_FILES} files in the field "file"`,
  );
}

/** Renames a file or directory; a file replaces the one that has the new name. */
export async function move(files: Files, from: string, to: string) {
  const source = await files.stat(from);
  const present = await files.stat(to).catch(() => undefined);
  if (source.path === present?.path) return source;
  if (source.type !== "file" || present?.type !== "file") return await files.rename(from, to);
  // It comes back when its successor cannot take its place.
  const aside = await files.rename(to, `${to}.${crypto.randomUUID()}`);
  try {
    const moved = await files.rename(from, to);
    await files.remove(aside.path);
    return moved;
  } catch (error) {
    await files.rename(aside.path, to);
    throw error;
  }
}
