import { Hono } from "hono";
import { readFile } from "node:fs/promises";
import type { ServerEnv } from "../../../http/env.ts";
import { HttpError } from "../../../errors/http_error.ts";
import {
  DEFAULT_SPEC,
  type KernelSpec,
  type KernelSpecs,
  specModel,
} from "../../../services/kernels/kinds.ts";

const LOGO = new URL("../../../ui/favicon.svg", import.meta.url);

/** The kinds of kernels, and their logos. */
export function kernelspecRoutes(specs: KernelSpecs) {
  function find(name: string): KernelSpec {
    const spec = specs.get(name);
    if (!spec) throw new HttpError(404, "not_found", `There is no kernel "${name}"`);
    return spec;
  }

  return new Hono<ServerEnv>()
    .get("/api/kernelspecs", (c) => {
      const kernelspecs = Object.fromEntries(specs.list().map((it) => [it.name, specModel(it)]));
      return c.json({ default: DEFAULT_SPEC, kernelspecs });
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
