import { Hono } from "hono";
import { getMimeType } from "hono/utils/mime";
import { attachment } from "../../http/attachment.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Contents } from "./contents/contents.ts";

/** Scripts of a file run in an origin of their own, which has no access to this server. */
const POLICY = "frame-ancestors 'self'; sandbox allow-scripts";

/** The type of text by Jupyter's clients: they read it as UTF-8. */
const TEXT = "text/plain; charset=UTF-8";

/**
 * The route of the files in the notebook directory as they are: the images of a notebook's texts, and
 * downloads, which have `?download=1`.
 */
export function fileRoutes(contents: Contents) {
  return new Hono<ServerEnv>().get("/files/:path{.+}", async (c) => {
    const { name, size, modified, beginsAsText, stream } = await contents.open(c.req.param("path"));
    if (c.req.query("download")) c.header("Content-Disposition", attachment(name));
    return c.body(stream, 200, {
      "Content-Type": typeOf(name, beginsAsText),
      "Content-Length": String(size),
      "Content-Security-Policy": POLICY,
      "Last-Modified": modified.toUTCString(),
      "Cache-Control": "no-cache",
    });
  });
}

/** Returns the type of a file by its name, or else by its beginning. */
function typeOf(name: string, beginsAsText: boolean): string {
  if (name.toLowerCase().endsWith(".ipynb")) return "application/x-ipynb+json";
  const known = getMimeType(name);
  if (known === undefined) return beginsAsText ? TEXT : "application/octet-stream";
  if (known.startsWith("text/plain")) return TEXT;
  return known.startsWith("text/") ? known : known.replace(/;.*/, "");
}
