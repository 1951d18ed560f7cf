import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../../errors/http_error.ts";
import { messageOf } from "../../errors/service_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { parseBody } from "../../http/parse_body.ts";
import type { KernelHandle } from "../../services/kernels/handle.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import type { Session, Sessions, WantedKernel } from "../../services/sessions/sessions.ts";
import { kernelModel } from "../native/schemas/kernel.ts";

const text = z.string().max(4_096, "use at most 4096 characters");
const kernel = z.object({ id: text.nullish(), name: text.nullish() });
/** The form of older clients, which name only the notebook. */
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

/** The routes of the documents that are open, each with its kernel. */
export function sessionRoutes(sessions: Sessions, kernels: Kernels) {
  function model({ id, path, name, type }: Session, kernel: KernelHandle) {
    return {
      id,
      path,
      name,
      type,
      kernel: kernelModel(kernels.describe(kernel)),
      ...(type === "notebook" && { notebook: { path, name } }),
    };
  }

  async function modelOf(session: Session) {
    return model(session, await kernels.get(session.kernelId));
  }

  /** Leaves out a session whose kernel ends at this moment. */
  async function listModels() {
    const all = await Promise.all(
      sessions.list().map(async (session) => {
        const kernel = await kernels.find(session.kernelId);
        return kernel ? [model(session, kernel)] : [];
      }),
    );
    return all.flat();
  }

  /** Refuses a kernel or a kind that does not exist with the status of Jupyter's own server. */
  async function needingKernel<T>(
    { id, name }: WantedKernel = {},
    task: () => Promise<T>,
  ): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      const exists = id == null ? !name || kernels.kinds.get(name) : await kernels.find(id);
      if (exists) throw cause;
      throw new HttpError(501, "not_found", messageOf(cause), { cause });
    }
  }

  return new Hono<ServerEnv>()
    .get("/api/sessions", async (c) => c.json(await listModels()))
    .post("/api/sessions", async (c) => {
      const wanted = parseBody(newSession, await c.req.json());
      const session = await needingKernel(wanted.kernel, () => sessions.open(wanted));
      return c.json(await modelOf(session), 201, { Location: `/api/sessions/${session.id}` });
    })
    .get("/api/sessions/:id", async (c) => {
      return c.json(await modelOf(sessions.get(c.req.param("id"))));
    })
    .patch("/api/sessions/:id", async (c) => {
      const change = parseBody(sessionChange, await c.req.json());
      const { id } = sessions.get(c.req.param("id"));
      const session = await needingKernel(change.kernel, () => sessions.change(id, change));
      return c.json(await modelOf(session));
    })
    .delete("/api/sessions/:id", async (c) => {
      await sessions.close(c.req.param("id"));
      return c.body(null, 204);
    });
}
