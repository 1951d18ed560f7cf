import { createRoute, z } from "@hono/zod-openapi";
import { ServiceError } from "../../errors/service_error.ts";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  kernelPath,
} from "../../http/openapi.ts";
import { streamFormat, streamResponse } from "../../http/streaming.ts";
import { EventLog, type FollowedLine } from "../../services/executions/event_log.ts";
import type { KernelHandle } from "../../services/kernels/handle.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";
import { kernelOptions } from "../../services/kernels/request.ts";
import {
  createKernelSchema,
  kernelModel,
  kernelSchema,
  updateKernelSchema,
} from "./schemas/kernel.ts";

/** The most JSON that waits for a client which follows a kernel, in characters; the oldest events go first. */
const MAX_WAITING_EVENTS = 1024 * 1024;

const tags = ["Kernels"];
const request = { params: kernelPath };

const list = createRoute({
  method: "get",
  path: "/api/kernels",
  tags,
  summary: "List kernels",
  request: { query: z.object({ namespace: z.string().optional() }) },
  responses: {
    200: jsonAnswer(z.array(kernelSchema), "The kernels in the order of their creation"),
  },
});

const create = createRoute({
  method: "post",
  path: "/api/kernels",
  tags,
  summary: "Start a kernel",
  request: { body: { content: { "application/json": { schema: createKernelSchema } } } },
  responses: {
    201: jsonAnswer(kernelSchema, "The kernel has started and runs Python"),
    ...errors(400, 403, 409, 422, 429),
  },
});

const get = createRoute({
  method: "get",
  path: "/api/kernels/{id}",
  tags,
  summary: "Show a kernel",
  request,
  responses: { 200: jsonAnswer(kernelSchema, "The kernel"), ...errors(404) },
});

const update = createRoute({
  method: "patch",
  path: "/api/kernels/{id}",
  tags,
  summary: "Change the time without work after which a kernel is shut down",
  request: { ...request, body: jsonBody(updateKernelSchema) },
  responses: { 200: jsonAnswer(kernelSchema, "The kernel"), ...errors(400, 404) },
});

const terminate = createRoute({
  method: "delete",
  path: "/api/kernels/{id}",
  tags,
  summary: "End a kernel and what runs in it",
  request,
  responses: { 204: emptyAnswer("The kernel has ended"), ...errors(404) },
});

const interrupt = createRoute({
  method: "post",
  path: "/api/kernels/{id}/interrupt",
  tags,
  summary: "Raise KeyboardInterrupt in the running execution",
  request,
  responses: {
    204: emptyAnswer(
      "The interrupt was delivered, or waits until the present call of the cell returns, or nothing runs",
    ),
    ...errors(404, 409),
  },
});

const restart = createRoute({
  method: "post",
  path: "/api/kernels/{id}/restart",
  tags,
  summary: "Give a kernel a fresh interpreter",
  request,
  responses: {
    200: jsonAnswer(kernelSchema, "The kernel has a fresh interpreter"),
    ...errors(404),
  },
});

const ping = createRoute({
  method: "post",
  path: "/api/kernels/{id}/ping",
  tags,
  summary: "Test whether a kernel answers; a kernel that computes does not",
  request: {
    ...request,
    body: {
      content: {
        "application/json": { schema: z.object({ timeoutMs: z.int().min(0).optional() }) },
      },
    },
  },
  responses: {
    200: jsonAnswer(
      z.object({ alive: z.boolean() }),
      "`alive` tells whether the kernel answered in time",
    ),
    ...errors(404),
  },
});

const events = createRoute({
  method: "get",
  path: "/api/kernels/{id}/events",
  tags,
  summary: "Follow a kernel: its status, then every event from now on",
  request,
  responses: {
    200: {
      description: "The events, until the kernel ends",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...errors(404),
  },
});

/** The routes that start, show, steer and end kernels. */
export function kernelRoutes(kernels: Kernels) {
  function modelOf(kernel: KernelHandle) {
    return kernelModel(kernels.describe(kernel));
  }

  return createRouter()
    .openapi(list, async (c) => {
      const { namespace } = c.req.valid("query");
      return c.json((await kernels.list(namespace)).map(kernelModel), 200);
    })
    .openapi(create, async (c) => {
      const { name: kind, autoRestart, ...request } = c.req.valid("json");
      const kernel = await kernels.start(
        { kind, autoRestart, options: kernelOptions(request) },
        // Nobody would know the id of a kernel whose client has left.
        { signal: c.req.raw.signal },
      );
      return c.json(modelOf(kernel), 201, {
        Location: `/api/kernels/${encodeURIComponent(kernel.id)}`,
      });
    })
    .openapi(get, async (c) => {
      return c.json(modelOf(await kernels.get(c.req.valid("param").id)), 200);
    })
    .openapi(update, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      await kernel.setInactivityTimeout(c.req.valid("json").inactivityTimeoutMs);
      return c.json(modelOf(kernel), 200);
    })
    .openapi(terminate, async (c) => {
      const { id } = await kernels.get(c.req.valid("param").id);
      await kernels.terminate(id);
      return c.body(null, 204);
    })
    .openapi(interrupt, async (c) => {
      await interruptKernel(await kernels.get(c.req.valid("param").id));
      return c.body(null, 204);
    })
    .openapi(restart, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      await kernels.restart(kernel.id);
      return c.json(modelOf(kernel), 200);
    })
    .openapi(ping, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      return c.json({ alive: await kernel.ping(c.req.valid("json").timeoutMs) }, 200);
    })
    .openapi(events, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const format = streamFormat(c.req.header("Accept"));
      return streamResponse((signal) => followKernel(kernel, signal), { format });
    });
}

/** Interrupts what runs. A kernel in which nothing runs has nothing to interrupt: that is no failure. */
async function interruptKernel(kernel: KernelHandle): Promise<void> {
  const isBusy = () => kernel.info.status === "busy";
  if (!isBusy() || await kernel.interrupt() || !isBusy()) return;
  throw new ServiceError(
    "interrupt_failed",
    `Cannot interrupt kernel "${kernel.id}": its cell has just ended, or runs in the server's own ` +
      "thread; restart the kernel to end the cell",
  );
}

async function* followKernel(
  kernel: KernelHandle,
  signal: AbortSignal,
): AsyncGenerator<FollowedLine> {
  const log = new EventLog(MAX_WAITING_EVENTS);
  log.append({ type: "status", kernelId: kernel.id, status: kernel.info.status });
  using _subscription = kernel.on("*", (event) => {
    log.append(event);
    if (event.type === "kernel_terminated") log.close();
  });
  yield* log.follow({ signal });
}
