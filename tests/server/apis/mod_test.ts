import { createRoute } from "@hono/zod-openapi";
import assert from "node:assert/strict";
import {
  type ApiFamily,
  FAMILIES,
  mountApis,
  routesOf,
  SHARED_ROUTES,
} from "../../../server/apis/mod.ts";
import { createRouter, emptyAnswer } from "../../../server/http/openapi.ts";
import { withServer } from "../../support/server.ts";

/** A family with one route. */
function family(method: "get" | "post", path: string): ApiFamily {
  return {
    mount(app) {
      const route = createRoute({ method, path, responses: { 204: emptyAnswer("Nothing") } });
      app.openapi(route, (c) => c.body(null, 204));
    },
  };
}

Deno.test("no two families register one route, and shared routes are their owner's", () =>
  withServer({}, (server) => {
    const owners = new Map<string, string>();
    for (const [name, family] of Object.entries(FAMILIES)) {
      const router = createRouter();
      family.mount(router, server.services);
      const routes = routesOf(router);
      assert(routes.length > 0, `${name} has no routes`);
      for (const route of routes) {
        const shape = route.replaceAll(/:\w+/g, ":");
        assert.equal(owners.get(shape), undefined, `${name} and another register ${route}`);
        owners.set(shape, name);
      }
    }
    for (const [route, { owner, wantedBy }] of Object.entries(SHARED_ROUTES)) {
      assert.equal(owners.get(route.replaceAll(/:\w+/g, ":")), owner, route);
      assert(wantedBy.length > 0 && !wantedBy.includes(owner), route);
      for (const name of [owner, ...wantedBy]) assert(name in FAMILIES, name);
    }
    return Promise.resolve();
  }));

Deno.test("mountApis() refuses a family that registers another's route", () =>
  withServer({}, (server) => {
    const mount = (families: Record<string, ApiFamily>) => () =>
      mountApis(createRouter(), server.services, families);
    assert.throws(
      mount({ a: family("get", "/x/{id}"), b: family("get", "/x/{name}") }),
      /Cannot mount "b": "GET \/x\/:name" belongs to "a"/,
    );
    assert.throws(
      mount({ b: family("get", "/health") }),
      /Cannot mount "b": "GET \/health" belongs to "native"/,
    );
    mount({ a: family("get", "/x"), b: family("post", "/x") })();
    return Promise.resolve();
  }));

Deno.test("the families want the server's token for all but signs of life", () =>
  withServer({ TOKEN: "0123456789abcdef" }, async (server) => {
    for (const prefix of ["", "/coderunner", "/colab", "/kernel-proxy", "/jupycell"]) {
      await server.json(200, "GET", `${prefix}/health`);
      await server.json(403, "GET", `${prefix}/healthy`);
    }
    for (const prefix of ["", "/coderunner"]) await server.json(403, "GET", `${prefix}/sessions`);
    for (const prefix of ["", "/colab", "/kernel-proxy"]) {
      await server.json(403, "POST", `${prefix}/start_kernel`);
    }
    for (const prefix of ["", "/jupycell"]) await server.json(403, "POST", `${prefix}/start`);
    assert.deepEqual(server.kernels.listKernels(), []);
  }));
