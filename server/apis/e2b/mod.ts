/**
 * E2B's API, so that its clients work here: sandboxes, code that runs in them, and their files. One address serves
 * the API and all sandboxes: `E2B_API_URL` and `E2B_SANDBOX_URL` are both that of `/e2b`.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { codeRoutes } from "./code.ts";
import { controlRoutes } from "./control.ts";
import { fileRoutes } from "./files.ts";
import { filesystemRoutes } from "./filesystem.ts";
import { healthRoutes } from "./health.ts";
import { processRoutes } from "./processes.ts";

/** Registers the routes of E2B's API. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  app.route("/e2b", controlRoutes(services));
  app.route("/e2b", healthRoutes(services));
  app.route("/e2b", codeRoutes(services));
  app.route("/e2b", fileRoutes(services));
  app.route("/e2b", filesystemRoutes(services));
  app.route("/e2b", processRoutes(services));
  // The clients put only the host of `E2B_SANDBOX_URL` into signed URLs.
  app.route("/", fileRoutes(services));
}
