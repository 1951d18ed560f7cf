import { Hono } from "hono";
import { z } from "zod";
import type { KernelManager } from "../../../../kernel/mod.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { parseBody } from "../../../http/parse_body.ts";
import { kernelModel } from "../../native/schemas/kernel.ts";
import type { JupyterKernels } from "../../../services/kernels/kernels.ts";
import type { JupyterSession, Sessions } from "../../../services/sessions/sessions.ts";

const text = z.string();
const kernel = z.object({ id: text.nullish(), name: text.nullish() });
/** Older clients say where the notebook is and nothing else. */
const legacy = z.object({ path: text, name: text.optional() });

const newSession = z.object({
  path: text.optional(),
  name: text.nullish(),
  type: text.optional(),
  kernel: kernel.nullish(),
  notebook: legacy.optional(),
}).transform(({ path, name, type, kernel, notebook }, context) => {
  const at = path ?? notebook?.path;
  const kind = type ?? (notebook && "notebook");
  for (const [field, value] of Object.entries({ path: at, type: kind })) {
    if (value === undefined) {
      context.addIssue({ code: "custom", path: [field], message: "is missing" });
    }
  }
  return {
    path: at ?? "",
    name: name ?? notebook?.name ?? "",
    type: kind ?? "",
    kernel: kernel ?? {},
  };
});

const sessionChange = z.object({
  path: text.optional(),
  name: text.optional(),
  type: text.optional(),
  kernel: kernel.optional(),
});

/** The documents that are open, each with its kernel. */
export function sessionRoutes(
  sessions: Sessions,
  kernels: KernelManager,
  jupyter: JupyterKernels,
) {
  function model({ id, path, name, type, kernelId }: JupyterSession) {
    const kernel = kernelModel(kernels.getKernel(kernelId).info, jupyter);
    return {
      id,
      path,
      name,
      type,
      kernel,
      ...(type === "notebook" && { notebook: { path, name } }),
    };
  }

  return new Hono<ServerEnv>()
    .get("/api/sessions", (c) => c.json(sessions.list().map(model)))
    .post("/api/sessions", async (c) => {
      const session = await sessions.open(parseBody(newSession, await c.req.json()));
      return c.json(model(session), 201, { Location: `/api/sessions/${session.id}` });
    })
    .get("/api/sessions/:id", (c) => c.json(model(sessions.get(c.req.param("id")))))
    .patch("/api/sessions/:id", async (c) => {
      const change = parseBody(sessionChange, await c.req.json());
      return c.json(model(await sessions.change(c.req.param("id"), change)));
    })
    .delete("/api/sessions/:id", async (c) => {
      await sessions.close(c.req.param("id"));
      return c.body(null, 204);
    });
}
