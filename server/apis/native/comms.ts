import { createRoute, z } from "@hono/zod-openapi";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  kernelPath,
} from "../../http/openapi.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

const tags = ["Comms"];

const commId = z.string().min(1).max(200);
const commPath = kernelPath.extend({
  commId: commId.openapi({
    param: { name: "commId", in: "path" },
    description: "The id of the comm",
  }),
});

const message = z.strictObject({
  data: z.record(z.string(), z.unknown()).default({}),
  metadata: z.record(z.string(), z.unknown()).default({}),
  buffers: z.array(z.base64()).max(1_000).default([]).openapi({
    description: "Bytes that belong to the data, each in Base64",
  }),
});

const list = createRoute({
  method: "get",
  path: "/api/kernels/{id}/comms",
  tags,
  summary: "List the open comms, of one target or of all",
  request: { params: kernelPath, query: z.object({ targetName: z.string().optional() }) },
  responses: {
    200: jsonAnswer(
      z.object({ comms: z.record(z.string(), z.object({ targetName: z.string() })) }),
      "The open comms by id",
    ),
    ...errors(404, 409),
  },
});

const open = createRoute({
  method: "post",
  path: "/api/kernels/{id}/comms",
  tags,
  summary: "Open a comm to a target that the kernel's code has registered",
  request: {
    params: kernelPath,
    body: jsonBody(message.extend({ commId, targetName: z.string().min(1).max(200) })),
  },
  responses: {
    204: emptyAnswer("The target has the comm; what it sends is among the kernel's events"),
    ...errors(400, 404, 409),
  },
});

const send = createRoute({
  method: "post",
  path: "/api/kernels/{id}/comms/{commId}/messages",
  tags,
  summary: "Send a message over an open comm",
  request: { params: commPath, body: jsonBody(message) },
  responses: {
    204: emptyAnswer("The kernel has handled the message; it answers by events"),
    ...errors(400, 404, 409),
  },
});

const close = createRoute({
  method: "delete",
  path: "/api/kernels/{id}/comms/{commId}",
  tags,
  summary: "Close a comm",
  request: { params: commPath },
  responses: { 204: emptyAnswer("The comm is closed"), ...errors(404, 409) },
});

/**
 * The routes by which a front end sends messages to objects in the kernel, such as widgets and tables. The
 * kernel's side comes as `comm_open`, `comm_msg` and `comm_close` among its events. While a cell computes, a
 * request waits.
 */
export function commRoutes(kernels: Kernels) {
  return createRouter()
    .openapi(list, async (c) => {
      const { calls } = await kernels.get(c.req.valid("param").id);
      const { targetName } = c.req.valid("query");
      return c.json({ comms: await calls.comms(targetName, { signal: c.req.raw.signal }) }, 200);
    })
    .openapi(open, async (c) => {
      const { calls } = await kernels.get(c.req.valid("param").id);
      const { buffers, ...opening } = c.req.valid("json");
      await calls.openComm(opening, bytesOf(buffers));
      return c.body(null, 204);
    })
    .openapi(send, async (c) => {
      const { id, commId } = c.req.valid("param");
      const { calls } = await kernels.get(id);
      const { buffers, ...message } = c.req.valid("json");
      await calls.sendComm({ commId, ...message }, bytesOf(buffers));
      return c.body(null, 204);
    })
    .openapi(close, async (c) => {
      const { id, commId } = c.req.valid("param");
      const { calls } = await kernels.get(id);
      await calls.closeComm({ commId, data: {}, metadata: {} });
      return c.body(null, 204);
    });
}

function bytesOf(buffers: readonly string[]): Uint8Array[] {
  return buffers.map((text) => Uint8Array.fromBase64(text));
}
