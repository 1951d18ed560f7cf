import { Hono } from "hono";
import { getMimeType } from "hono/utils/mime";
import { attachment } from "../../http/attachment.ts";
import { byteRange } from "../../http/byte_range.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Contents } from "./contents/contents.ts";

/** Scripts of a file run in an origin of their own, which has no access to this server. */
const POLICY = "frame-ancestors 'self'; sandbox allow-scripts";

/** The type of text by Jupyter's clients: they read it as UTF-8. */
const TEXT = "text/plain; charset=UTF-8";

/**
 * The route of the files in the notebook directory as they are: the images and videos of a notebook's texts, and
 * downloads, which are notebooks and what is asked for with `?download=1`. A part of a file is sent by its range, as
 * players of videos ask for it.
 */
export function fileRoutes(contents: Contents) {
  return new Hono<ServerEnv>().get("/files/:path{.+}", async (c) => {
    const { name, size, modified, beginsAsText, stream } = await contents.open(c.req.param("path"));
    const lastModified = modified.toUTCString();
    c.header("Content-Security-Policy", POLICY);
    c.header("Last-Modified", lastModified);
    c.header("Cache-Control", "no-cache");
    c.header("Accept-Ranges", "bytes");
    const condition = c.req.header("If-Range");
    const isCurrent = condition === undefined || condition === lastModified;
    // A request for the headers alone has those of the whole file.
    const asked = isCurrent && c.req.method === "GET" ? c.req.header("Range") : undefined;
    const range = byteRange(asked, size);
    if (range === null) return c.body(null, 416, { "Content-Range": `bytes */${size}` });
    if (c.req.query("download") || isNotebook(name)) {
      c.header("Content-Disposition", attachment(name));
    }
    c.header("Content-Type", typeOf(name, beginsAsText));
    const { start, end } = range ?? { start: 0, end: size };
    c.header("Content-Length", String(end - start));
    if (range === undefined) return c.body(stream(start, end));
    return c.body(stream(start, end), 206, {
      "Content-Range": `bytes ${start}-${end - 1}/${size}`,
    });
  });
}

function isNotebook(name: string): boolean {
  return name.toLowerCase().endsWith(".ipynb");
}

/** Returns the type of a file by its name, or else by its beginning. */
function typeOf(name: string, beginsAsText: boolean): string {
  if (isNotebook(name)) return "application/x-ipynb+json";
  const known = getMimeType(name);
  if (known === undefined) return beginsAsText ? TEXT : "application/octet-stream";
  if (known.startsWith("text/plain")) return TEXT;
  return known.startsWith("text/") ? known : known.replace(/;.*/, "");
}
