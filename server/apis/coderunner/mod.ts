/**
 * The API of CodeRunner and InstaVM: commands in sessions.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { mountRest } from "../rest/mount_rest.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { executeRoutes } from "./execute.ts";
import { instavmRoutes } from "./instavm.ts";
import { healthRoutes, languageRoutes } from "./server.ts";
import { sessionRoutes } from "./session_routes.ts";
import { CodeRunnerSessions } from "./sessions.ts";

/** Registers the routes of CodeRunner, below `/coderunner` and at the root. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { kernels, executions, facts } = services;
  const { kinds } = kernels;
  // The sessions end with the kernels' service, whose listener theirs is.
  const sessions = new CodeRunnerSessions({ kernels, homes: services.sandboxes.homes });
  const routes = createRestRouter();
  routes.route("/", executeRoutes({ executions, kinds, sessions }));
  routes.route("/", sessionRoutes(sessions, kinds));
  routes.route("/", languageRoutes(kinds));
  routes.route("/", instavmRoutes(services, sessions));
  const prefixed = healthRoutes(services, sessions);
  mountRest(app, { prefix: "/coderunner", prefixed, routes, limits: facts.limits });
}
