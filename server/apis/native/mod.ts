/**
 * The server's own API: kernels, executions, files, packages and notebooks over HTTP, described in
 * OpenAPI.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { commRoutes } from "./comms.ts";
import { executionRoutes } from "./executions.ts";
import { fileRoutes } from "./files.ts";
import { introspectionRoutes } from "./introspection.ts";
import { kernelRoutes } from "./kernels.ts";
import { liveNotebookRoutes } from "./live_notebooks.ts";
import { notebookRoutes } from "./notebooks.ts";
import { packageRoutes } from "./packages.ts";
import { remoteServerRoutes } from "./remote_servers.ts";
import { serverRoutes } from "./server.ts";

/** Registers the routes of the native API. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { kernels, executions, notebooks, liveNotebooks, facts } = services;
  app.route("/", kernelRoutes(kernels));
  app.route("/", remoteServerRoutes(kernels));
  app.route("/", executionRoutes(executions));
  app.route("/", introspectionRoutes(kernels, executions));
  app.route("/", commRoutes(kernels));
  app.route("/", fileRoutes(kernels, facts.limits.maxUploadBytes));
  app.route("/", packageRoutes(kernels));
  app.route("/", notebookRoutes(notebooks, liveNotebooks));
  app.route("/", liveNotebookRoutes(liveNotebooks));
  app.route("/", serverRoutes(services));
}
