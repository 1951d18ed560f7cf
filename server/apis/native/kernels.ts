import { createRoute, z } from "@hono/zod-openapi";
import type { Kernel, KernelManager, KernelOptions } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { JupyterKernels } from "../../services/kernels/kernels.ts";
import { DEFAULT_SPEC } from "../../services/kernels/kinds.ts";
import { EventLog, type FollowedLine } from "../../services/executions/event_log.ts";
import {
  type CreateKernel,
  createKernelSchema,
  kernelModel,
  kernelSchema,
  updateKernelSchema,
} from "./schemas/kernel.ts";
import { streamFormat, streamResponse } from "../../http/streaming.ts";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  kernelPath,
} from "../../http/openapi.ts";

/** The events that wait for a client which follows a kernel, in characters of JSON. */
const MAX_WAITING_EVENTS = 1024 * 1024;

const tags = ["Kernels"];
const request = { params: kernelPath };

const list = createRoute({
  method: "get",
  path: "/api/kernels",
  tags,
  summary: "The kernels",
  request: { query: z.object({ namespace: z.string().optional() }) },
  responses: { 200: jsonAnswer(z.array(kernelSchema), "In the order of their creation") },
});

const create = createRoute({
  method: "post",
  path: "/api/kernels",
  tags,
  summary: "Start a kernel",
  request: { body: { content: { "application/json": { schema: createKernelSchema } } } },
  responses: {
    201: jsonAnswer(kernelSchema, "It runs Python"),
    ...errors(400, 403, 409, 422, 429),
  },
});

const get = createRoute({
  method: "get",
  path: "/api/kernels/{id}",
  tags,
  summary: "A kernel",
  request,
  responses: { 200: jsonAnswer(kernelSchema, "The kernel"), ...errors(404) },
});

const update = createRoute({
  method: "patch",
  path: "/api/kernels/{id}",
  tags,
  summary: "Change when a kernel is shut down for inactivity",
  request: { ...request, body: jsonBody(updateKernelSchema) },
  responses: { 200: jsonAnswer(kernelSchema, "The kernel"), ...errors(400, 404) },
});

const destroy = createRoute({
  method: "delete",
  path: "/api/kernels/{id}",
  tags,
  summary: "End a kernel",
  request,
  responses: { 204: emptyAnswer("It has ended"), ...errors(404) },
});

const interrupt = createRoute({
  method: "post",
  path: "/api/kernels/{id}/interrupt",
  tags,
  summary: "Raise KeyboardInterrupt in what runs",
  request,
  responses: {
    204: emptyAnswer("It was raised, or nothing runs"),
    ...errors(404, 409),
  },
});

const restart = createRoute({
  method: "post",
  path: "/api/kernels/{id}/restart",
  tags,
  summary: "Give a kernel a fresh interpreter",
  request,
  responses: { 200: jsonAnswer(kernelSchema, "It runs Python again"), ...errors(404) },
});

const ping = createRoute({
  method: "post",
  path: "/api/kernels/{id}/ping",
  tags,
  summary: "Whether a kernel answers; one that computes does not",
  request: {
    ...request,
    body: {
      content: {
        "application/json": { schema: z.object({ timeoutMs: z.int().min(0).optional() }) },
      },
    },
  },
  responses: {
    200: jsonAnswer(z.object({ alive: z.boolean() }), "Whether it answered in time"),
    ...errors(404),
  },
});

const events = createRoute({
  method: "get",
  path: "/api/kernels/{id}/events",
  tags,
  summary: "Follow a kernel: its status, then everything that it reports from now on",
  request,
  responses: {
    200: {
      description: "Events, until the kernel ends",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...errors(404),
  },
});

/** Kernels: start, look at, steer and end them. */
export function kernelRoutes(kernels: KernelManager, jupyter: JupyterKernels) {
  function model(kernel: Kernel) {
    return kernelModel(kernel.info, jupyter);
  }

  return createRouter()
    .openapi(list, (c) => {
      const { namespace } = c.req.valid("query");
      return c.json(kernels.listKernels(namespace).map((it) => kernelModel(it, jupyter)), 200);
    })
    .openapi(create, async (c) => {
      const { name = DEFAULT_SPEC, ...asked } = c.req.valid("json");
      // Nobody would know the id of a kernel whose client has left.
      const kernel = await jupyter.start(name, kernelOptions(asked), c.req.raw.signal);
      return c.json(model(kernel), 201, {
        Location: `/api/kernels/${encodeURIComponent(kernel.id)}`,
      });
    })
    .openapi(get, (c) => {
      return c.json(model(kernels.getKernel(c.req.valid("param").id)), 200);
    })
    .openapi(update, (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      kernel.inactivityTimeout = c.req.valid("json").inactivityTimeout;
      return c.json(model(kernel), 200);
    })
    .openapi(destroy, async (c) => {
      const { id } = c.req.valid("param");
      kernels.getKernel(id);
      await kernels.destroyKernel(id);
      return c.body(null, 204);
    })
    .openapi(interrupt, async (c) => {
      await interruptKernel(kernels.getKernel(c.req.valid("param").id));
      return c.body(null, 204);
    })
    .openapi(restart, async (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      await jupyter.restart(kernel);
      return c.json(model(kernel), 200);
    })
    .openapi(ping, async (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      return c.json({ alive: await kernel.ping(c.req.valid("json").timeoutMs) }, 200);
    })
    .openapi(events, (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      const format = streamFormat(c.req.header("Accept"));
      return streamResponse((signal) => followKernel(kernel, signal), { format });
    });
}

/** What a client says of a kernel, as the library takes it. */
export function kernelOptions({ permissions, deno, ...asked }: CreateKernel): KernelOptions {
  const scoped = permissions ?? deno?.permissions;
  // zod's optional keys may be there but undefined; the library checks each value.
  return { ...asked, ...(scoped && { deno: { permissions: scoped } }) } as KernelOptions;
}

/** A kernel in which nothing runs has nothing to interrupt: that is no failure. */
async function interruptKernel(kernel: Kernel): Promise<void> {
  if (kernel.status !== "busy" || await kernel.interrupt() || kernel.status !== "busy") return;
  throw new HttpError(
    409,
    "interrupt_failed",
    `Cannot interrupt kernel "${kernel.id}": it computes outside of Python; restart it to end that`,
  );
}

async function* followKernel(kernel: Kernel, signal: AbortSignal): AsyncGenerator<FollowedLine> {
  const log = new EventLog(MAX_WAITING_EVENTS);
  log.append({ type: "status", kernelId: kernel.id, status: kernel.status });
  using _subscription = kernel.events.on("*", (event) => {
    log.append(event);
    if (event.type === "kernel_terminated") log.close();
  });
  yield* log.follow({ signal });
}
