import { createRoute, z } from "@hono/zod-openapi";
import { createRouter, errors, jsonAnswer } from "../../http/openapi.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

const tags = ["Kernels"];
const params = z.object({
  name: z.string().openapi({ description: "The name of the server in the settings" }),
});

const list = createRoute({
  method: "get",
  path: "/api/servers",
  tags,
  summary: "List the other Jupyter servers on which kernels may run",
  responses: {
    200: jsonAnswer(z.array(z.object({ name: z.string() })), "The servers, by name"),
  },
});

const listKernels = createRoute({
  method: "get",
  path: "/api/servers/{name}/kernels",
  tags,
  summary: "List the kernels that run on another server, whoever started them",
  request: { params },
  responses: {
    200: jsonAnswer(
      z.array(z.object({
        id: z.string().openapi({ description: "The `remoteKernelId` of POST /api/kernels" }),
        kernelName: z.string(),
        status: z.string().openapi({ description: "The state in that server's words" }),
        connections: z.number().nullable(),
        lastActivity: z.string().nullable(),
      })),
      "Its kernels",
    ),
    ...errors(400, 403, 502, 504),
  },
});

const listSpecs = createRoute({
  method: "get",
  path: "/api/servers/{name}/kernelspecs",
  tags,
  summary: "List the kinds of kernels that another server offers",
  request: { params },
  responses: {
    200: jsonAnswer(
      z.array(z.object({
        name: z.string().openapi({ description: "The `kernelName` of POST /api/kernels" }),
        displayName: z.string(),
        language: z.string(),
      })),
      "Its kinds of kernels",
    ),
    ...errors(400, 403, 502, 504),
  },
});

/** The routes of the other servers on which kernels may run. */
export function remoteServerRoutes({ remote }: Kernels) {
  return createRouter()
    .openapi(list, async (c) => c.json((await remote.servers()).map((name) => ({ name })), 200))
    .openapi(
      listKernels,
      async (c) => c.json(await remote.listRemoteKernels(c.req.valid("param").name), 200),
    )
    .openapi(
      listSpecs,
      async (c) => c.json(await remote.listRemoteKernelSpecs(c.req.valid("param").name), 200),
    );
}
