import { createRoute, z } from "@hono/zod-openapi";
import { posix } from "node:path";
import { HttpError } from "../../errors/http_error.ts";
import { fileEntrySchema, fileListingSchema } from "./schemas/file.ts";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  kernelPath,
} from "../../http/openapi.ts";
import { attachment } from "../../http/attachment.ts";
import type { KernelHandle } from "../../services/kernels/handle.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

const tags = ["Files"];
/** The longest path on Linux. */
const MAX_PATH_LENGTH = 4_095;
/** The deepest path; a kernel takes most of a minute to make two thousand directories in each other. */
const MAX_PATH_PARTS = 500;
const path = z.string().min(1, "name a path inside the kernel").max(
  MAX_PATH_LENGTH,
  `use at most ${MAX_PATH_LENGTH} characters`,
).refine(
  (path) => path.split("/").length <= MAX_PATH_PARTS,
  `use at most ${MAX_PATH_PARTS} names in one path`,
).openapi({
  description: "A path inside the kernel, absolute or from its working directory",
  example: "data/measurements.csv",
});
const bytes = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };

const list = createRoute({
  method: "get",
  path: "/api/kernels/{id}/files",
  tags,
  summary: "Show a file, or a directory with its entries",
  request: { params: kernelPath, query: z.object({ path: path.default(".") }) },
  responses: {
    200: jsonAnswer(fileListingSchema, "The file or directory"),
    ...errors(403, 404, 409),
  },
});

const download = createRoute({
  method: "get",
  path: "/api/kernels/{id}/files/content",
  tags,
  summary: "Download a file",
  request: { params: kernelPath, query: z.object({ path }) },
  responses: {
    200: { description: "The bytes of the file", content: bytes },
    ...errors(400, 403, 404, 409),
  },
});

const write = createRoute({
  method: "put",
  path: "/api/kernels/{id}/files/content",
  tags,
  summary: "Write a file; the body is its content",
  request: { params: kernelPath, query: z.object({ path }), body: { content: bytes } },
  responses: {
    200: jsonAnswer(fileEntrySchema, "The file replaces another"),
    201: jsonAnswer(fileEntrySchema, "The file is new"),
    ...errors(400, 403, 404, 409, 413),
  },
});

const upload = createRoute({
  method: "post",
  path: "/api/kernels/{id}/files/upload",
  tags,
  summary: "Write files into a directory, as an HTML form sends them",
  request: {
    params: kernelPath,
    query: z.object({ path: path.default(".") }),
    body: {
      content: {
        "multipart/form-data": {
          // Described without zod, which would read the body before its size is checked.
          schema: {
            type: "object",
            properties: { file: { type: "string", format: "binary" } },
          },
        },
      },
    },
  },
  responses: {
    201: jsonAnswer(z.object({ files: z.array(fileEntrySchema) }), "The files that were written"),
    ...errors(400, 403, 404, 409, 413),
  },
});

const create = createRoute({
  method: "post",
  path: "/api/kernels/{id}/files",
  tags,
  summary: "Make a directory",
  request: {
    params: kernelPath,
    body: jsonBody(z.strictObject({ path, type: z.literal("directory") })),
  },
  responses: {
    201: jsonAnswer(fileEntrySchema, "The directory exists"),
    ...errors(400, 403, 404, 409),
  },
});

const rename = createRoute({
  method: "patch",
  path: "/api/kernels/{id}/files",
  tags,
  summary: "Rename or move a file or directory",
  request: {
    params: kernelPath,
    query: z.object({ path }),
    body: jsonBody(z.strictObject({ path })),
  },
  responses: {
    200: jsonAnswer(fileEntrySchema, "The file or directory under its new path"),
    ...errors(400, 403, 404, 409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/api/kernels/{id}/files",
  tags,
  summary: "Remove a file or directory",
  request: {
    params: kernelPath,
    query: z.object({ path, recursive: z.enum(["true", "false"]).default("false") }),
  },
  responses: {
    204: emptyAnswer("The file or directory is removed"),
    ...errors(400, 403, 404, 409),
  },
});

/** The routes of the files that a kernel sees: its own, and those of its mounts. */
export function fileRoutes(kernels: Kernels, maxUploadBytes: number) {
  async function filesOf(id: string): Promise<KernelHandle["files"]> {
    return (await kernels.get(id)).files;
  }

  return createRouter()
    .openapi(list, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      const entry = await files.stat(c.req.valid("query").path);
      if (entry.type !== "directory") return c.json(entry, 200);
      return c.json({ ...entry, entries: await files.list(entry.path) }, 200);
    })
    .openapi(download, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      const { entry, stream } = await files.read(c.req.valid("query").path);
      // Keeps browsers from showing the file as a page of this server.
      return c.body(stream, 200, {
        "Content-Type": "application/octet-stream",
        "Content-Length": String(entry.size),
        "Content-Disposition": attachment(entry.name),
        "Cache-Control": "no-store",
      });
    })
    .openapi(write, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      refuseTooLong(Number(c.req.header("Content-Length") ?? 0), maxUploadBytes);
      const { body, signal } = c.req.raw;
      const content = body ? limited(body, maxUploadBytes) : new Uint8Array();
      const { created, ...entry } = await files.write(c.req.valid("query").path, content, {
        signal,
      });
      return c.json(entry, created ? 201 : 200);
    })
    .openapi(upload, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      const directory = c.req.valid("query").path;
      const written = [];
      for (const file of await formFiles(c.req.raw, maxUploadBytes)) {
        const path = posix.join(directory, posix.basename(file.name));
        const { created: _, ...entry } = await files.write(path, file.stream(), {
          signal: c.req.raw.signal,
        });
        written.push(entry);
      }
      return c.json({ files: written }, 201);
    })
    .openapi(create, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      return c.json(await files.makeDirectory(c.req.valid("json").path), 201);
    })
    .openapi(rename, async (c) => {
      const files = await filesOf(c.req.valid("param").id);
      return c.json(
        await files.rename(c.req.valid("query").path, c.req.valid("json").path),
        200,
      );
    })
    .openapi(remove, async (c) => {
      const { path, recursive } = c.req.valid("query");
      const files = await filesOf(c.req.valid("param").id);
      await files.remove(path, { recursive: recursive === "true" });
      return c.body(null, 204);
    });
}

/** Reads the files of a form. A form is read as a whole: the limit of one upload is that of the form. */
async function formFiles(request: Request, maxBytes: number): Promise<File[]> {
  refuseTooLong(Number(request.headers.get("Content-Length") ?? Infinity), maxBytes);
  const form = await request.formData().catch((cause) => {
    throw new HttpError(400, "invalid_argument", `Cannot read the form: ${cause.message}`, {
      cause,
    });
  });
  const files = [...form.values()].filter((value) => value instanceof File);
  if (files.length > 0) return files;
  throw new HttpError(
    400,
    "invalid_argument",
    'Cannot upload: the form has no file; send one in a field such as "file"',
  );
}

function refuseTooLong(length: number, maxBytes: number): void {
  if (length <= maxBytes) return;
  if (length === Infinity) {
    throw new HttpError(411, "length_required", "Cannot upload: send a Content-Length");
  }
  throw tooLarge(maxBytes);
}

/** Returns a body that fails once it is longer than the limit, whatever its Content-Length said. */
function limited(body: ReadableStream<Uint8Array>, maxBytes: number): ReadableStream<Uint8Array> {
  let length = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.length;
        if (length > maxBytes) throw tooLarge(maxBytes);
        controller.enqueue(chunk);
      },
    }),
  );
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(
    413,
    "payload_too_large",
    `Cannot upload: the body is larger than ${maxBytes} bytes (MAX_UPLOAD_BYTES)`,
  );
}
