/**
 * The API of the Colab Code Executor: executions that clients ask about until they are done.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { aliveRoutes, kernelRoutes } from "../rest/kernel_routes.ts";
import { mountRest } from "../rest/mount_rest.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { executeRoutes } from "./execute.ts";

const tags = ["Colab Code Executor"];

/** Registers the routes of the Colab Code Executor, below `/colab` and at the root. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const routes = createRestRouter();
  routes.route("/", kernelRoutes(services.kernels, tags));
  routes.route("/", executeRoutes(services, tags));
  const prefixed = aliveRoutes(tags);
  mountRest(app, { prefix: "/colab", prefixed, routes, limits: services.facts.limits });
}
