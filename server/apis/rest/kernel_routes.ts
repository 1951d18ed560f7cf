import { createRoute, z } from "@hono/zod-openapi";
import { KernelError } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";
import type { KernelHandle } from "../../services/kernels/handle.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import { createRestRouter } from "./rest_router.ts";

/** The server on which kernels start when the settings name it: that of `JUPYTER_SERVER_URL`. */
const SERVER = "jupyter";

const kernelId = z.object({ id: z.string().min(1, "name the kernel") });

/** The body of a request to run code in a kernel. */
export const kernelCode = jsonBody(kernelId.extend({
  code: z.string().refine((value) => value.trim() !== "", "there is no code"),
}));

/** Makes the routes that start and end the kernels of proxies of Jupyter's kernels. */
export function kernelRoutes(kernels: Kernels, tags: string[]) {
  const start = createRoute({
    method: "post",
    path: "/start_kernel",
    tags,
    summary: "Start a kernel",
    responses: {
      200: jsonAnswer(z.object({ id: z.string() }), "The kernel"),
      ...errors(429),
      500: { description: "The kernel cannot be started; `detail` says why" },
    },
  });
  const shutdown = createRoute({
    method: "post",
    path: "/shutdown_kernel",
    tags,
    summary: "End a kernel",
    request: { body: jsonBody(kernelId) },
    responses: {
      200: jsonAnswer(z.object({ message: z.string() }), "The kernel has ended"),
      ...errors(404),
    },
  });
  return createRestRouter()
    .openapi(start, async (c) => c.json({ id: (await startKernel(kernels)).id }, 200))
    .openapi(shutdown, async (c) => {
      const { id } = c.req.valid("json");
      if (!await kernels.terminate(id)) throw kernelNotFound();
      return c.json({ message: `Kernel ${id} shutdown` }, 200);
    });
}

/** Makes the route by which proxies say that they run; the one at the root is the native API's. */
export function aliveRoutes(tags: string[]) {
  const health = createRoute({
    method: "get",
    path: "/health",
    tags,
    summary: "Show that the server runs",
    responses: { 200: jsonAnswer(z.object({ status: z.literal("ok") }), "The server runs") },
  });
  return createRestRouter().openapi(health, (c) => c.json({ status: "ok" as const }, 200));
}

/**
 * Returns the kernel of that id.
 *
 * @throws {HttpError} 404.
 */
export async function findKernel(kernels: Kernels, id: string): Promise<KernelHandle> {
  const kernel = await kernels.find(id);
  if (!kernel) throw kernelNotFound();
  return kernel;
}

/** Starts a kernel on the other server if there is one, which has its own policy for crashes. */
async function startKernel(kernels: Kernels): Promise<KernelHandle> {
  const isRemote = (await kernels.remote.servers()).includes(SERVER);
  try {
    return await kernels.start(isRemote ? { kind: SERVER } : { autoRestart: true });
  } catch (error) {
    if (!(error instanceof KernelError) || !FAILURES.has(error.code)) throw error;
    throw new HttpError(500, error.code, error.message, { cause: error });
  }
}

/** The failures of a start that clients expect as status 500. */
const FAILURES = new Set(["start_failed", "timeout", "unreachable"]);

function kernelNotFound(): HttpError {
  return new HttpError(404, "not_found", "Kernel not found");
}
