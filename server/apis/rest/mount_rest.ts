import { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { ServerEnv } from "../../http/env.ts";
import { jsonBody } from "../../http/json_body.ts";
import type { ServerFacts } from "../../services/mod.ts";
import { answerWithDetail } from "./rest_router.ts";

/** Options for {@linkcode mountRest}. */
export interface RestMount {
  /** The path below which the routes are registered and described. */
  prefix: string;
  /** The routes below the prefix only. */
  prefixed: OpenAPIHono<ServerEnv>;
  /** The routes below the prefix and at the root, where the family's clients look for them. */
  routes?: OpenAPIHono<ServerEnv>;
  limits: ServerFacts["limits"];
}

/** Registers the routes of a family whose clients expect errors, and paths at the root, as of FastAPI. */
export function mountRest(
  app: OpenAPIHono<ServerEnv>,
  { prefix, prefixed, routes, limits }: RestMount,
): void {
  answerWithDetail(app);
  const readBody = jsonBody(limits);
  function add(path: string, from: OpenAPIHono<ServerEnv>, described: boolean): void {
    const below = path === "/" ? "" : path;
    for (const { method, path } of from.routes) {
      if (method !== "GET") app.on(method, `${below}${path}`, readBody);
    }
    // Routes that come by a plain router are not described a second time.
    app.route(path, described ? from : new Hono<ServerEnv>().route("/", from));
  }
  add(prefix, prefixed, true);
  if (!routes) return;
  add(prefix, routes, true);
  add("/", routes, false);
}
