import type { OpenAPIHono } from "@hono/zod-openapi";
import { type KernelManager, resolveLimits } from "../kernel/mod.ts";
import type { Config } from "./config.ts";
import type { ServerEnv } from "./env.ts";
import { CLIENT_LEFT, errorResponse, HttpError, toHttpError } from "./errors.ts";
import type { Executions } from "./executions/executions.ts";
import type { Metrics } from "./metrics.ts";
import { ClientSettings } from "./jupyter/client_settings.ts";
import { Contents } from "./jupyter/contents.ts";
import { JupyterKernels } from "./jupyter/kernels.ts";
import { KernelSpecs } from "./jupyter/kernelspecs.ts";
import { channelRoutes } from "./jupyter/routes/channels.ts";
import { contentsRoutes } from "./jupyter/routes/contents.ts";
import { eventRoutes } from "./jupyter/routes/events.ts";
import { kernelspecRoutes } from "./jupyter/routes/kernelspecs.ts";
import { resolvePathRoutes } from "./jupyter/routes/resolve_path.ts";
import { jupyterServerRoutes } from "./jupyter/routes/server.ts";
import { sessionRoutes } from "./jupyter/routes/sessions.ts";
import { Sessions } from "./jupyter/sessions.ts";
import { configuredSpecs } from "./kernel_profiles.ts";
import { requireToken } from "./middleware/auth.ts";
import { checkHost } from "./middleware/host.ts";
import { jsonBody } from "./middleware/json_body.ts";
import { checkOrigin, describeMethods } from "./middleware/origin.ts";
import { rateLimit } from "./middleware/rate_limit.ts";
import { requestLog } from "./middleware/request_log.ts";
import { securityHeaders } from "./middleware/security_headers.ts";
import { Notebooks } from "./notebooks.ts";
import { docsRoutes } from "./routes/docs.ts";
import { executeRoutes } from "./routes/execute.ts";
import { executionRoutes } from "./routes/executions.ts";
import { fileRoutes } from "./routes/files.ts";
import { introspectionRoutes } from "./routes/introspection.ts";
import { kernelRoutes } from "./routes/kernels.ts";
import { notebookRoutes } from "./routes/notebooks.ts";
import { createRouter } from "./routes/openapi.ts";
import { packageRoutes } from "./routes/packages.ts";
import { pageRoutes } from "./routes/page.ts";
import { serverRoutes } from "./routes/server.ts";
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
