import { Hono } from "hono";
import { readFile } from "node:fs/promises";
import type { ServerEnv } from "../../http/env.ts";
import { HttpError } from "../../errors/http_error.ts";
import { DEFAULT_KIND, type KernelKind, type KernelKinds } from "../../services/kernels/kinds.ts";

/** The languages whose kernels have a debugger. */
const DEBUGGED: ReadonlySet<string> = new Set(["python"]);

const LOGO = new URL("./logo.svg", import.meta.url);

/** The routes of the kinds of kernels, which Jupyter calls kernelspecs, and of their logos. */
export function kernelspecRoutes(kinds: KernelKinds) {
  function find(name: string): KernelKind {
    const kind = kinds.get(name);
    if (!kind) throw new HttpError(404, "not_found", `There is no kernel "${name}"`);
    return kind;
  }

  return new Hono<ServerEnv>()
    .get("/api/kernelspecs", (c) => {
      const kernelspecs = Object.fromEntries(kinds.list().map((it) => [it.name, specModel(it)]));
      return c.json({ default: DEFAULT_KIND, kernelspecs });
    })
    .get("/api/kernelspecs/:name", (c) => c.json(specModel(find(c.req.param("name")))))
    .get("/kernelspecs/:name/:file", async (c) => {
      find(c.req.param("name"));
      if (c.req.param("file") !== "logo-svg.svg") return c.notFound();
      return c.body(await readFile(LOGO, "utf8"), 200, {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "max-age=3600",
      });
    });
}

/** Describes a kind of kernel in the form that Jupyter's clients read. */
function specModel({ name, displayName, language, options }: KernelKind) {
  return {
    name,
    spec: {
      // The command line is empty: only this server starts its kernels.
      argv: [] as string[],
      env: {},
      display_name: displayName,
      language,
      interrupt_mode: "message",
      metadata: { mode: options.mode, debugger: DEBUGGED.has(language) },
    },
    resources: { "logo-svg": `/kernelspecs/${encodeURIComponent(name)}/logo-svg.svg` },
  };
}
