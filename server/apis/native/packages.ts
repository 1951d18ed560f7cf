import { createRoute, z } from "@hono/zod-openapi";
import { createRouter, errors, jsonAnswer, jsonBody, kernelPath } from "../../http/openapi.ts";
import type { Kernels } from "../../services/kernels/kernels.ts";

const tags = ["Packages"];
const request = { params: kernelPath };
const installed = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
}).openapi("InstalledPackages");

const installation = z.strictObject({
  packages: z.array(z.string().min(1)).max(100).optional().openapi({
    description: "Names of packages, perhaps with versions",
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
  summary: "List the packages that are installed in a kernel",
  request,
  responses: { 200: jsonAnswer(installed, "The packages by name"), ...errors(404, 409) },
});

const install = createRoute({
  method: "post",
  path: "/api/kernels/{id}/packages",
  tags,
  summary: "Install packages, after the executions that wait",
  request: { ...request, body: jsonBody(installation) },
  responses: {
    200: jsonAnswer(installed, "All packages that are installed now"),
    ...errors(400, 404, 409, 422),
  },
});

/** The routes that list and install the packages of kernels. */
export function packageRoutes(kernels: Kernels) {
  return createRouter()
    .openapi(list, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const packages = await kernel.calls.packages();
      return c.json({ packages }, 200);
    })
    .openapi(install, async (c) => {
      const kernel = await kernels.get(c.req.valid("param").id);
      const { packages, requirements } = c.req.valid("json");
      return c.json(
        { packages: await kernel.installPackages(packages ?? requirements ?? []) },
        200,
      );
    });
}
