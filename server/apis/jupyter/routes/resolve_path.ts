import { Hono } from "hono";
import { z } from "zod";
import type { KernelManager } from "../../../../kernel/mod.ts";
import type { ServerEnv } from "../../../http/env.ts";
import { messageOf } from "../../../errors/http_error.ts";
import { parseBody } from "../../../http/parse_body.ts";
import type { Contents } from "../contents/contents.ts";

const query = z.object({ path: z.string().min(1, "use a path"), kernel: z.string().optional() });

/** Where a path is that a kernel has named, in a traceback for example. */
export function resolvePathRoutes(kernels: KernelManager, contents: Contents) {
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

/** The absolute path in the kernel; undefined when nothing is there. Throws when it cannot be known. */
async function pathInKernel(
  kernels: KernelManager,
  id: string,
  path: string,
): Promise<string | undefined> {
  const kernel = kernels.getKernel(id);
  if (kernel.status !== "idle") throw new Error(`The kernel is ${kernel.status}`);
  return await kernel.files.stat(path).then((entry) => entry.path, () => undefined);
}
