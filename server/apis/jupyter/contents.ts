import { type Context, Hono } from "hono";
import { z } from "zod";
import type { ServerEnv } from "../../http/env.ts";
import { parseBody } from "../../http/parse_body.ts";
import type { Contents } from "./contents/contents.ts";

const PREFIX = "/api/contents";

const type = z.enum(["directory", "file", "notebook"]);
const readQuery = z.object({
  type: type.optional(),
  format: z.enum(["text", "base64"]).optional(),
  content: z.enum(["0", "1"]).optional(),
  hash: z.enum(["0", "1"]).optional(),
});
const creation = z.object({
  type: type.default("file"),
  ext: z.string().regex(/^\.?[^/\\\0]*$/, "use an extension such as .txt").default(""),
  copy_from: z.string().optional(),
});
const saved = z.object({
  type: type.optional(),
  format: z.enum(["json", "text", "base64"]).nullish(),
  content: z.unknown(),
  chunk: z.int().optional(),
  copy_from: z.string().optional(),
});
const renaming = z.object({ path: z.string().min(1) });

/** The routes of the files in the notebook directory. */
export function contentsRoutes(contents: Contents) {
  const routes = new Hono<ServerEnv>();
  const each = (pattern: string) => [`${PREFIX}${pattern}`, `${PREFIX}/:path{.*}${pattern}`];

  return routes
    .on("GET", each("/checkpoints"), async (c) => c.json(await contents.checkpoints(pathOf(c))))
    .on(
      "POST",
      each("/checkpoints"),
      async (c) => c.json(await contents.checkpoint(pathOf(c)), 201),
    )
    .on("POST", each("/checkpoints/:id"), async (c) => {
      await contents.restore(pathOf(c), c.req.param("id")!);
      return c.body(null, 204);
    })
    .on("DELETE", each("/checkpoints/:id"), async (c) => {
      await contents.forget(pathOf(c), c.req.param("id")!);
      return c.body(null, 204);
    })
    .on("GET", each(""), async (c) => {
      const { content, hash, ...asked } = parseBody(readQuery, c.req.query());
      return c.json(
        await contents.read(pathOf(c), { ...asked, content: content !== "0", hash: hash === "1" }),
      );
    })
    .on("POST", each(""), async (c) => {
      const { copy_from, ...asked } = parseBody(creation, await c.req.json());
      const model = copy_from === undefined
        ? await contents.create(pathOf(c), asked)
        : await contents.copy(copy_from, pathOf(c));
      return c.json(model, 201, { Location: locationOf(model.path) });
    })
    .on("PUT", each(""), async (c) => {
      const path = pathOf(c);
      const { type, ...content } = parseBody(saved, await c.req.json());
      const kind = type ?? (path.endsWith(".ipynb") ? "notebook" : "file");
      const { model, created } = await contents.save(path, { ...content, type: kind });
      return c.json(model, created ? 201 : 200, { Location: locationOf(model.path) });
    })
    .on("PATCH", each(""), async (c) => {
      const { path } = parseBody(renaming, await c.req.json());
      return c.json(await contents.rename(pathOf(c), path), 200, { Location: locationOf(path) });
    })
    .on("DELETE", each(""), async (c) => {
      await contents.remove(pathOf(c));
      return c.body(null, 204);
    });
}

function pathOf(c: Context): string {
  return c.req.param("path") ?? "";
}

function locationOf(path: string): string {
  return `${PREFIX}/${path.split("/").map(encodeURIComponent).join("/")}`;
}
