import type { OpenAPIHono } from "@hono/zod-openapi";
import { chosenFamilies, mountApis } from "./apis/mod.ts";
import type { Config } from "./config/config.ts";
import { answerErrors } from "./errors/answer_errors.ts";
import type { ServerEnv } from "./http/env.ts";
import { createRouter } from "./http/openapi.ts";
import { guard } from "./middleware/mod.ts";
import { docsRoutes } from "./pages/docs.ts";
import { notebookPageRoutes } from "./pages/notebook.ts";
import type { Services } from "./services/mod.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** Options for {@linkcode createApp}. */
export interface AppInit {
  config: Config;
  services: Services;
  metrics: Metrics;
  /** The directory of the notebook page's bundle. */
  pageDirectory: string;
}

/** Makes the server's answers to requests. It opens no port and disposes nothing that it is given. */
export function createApp(
  { config, services, metrics, pageDirectory }: AppInit,
): OpenAPIHono<ServerEnv> {
  const app = createRouter();
  answerErrors(app);
  guard(app, config, metrics.middleware);
  mountApis(app, services, chosenFamilies(config.apiFamilies));
  app.get("/metrics", async (c) => {
    const { text, contentType } = await metrics.report();
    return c.body(text, 200, { "Content-Type": contentType });
  });
  app.route("/", docsRoutes(app));
  app.route("/", notebookPageRoutes(pageDirectory));
  return app;
}
