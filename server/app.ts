import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { chosenFamilies, mountApis } from "./apis/mod.ts";
import type { Config } from "./config/config.ts";
import { answerErrors } from "./errors/answer_errors.ts";
import type { ServerEnv } from "./http/env.ts";
import { createRouter } from "./http/openapi.ts";
import { guard, guardBodies } from "./middleware/mod.ts";
import { serveNamespaces } from "./middleware/namespaces.ts";
import { appRoutes } from "./apis/app_views/app_views.ts";
import { docsRoutes } from "./pages/docs/docs.ts";
import { notebookPageRoutes, pageAnswer } from "./pages/notebook.ts";
import { appLinkRoutes } from "./apis/administration/apps.ts";
import { tokenRoutes } from "./apis/administration/tokens.ts";
import type { ServerServices, Services } from "./services/mod.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** Options for {@linkcode createApp}. */
export interface AppInit {
  config: Config;
  services: ServerServices;
  metrics: Metrics;
  /** The directory of the notebook page's bundle. */
  pageDirectory: string;
}

/** Makes the server's answers to requests. It opens no port and disposes nothing that it is given. */
export function createApp(
  { config, services, metrics, pageDirectory }: AppInit,
): OpenAPIHono<ServerEnv> {
  /** Adds the routes that everybody has, over the services of what each may see. */
  function addRoutes(app: OpenAPIHono<ServerEnv>, its: Services): void {
    guardBodies(app, config);
    mountApis(app, its, chosenFamilies(config.apiFamilies));
    app.route("/", docsRoutes(app));
    app.route("/", notebookPageRoutes(pageDirectory));
  }

  function namespaceApp(its: Services, first: MiddlewareHandler<ServerEnv>) {
    const app = createRouter();
    answerErrors(app);
    app.use(first);
    addRoutes(app, its);
    return app;
  }

  const app = createRouter();
  answerErrors(app);
  guard(app, { config, services, measure: metrics.middleware });
  const page = (c: Context<ServerEnv>) => pageAnswer(c, pageDirectory);
  app.route("/", appRoutes({ apps: services.apps, services, config, page }));
  app.use(serveNamespaces({ services, createApp: namespaceApp }));
  // The routes below are for the administrator.
  addRoutes(app, services);
  app.route("/", tokenRoutes(services.tokens, { areAsked: config.token !== undefined }));
  app.route("/", appLinkRoutes(services.apps));
  app.get("/metrics", async (c) => {
    const { text, contentType } = await metrics.report();
    return c.body(text, 200, { "Content-Type": contentType });
  });
  return app;
}
