/**
 * The API of JupyCell: cells with numbers, in kernels with numbers.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { aliveRoutes } from "../rest/kernel_routes.ts";
import { mountRest } from "../rest/mount_rest.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { cellRoutes } from "./cells.ts";
import { dependencyRoutes, notebookRoutes } from "./notebook.ts";

/** Registers the routes of JupyCell, below `/jupycell` and at the root. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { numberedNotebooks, facts } = services;
  const routes = createRestRouter();
  routes.route("/", cellRoutes(numberedNotebooks));
  routes.route("/", dependencyRoutes(numberedNotebooks));
  const prefixed = aliveRoutes(["JupyCell"]);
  prefixed.route("/", notebookRoutes(numberedNotebooks));
  mountRest(app, { prefix: "/jupycell", prefixed, routes, limits: facts.limits });
}
