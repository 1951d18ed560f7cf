import { chosenFamilies, mountApis } from "./apis/mod.ts";
import { ClientSettings } from "./apis/jupyter/client_settings.ts";
import { atPathOfToken } from "./apis/jupyter/lab/lab_port.ts";
import type { LabSource } from "./apis/jupyter/lab/lab_source.ts";
import { labRoutes } from "./apis/jupyter/lab/routes.ts";
import * as jupyter from "./apis/jupyter/mod.ts";
import type { AppInit } from "./app.ts";
import { answerErrors } from "./errors/answer_errors.ts";
import { createRouter } from "./http/openapi.ts";
import { jsonBody } from "./http/json_body.ts";
import { guard, guardBodies } from "./middleware/mod.ts";
import { serveNamespaces } from "./middleware/namespaces.ts";

/** The namespace of JupyterLab's kernels and files. */
export const LAB_NAMESPACE = "lab";

/** Options for {@linkcode createLabApp}. */
export interface LabAppInit extends Pick<AppInit, "config" | "services" | "metrics"> {
  source: LabSource;
}

/**
 * Makes the answers of JupyterLab's port, which is an origin of its own: scripts of outputs run in JupyterLab's page.
 * There are tokens of namespaces only, no cookies, no other origins, and nothing for an administrator.
 */
export function createLabApp({ config, services, metrics, source }: LabAppInit) {
  const app = createRouter();
  answerErrors(app);
  guard(app, {
    config: { ...config, token: undefined, allowedOrigins: [] },
    services,
    measure: metrics.middleware,
    requireToken: true,
  });
  app.use(serveNamespaces({
    services,
    createApp(its, first) {
      const settings = new ClientSettings(its.directories.data, "lab-settings.json");
      const own = createRouter();
      answerErrors(own);
      own.use(first);
      guardBodies(own, config);
      own.use("/lab/api/*", jsonBody(config));
      mountApis(own, its, {
        ...chosenFamilies([]),
        jupyter: {
          mount(family, of) {
            family.route("/", labRoutes({ files: () => source.get(), settings }));
            jupyter.mount(family, of);
          },
        },
      });
      return own;
    },
  }));
  return atPathOfToken(app.fetch, services.tokens);
}
