/**
 * The API of the Jupyter Kernel Proxy: code runs while its client waits for Jupyter's messages.
 *
 * @module
 */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { errors, jsonAnswer } from "../../http/openapi.ts";
import { settled } from "../../services/executions/live_execution.ts";
import type { Services } from "../../services/mod.ts";
import { aliveRoutes, findKernel, kernelCode, kernelRoutes } from "../rest/kernel_routes.ts";
import { mountRest } from "../rest/mount_rest.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { executionMessages } from "./messages.ts";

const tags = ["Jupyter Kernel Proxy"];
const object = z.record(z.string(), z.unknown());

const execute = createRoute({
  method: "post",
  path: "/execute_code",
  tags,
  summary: "Run code and return the kernel's messages; a client that leaves interrupts the code",
  request: { body: kernelCode },
  responses: {
    200: jsonAnswer(
      z.object({
        results: z.array(z.object({
          msg_id: z.string(),
          msg_type: z.string(),
          channel: z.string(),
          header: object,
          parent_header: object,
          metadata: object,
          content: object,
          buffers: z.array(z.string()).max(0),
        })),
      }),
      "The messages, in their order",
    ),
    ...errors(404, 409, 429),
    500: { description: "The code did not run to its end; `detail` says why" },
  },
});

/** Registers the routes of the Jupyter Kernel Proxy, below `/kernel-proxy`. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { kernels, executions, facts } = services;
  const prefixed = createRestRouter();
  prefixed.route("/", kernelRoutes(kernels, tags));
  prefixed.route("/", aliveRoutes(tags));
  prefixed.openapi(execute, async (c) => {
    const { id, code } = c.req.valid("json");
    const kernel = await findKernel(kernels, id);
    const request = { code, origin: "kernel_proxy", onDisconnect: "interrupt" } as const;
    const execution = await executions.submit(kernel.id, request);
    const { signal } = c.req.raw;
    const { status, error } = await settled(execution, signal);
    if (status === "aborted") {
      const reason = error ? `${error.ename}: ${error.evalue}` : "the kernel ended";
      throw new HttpError(500, "kernel_dead", `Execution failed: ${reason}`);
    }
    signal.throwIfAborted();
    return c.json({ results: executionMessages(execution, await execution.result) }, 200);
  });
  mountRest(app, { prefix: "/kernel-proxy", prefixed, limits: facts.limits });
}
