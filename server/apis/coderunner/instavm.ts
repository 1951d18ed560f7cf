/**
 * The routes that InstaVM's clients call besides CodeRunner's: sessions, which are their virtual machines too,
 * files, and tasks. The rest of their API is answered with the reason why it is not here.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import type { CodeRunnerSessions } from "./sessions.ts";
import { fileRoutes } from "./instavm_files.ts";
import { sessionRoutes } from "./instavm_sessions.ts";
import { taskRoutes } from "./instavm_tasks.ts";
import { unavailableRoutes } from "./instavm_unavailable.ts";
import { userRoutes } from "./instavm_user.ts";
import { machineRoutes } from "./instavm_machines.ts";

/** Makes the routes of InstaVM; those that name one thing come before those that refuse all others. */
export function instavmRoutes(
  { kernels, executions, facts }: Services,
  sessions: CodeRunnerSessions,
): OpenAPIHono<ServerEnv> {
  const routes = createRestRouter();
  routes.route("/", taskRoutes(executions));
  routes.route("/", sessionRoutes({ sessions, executions }));
  routes.route("/", machineRoutes(sessions));
  routes.route("/", userRoutes());
  routes.route("/", fileRoutes({ sessions, kernels, maxBytes: facts.limits.maxUploadBytes }));
  routes.route("/", unavailableRoutes());
  return routes;
}
