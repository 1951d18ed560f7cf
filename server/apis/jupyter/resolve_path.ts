import { Hono } from "hono";
import { z } from "zod";
import type { ServerEnv } from "../../http/env.ts";
import { messageOf } from "../../errors/service_error.ts";
import { parseBody } from "../../http/parse_body.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import type { Contents } from "./contents/contents.ts";

const query = z.object({ path: z.string().min(1, "use a path"), kernel: z.string().optional() });

/** The route that finds a path which a kernel has named, in a traceback for example. */
export function resolvePathRoutes(kernels: Kernels, contents: Contents) {
  return new Hono<ServerEnv>().get("/api/resolvePath", async (c) => {
    const { path, kernel } = parseBody(query, c.req.query());
    const resolved: { scope: "server" | "kernel"; path: string }[] = [];
    const unresolved: { scope: "kernel"; reason: string }[] = [];
    const here = await contents.resolve(path);
    if (here !== undefined) resolved.push({ scope: "server", path: here });
    if (kernel !== undefined) {
      try {
        const found = await pathInKernel(kernels, kernel, path);
        if (found !== undefined) resolved.push({ scope: "kernel", path: found });
      } catch (error) {
        unresolved.push({ scope: "kernel", reason: messageOf(error) });
      }
    }
    return c.json({ resolved, ...(unresolved.length > 0 && { unresolved }) });
  });
}

/** Returns the absolute path in the kernel; undefined: there is none. Throws when the kernel cannot tell. */
async function pathInKernel(
  kernels: Kernels,
  id: string,
  path: string,
): Promise<string | undefined> {
  const kernel = await kernels.get(id);
  const { status } = kernel.info;
  if (status !== "idle") throw new Error(`The kernel is ${status}`);
  return await kernel.files.stat(path).then((entry) => entry.path, () => undefined);
}
