/**
 * The API of earlier servers: executions as lists of outputs. Programs written for them keep working.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { executeRoutes } from "./execute.ts";

/** Registers the routes of the earlier API. */
export function mount(app: OpenAPIHono<ServerEnv>, { kernels, executions }: Services): void {
  app.route("/", executeRoutes(kernels, executions));
}
