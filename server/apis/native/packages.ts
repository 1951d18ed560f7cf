import { createRoute, z } from "@hono/zod-openapi";
import type { KernelManager } from "../../../kernel/mod.ts";
import { createRouter, errors, jsonAnswer, jsonBody, kernelPath } from "../../http/openapi.ts";

const tags = ["Packages"];
const request = { params: kernelPath };
const installed = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
}).openapi("InstalledPackages");

const installation = z.strictObject({
  packages: z.array(z.string().min(1)).max(100).optional().openapi({
    description: "Names, perhaps with versions",
    example: ["six==1.16.0", "networkx"],
  }),
  requirements: z.string().max(100_000).optional().openapi({
    description: "The text of a requirements.txt",
  }),
}).refine(
  ({ packages, requirements }) => (packages === undefined) !== (requirements === undefined),
  "use either packages or requirements",
).openapi("InstallPackages");

const list = createRoute({
  method: "get",
  path: "/api/kernels/{id}/packages",
  tags,
  summary: "The packages that a kernel has installed",
  request,
  responses: { 200: jsonAnswer(installed, "By name"), ...errors(404, 409) },
});

const install = createRoute({
  method: "post",
  path: "/api/kernels/{id}/packages",
  tags,
  summary: "Install packages, after what the kernel was asked to run before",
  request: { ...request, body: jsonBody(installation) },
  responses: {
    200: jsonAnswer(installed, "All that is installed now"),
    ...errors(400, 404, 409, 422),
  },
});

/** The packages of kernels. */
export function packageRoutes(kernels: KernelManager) {
  return createRouter()
    .openapi(list, async (c) => {
      const packages = await kernels.getKernel(c.req.valid("param").id).packages();
      return c.json({ packages }, 200);
    })
    .openapi(install, async (c) => {
      const kernel = kernels.getKernel(c.req.valid("param").id);
      const { packages, requirements } = c.req.valid("json");
      return c.json(
        { packages: await kernel.installPackages(packages ?? requirements ?? []) },
        200,
      );
    });
}
