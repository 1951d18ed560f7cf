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
import { collaborationRoutes } from "./collaboration.ts";
import { Contents } from "./contents/contents.ts";
import { channelRoutes } from "./channels.ts";
import { contentsRoutes } from "./contents.ts";
import { colabRoutes } from "./colab/colab.ts";
import { eventRoutes } from "./events.ts";
import { fileRoutes } from "./files.ts";
import { kernelspecRoutes } from "./kernelspecs.ts";
import { resolvePathRoutes } from "./resolve_path.ts";
import { jupyterServerRoutes } from "./server.ts";
import { sessionRoutes } from "./sessions.ts";

/** Registers the routes of the Jupyter API. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { kernels, executions, sessions, liveNotebooks, directories } = services;
  const contents = new Contents(directories.notebooks);
  app.route("/", channelRoutes(kernels, new ChannelDirectory(kernels, executions)));
  app.route("/", collaborationRoutes(liveNotebooks));
  app.route("/", eventRoutes());
  app.route("/", kernelspecRoutes(kernels.kinds));
  app.route("/", sessionRoutes(sessions, kernels));
  app.route("/", contentsRoutes(contents));
  app.route("/", fileRoutes(contents));
  app.route("/", resolvePathRoutes(kernels, contents));
  app.route("/", colabRoutes());
  app.route("/", jupyterServerRoutes(kernels, new ClientSettings(directories.data)));
}
