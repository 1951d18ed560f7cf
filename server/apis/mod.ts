/**
 * The families of APIs. A family is a folder with one `mount`; a new one is added by a line in
 * `FAMILIES`.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ServerEnv } from "../http/env.ts";
import { createRouter } from "../http/openapi.ts";
import type { Services } from "../services/mod.ts";
import { checkAccess } from "./access.ts";
import * as coderunner from "./coderunner/mod.ts";
import * as colab from "./colab/mod.ts";
import * as e2b from "./e2b/mod.ts";
import * as earlier from "./earlier/mod.ts";
import * as jupycell from "./jupycell/mod.ts";
import * as jupyter from "./jupyter/mod.ts";
import * as kernel_proxy from "./kernel_proxy/mod.ts";
import * as mcp from "./mcp/mod.ts";
import * as native from "./native/mod.ts";

/** A family of APIs. */
export interface ApiFamily {
  /** Registers the family's routes, which translate requests for the services. */
  mount(app: OpenAPIHono<ServerEnv>, services: Services): void;
}

/** All families by name, in the order in which a request is offered to them. */
export const FAMILIES: Readonly<Record<string, ApiFamily>> = {
  native,
  jupyter,
  earlier,
  mcp,
  coderunner,
  colab,
  kernel_proxy,
  jupycell,
  e2b,
};

/**
 * The family that answers each route that several families want. The owner's answer is the union of the
 * shapes that the families' clients expect; the other families do not register the route.
 */
export const SHARED_ROUTES: Readonly<Record<string, { owner: string; wantedBy: string[] }>> = {
  "GET /api/kernels": { owner: "native", wantedBy: ["jupyter", "earlier"] },
  "POST /api/kernels": { owner: "native", wantedBy: ["jupyter", "earlier"] },
  "GET /api/kernels/:id": { owner: "native", wantedBy: ["jupyter"] },
  "DELETE /api/kernels/:id": { owner: "native", wantedBy: ["jupyter", "earlier"] },
  "POST /api/kernels/:id/interrupt": { owner: "native", wantedBy: ["jupyter", "earlier"] },
  "POST /api/kernels/:id/restart": { owner: "native", wantedBy: ["jupyter", "earlier"] },
  "GET /health": { owner: "native", wantedBy: ["earlier", "coderunner", "colab"] },
};

/** Returns the families of these names besides the native one, which the page and the others' clients need. */
export function chosenFamilies(names: readonly string[]): Readonly<Record<string, ApiFamily>> {
  return Object.fromEntries(
    Object.entries(FAMILIES).filter(([name]) => name === "native" || names.includes(name)),
  );
}

/**
 * Registers the routes of every family, each behind a check of what the request's token is for.
 *
 * @throws {Error} when two families register one route, or one registers what another owns.
 */
export function mountApis(
  app: OpenAPIHono<ServerEnv>,
  services: Services,
  families: Readonly<Record<string, ApiFamily>> = FAMILIES,
): void {
  const owners = new Map(
    Object.entries(SHARED_ROUTES).map(([route, { owner }]) => [
      shapeOf(route),
      owner,
    ]),
  );
  for (const [name, family] of Object.entries(families)) {
    const router = createRouter();
    family.mount(router, services);
    for (const route of routesOf(router)) {
      const owner = owners.get(shapeOf(route));
      if (owner !== undefined && owner !== name) {
        throw new Error(`Cannot mount "${name}": "${route}" belongs to "${owner}"`);
      }
      owners.set(shapeOf(route), name);
      const [method = "", path = ""] = route.split(" ");
      const others = Object.entries(SHARED_ROUTES).find(([shared]) =>
        shapeOf(shared) === shapeOf(route)
      )?.[1].wantedBy ?? [];
      app.on(method, path, checkAccess({ families: [name, ...others], route }));
    }
    app.route("/", router);
  }
}

/** Lists the routes of a router, such as "GET /api/kernels/:id". */
export function routesOf(router: OpenAPIHono<ServerEnv>): string[] {
  return [...new Set(router.routes.map(({ method, path }) => `${method} ${path}`))];
}

/** Returns a route without the names of its parameters: two routes of one shape take the same requests. */
function shapeOf(route: string): string {
  return route.replaceAll(/:\w+/g, ":");
}
