import type { Context, Hono, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ServerEnv } from "../http/env.ts";
import { isForSandbox } from "../http/visitor.ts";
import type { ServerServices, Services } from "../services/mod.ts";
import { withGrant } from "../services/namespaces/requester.ts";
import type { Sandboxes } from "../services/sandboxes/sandboxes.ts";

/** Tells to whom sandboxes belong. */
export type SandboxOwners = Pick<Sandboxes, "namespaceOf">;

/**
 * Returns the namespace that a request is for: that of its token, or for a client that knows the secrets of
 * a sandbox, that of the sandbox. Undefined: the whole server.
 */
export function namespaceOf(c: Context<ServerEnv>, sandboxes: SandboxOwners): string | undefined {
  const visitor = c.get("visitor");
  if (visitor.kind === "holder") return visitor.token.namespace;
  const sandboxId = isForSandbox(c.req.path) ? c.req.header("E2b-Sandbox-Id") : undefined;
  return sandboxId === undefined ? undefined : sandboxes.namespaceOf(sandboxId);
}

/** Options for {@linkcode serveNamespaces}. */
export interface NamespacesOptions {
  services: Pick<ServerServices, "within" | "tokens" | "sandboxes">;
  /** Makes the routes over some services; `first` comes before all of them. */
  createApp: (services: Services, first: MiddlewareHandler<ServerEnv>) => Hono<ServerEnv>;
}

/**
 * Answers the requests of namespaces. Each namespace has routes of its own, made over services that have
 * only what belongs to it: nothing that a route remembers is shared with others. Whoever is known by no token
 * gets the routes of a namespace in which there is nothing.
 */
export function serveNamespaces(
  { services, createApp }: NamespacesOptions,
): MiddlewareHandler<ServerEnv> {
  const apps = new WeakMap<Services, Hono<ServerEnv>>();
  /** The contexts of the requests that are passed on. */
  const passedOn = new WeakMap<Request, Context<ServerEnv>>();

  async function takeOver(c: Context<ServerEnv>, next: () => Promise<void>): Promise<void> {
    const outer = passedOn.get(c.req.raw)!;
    for (const name of ["client", "visitor", "requestId", "fetch"] as const) {
      c.set(name, outer.get(name));
    }
    await next();
    outer.set("route", routePath(c, -1));
  }

  function appOf(its: Services): Hono<ServerEnv> {
    const app = apps.get(its) ?? createApp(its, takeOver);
    apps.set(its, app);
    return app;
  }

  return async function serveNamespaces(c, next) {
    const visitor = c.get("visitor");
    const namespace = namespaceOf(c, services.sandboxes);
    const isUnknown = visitor.kind === "nobody" && services.tokens.areUsed &&
      !isForSandbox(c.req.path);
    if (namespace === undefined && !isUnknown) return await next();
    const app = appOf(services.within(namespace ?? null));
    passedOn.set(c.req.raw, c);
    const answer = () => app.fetch(c.req.raw, c.env);
    return visitor.kind === "holder"
      ? await withGrant(visitor.token.grant, answer)
      : await answer();
  };
}
