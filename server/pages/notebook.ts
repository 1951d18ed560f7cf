import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import { serveStatic } from "hono/deno";
import { etag } from "hono/etag";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerEnv } from "../http/env.ts";
import { HttpError } from "../errors/http_error.ts";

/** The page's policy: scripts are the bundle's own, the editor's style sheets carry the nonce. */
function pagePolicy(nonce: string): string {
  return "default-src 'none'; script-src 'self'; " +
    `style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; ` +
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

/**
 * The policy of outputs. They may run scripts, as in other notebooks, in an origin of their own that has
 * no access to the page, to its cookies or to any network.
 */
const FRAME_POLICY = "sandbox allow-scripts; default-src 'none'; " +
  "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; " +
  "font-src data:; media-src data: blob:; frame-ancestors 'self'";

/**
 * Forbids the frame, and the documents inside it, every connection, WebRTC and early DNS look-ups
 * included. Chromium knows the header; a browser that does not ignores it.
 */
const FRAME_CONNECTIONS = "()";

/** Answers with the web notebook, which shows what its path names. */
export async function pageAnswer(c: Context<ServerEnv>, directory: string): Promise<Response> {
  const nonce = crypto.getRandomValues(new Uint8Array(16)).toBase64();
  const html = await readFile(join(directory, "index.html"), "utf8").catch((cause) => {
    throw new HttpError(
      500,
      "page_not_built",
      "The notebook page has not been built: run ./setup.sh",
      { cause },
    );
  });
  return c.html(html.replaceAll("{{nonce}}", nonce), 200, {
    "Content-Security-Policy": pagePolicy(nonce),
    "Cache-Control": "no-store",
  });
}

/** The routes of the web notebook, from the directory that the set-up builds. */
export function notebookPageRoutes(directory: string) {
  return new Hono<ServerEnv>()
    // Editors request "/tree" and "/lab" to learn whether a Jupyter server lets them in.
    .on("GET", ["/", "/tree", "/lab", "/view/:path{.+}"], (c) => pageAnswer(c, directory))
    // Outside of `etag()`: a browser takes the headers of an answer 304 as well.
    .use("/ui/frame.html", async (c, next) => {
      await next();
      c.header("Content-Security-Policy", FRAME_POLICY);
      c.header("Connection-Allowlist", FRAME_CONNECTIONS);
    })
    .use("/ui/*", compress(), etag())
    .get(
      "/ui/*",
      serveStatic({
        root: directory,
        rewriteRequestPath: (path) => path.replace(/^\/ui\//, "/"),
        // A browser asks each time, and gets 304 as long as the file is the same.
        onFound: (_path, c) => c.header("Cache-Control", "no-cache"),
      }),
    )
    .get("/favicon.ico", (c) => c.redirect("/ui/favicon.svg", 301));
}
