/**
 * The API of a Jupyter server: kernel channels, kernelspecs, sessions, files and settings, for
 * JupyterLab, the classic Notebook and editors. Kernels themselves belong to the native API.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { ChannelDirectory } from "./channels/channel_directory.ts";
import { ClientSettings } from "./client_settings.ts";
import { Contents } from "./contents/contents.ts";
import { channelRoutes } from "./routes/channels.ts";
import { contentsRoutes } from "./routes/contents.ts";
import { eventRoutes } from "./routes/events.ts";
import { kernelspecRoutes } from "./routes/kernelspecs.ts";
import { resolvePathRoutes } from "./routes/resolve_path.ts";
import { jupyterServerRoutes } from "./routes/server.ts";
import { sessionRoutes } from "./routes/sessions.ts";

/** Registers the routes of the Jupyter API. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { kernels, executions, sessions, directories } = services;
  const contents = new Contents(directories.notebooks);
  app.route("/", channelRoutes(kernels, new ChannelDirectory(kernels, executions)));
  app.route("/", eventRoutes());
  app.route("/", kernelspecRoutes(kernels.kinds));
  app.route("/", sessionRoutes(sessions, kernels));
  app.route("/", contentsRoutes(contents));
  app.route("/", resolvePathRoutes(kernels, contents));
  app.route("/", jupyterServerRoutes(kernels, new ClientSettings(directories.data)));
}
