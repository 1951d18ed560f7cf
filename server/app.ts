import type { OpenAPIHono } from "@hono/zod-openapi";
import { type KernelManager, resolveLimits } from "../kernel/mod.ts";
import type { Config } from "./config/config.ts";
import type { ServerEnv } from "./http/env.ts";
import { CLIENT_LEFT, errorResponse, HttpError, toHttpError } from "./errors/http_error.ts";
import type { Executions } from "./services/executions/executions.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import { ClientSettings } from "./apis/jupyter/client_settings.ts";
import { Contents } from "./apis/jupyter/contents/contents.ts";
import { JupyterKernels } from "./services/kernels/kernels.ts";
import { KernelSpecs } from "./services/kernels/kinds.ts";
import { channelRoutes } from "./apis/jupyter/routes/channels.ts";
import { contentsRoutes } from "./apis/jupyter/routes/contents.ts";
import { eventRoutes } from "./apis/jupyter/routes/events.ts";
import { kernelspecRoutes } from "./apis/jupyter/routes/kernelspecs.ts";
import { resolvePathRoutes } from "./apis/jupyter/routes/resolve_path.ts";
import { jupyterServerRoutes } from "./apis/jupyter/routes/server.ts";
import { sessionRoutes } from "./apis/jupyter/routes/sessions.ts";
import { Sessions } from "./services/sessions/sessions.ts";
import { configuredSpecs } from "./services/kernels/profiles.ts";
import { requireToken } from "./middleware/auth.ts";
import { checkHost } from "./middleware/host.ts";
import { jsonBody } from "./middleware/json_body.ts";
import { checkOrigin, describeMethods } from "./middleware/origin.ts";
import { rateLimit } from "./middleware/rate_limit.ts";
import { requestLog } from "./middleware/request_log.ts";
import { securityHeaders } from "./middleware/security_headers.ts";
import { Notebooks } from "./services/notebooks/notebooks.ts";
import { docsRoutes } from "./pages/docs.ts";
import { executeRoutes } from "./apis/earlier/execute.ts";
import { executionRoutes } from "./apis/native/executions.ts";
import { fileRoutes } from "./apis/native/files.ts";
import { introspectionRoutes } from "./apis/native/introspection.ts";
import { kernelRoutes } from "./apis/native/kernels.ts";
import { notebookRoutes } from "./apis/native/notebooks.ts";
import { createRouter } from "./http/openapi.ts";
import { packageRoutes } from "./apis/native/packages.ts";
import { pageRoutes } from "./pages/notebook.ts";
import { serverRoutes } from "./apis/native/server.ts";
import { getLogger } from "@logtape/logtape";

/** What {@linkcode createApp} puts together. */
export interface AppInit {
  config: Config;
  kernels: KernelManager;
  executions: Executions;
  metrics: Metrics;
  /** The directory of the page's bundle. */
  pageDirectory: string;
  /** Whether the server takes work. @default always */
  isReady?: () => boolean;
}

/** The server's answers to requests; it opens no port and owns nothing of what it is given. */
export function createApp(init: AppInit): OpenAPIHono<ServerEnv> {
  const { config, kernels, executions, metrics } = init;
  const app = createRouter();
  app.onError((error, c) => {
    const { signal } = c.req.raw;
    // Nobody reads the answer, and it is no failure of the server's.
    const known = signal.aborted && error === signal.reason ? CLIENT_LEFT : toHttpError(error);
    if (known.status >= 500) {
      getLogger("server").error("request failed", { reason: known.message, error });
    }
    return errorResponse(c, known);
  });
  app.notFound((c) => {
    const message = `There is nothing at ${c.req.method} ${c.req.path}; see /docs`;
    return errorResponse(c, new HttpError(404, "not_found", message));
  });
  app.use(requestLog(), metrics.middleware, securityHeaders());
  app.use(checkHost([config.host, ...config.allowedHosts]), checkOrigin(config.allowedOrigins));
  if (config.rateLimit > 0) {
    const limit = rateLimit(config.rateLimit);
    app.use("/api/*", limit).use("/login", limit);
  }
  if (config.token !== undefined) {
    app.use(requireToken({ token: config.token, port: config.port }));
  }
  app.options("/api/*", describeMethods);
  app.use("/api/*", jsonBody(config));
  const notebooks = config.notebookDir === undefined
    ? undefined
    : new Notebooks(config.notebookDir);
  const jupyter = jupyterKernels(kernels, config);
  app.route("/", kernelRoutes(kernels, jupyter));
  app.route("/", executionRoutes(executions));
  app.route("/", executeRoutes(kernels, executions, jupyter));
  app.route("/", introspectionRoutes(kernels));
  app.route("/", fileRoutes(kernels, config.maxUploadBytes));
  app.route("/", packageRoutes(kernels));
  app.route("/", notebookRoutes(notebooks));
  const kernelLimits = resolveLimits({}, config.kernelLimits, config.maxKernelLimits);
  app.route(
    "/",
    serverRoutes({
      kernels,
      modes: config.allowedKernelModes,
      defaultMode: config.defaultKernelMode,
      notebooks: notebooks !== undefined,
      limits: {
        maxKernels: config.maxKernels,
        maxQueue: kernelLimits.queue,
        kernel: kernelLimits,
        maxBodyBytes: config.maxBodyBytes,
        maxUploadBytes: config.maxUploadBytes,
      },
      isReady: init.isReady ?? (() => true),
    }),
  );
  app.get("/metrics", async (c) => {
    const { text, contentType } = await metrics.report();
    return c.body(text, 200, { "Content-Type": contentType });
  });
  app.route("/", docsRoutes(app));
  app.route("/", channelRoutes(kernels, jupyter));
  app.route("/", eventRoutes());
  app.route("/", kernelspecRoutes(jupyter.specs));
  app.route("/", sessionRoutes(new Sessions(kernels, jupyter), kernels, jupyter));
  const contents = new Contents(config.notebookDir);
  app.route("/", contentsRoutes(contents));
  app.route("/", resolvePathRoutes(kernels, contents));
  app.route("/", jupyterServerRoutes(kernels, jupyter, new ClientSettings(config.dataDir)));
  app.route("/", pageRoutes(init.pageDirectory));
  return app;
}

/** The kernels with the kinds that this server offers. */
function jupyterKernels(kernels: KernelManager, config: Config): JupyterKernels {
  const { allowedKernelModes, defaultKernelMode, inactivityTimeout } = config;
  const specs = new KernelSpecs(allowedKernelModes, defaultKernelMode, configuredSpecs(config));
  return new JupyterKernels(kernels, specs, { inactivityTimeout });
}
