import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { commRoutes } from "../native/comms.ts";
import { executionRoutes } from "../native/executions.ts";
import { kernelRoutes } from "../native/kernels.ts";
import { answerErrors } from "../../errors/answer_errors.ts";
import { HttpError } from "../../errors/http_error.ts";
import type { ServerEnv } from "../../http/env.ts";
import { type BodyLimits, jsonBody, limitTo } from "../../http/json_body.ts";
import { createRouter } from "../../http/openapi.ts";
import { streamResponse } from "../../http/streaming.ts";
import type { AppLink } from "../../services/apps/app_links.ts";
import type { Apps } from "../../services/apps/apps.ts";
import type { AppView } from "../../services/apps/app_view.ts";
import type { Services } from "../../services/mod.ts";
import { withoutCode } from "./without_code.ts";

/** The requests about its own kernel that a viewer's page may send: what widgets and tables need. */
const KERNEL_ROUTES = [
  "GET /api/kernels/:kernel",
  "GET /api/kernels/:kernel/events",
  "GET /api/kernels/:kernel/comms",
  "POST /api/kernels/:kernel/comms",
  "POST /api/kernels/:kernel/comms/:commId/messages",
  "DELETE /api/kernels/:kernel/comms/:commId",
] as const;

/** The requests about its own executions that a viewer's page may send. */
const EXECUTION_ROUTES = [
  "GET /api/executions/:execution/events",
  "POST /api/executions/:execution/input",
] as const;

/** Options for {@linkcode appRoutes}. */
export interface AppRoutesInit {
  apps: Apps;
  services: Pick<Services, "kernels" | "executions">;
  config: BodyLimits;
  /** Answers with the web notebook, which shows what its path names. */
  page: (c: Context<ServerEnv>) => Promise<Response>;
}

/**
 * The routes of the viewers of notebooks. Whoever has a link may have the notebook run in a kernel of their own,
 * see what it shows, and move its widgets: nothing else, and no code.
 */
export function appRoutes({ apps, services, config, page }: AppRoutesInit) {
  const inner = createRouter();
  answerErrors(inner);
  inner.use("/api/*", jsonBody(config));
  inner.route("/", kernelRoutes(services.kernels));
  inner.route("/", commRoutes(services.kernels));
  inner.route("/", executionRoutes(services.executions));

  /** Returns the link that a request has come by. */
  function linkOf(c: Context<ServerEnv>): AppLink {
    const id = c.req.param("id")!;
    const link = apps.links.find(id, getCookie(c, cookieOf(id)) ?? "");
    if (link) return link;
    throw new HttpError(403, "permission_denied", "This link is not valid, or not any more");
  }

  function viewOf(c: Context<ServerEnv>): AppView {
    const view = apps.find(linkOf(c), c.req.param("view")!);
    if (view) return view;
    throw new HttpError(404, "not_found", "This view has ended");
  }

  /** Answers a request as the API does, for something of the viewer's own. */
  async function passOn(c: Context<ServerEnv>): Promise<Response> {
    const { method, headers, signal } = c.req.raw;
    const { pathname, search } = new URL(c.req.url);
    const path = pathname.slice(pathname.indexOf("/api/"));
    const request = new Request(new URL(path + search, "http://localhost"), {
      method,
      headers,
      signal,
      ...(method === "POST" && { body: await c.req.arrayBuffer() }),
    });
    const response = await inner.fetch(request, c.env);
    if (!path.endsWith("/events") || !response.ok || !response.body) return response;
    return new Response(withoutCode(response.body), response);
  }

  const routes = new Hono<ServerEnv>()
    .use("/apps/*", limitTo(config.maxBodyBytes, "MAX_BODY_BYTES"))
    .get("/apps/:id", async (c) => {
      const id = c.req.param("id");
      const key = c.req.query("key");
      if (key === undefined) return await page(c);
      if (apps.links.find(id, key)) {
        const { secure } = c.get("client");
        const path = `/apps/${id}`;
        setCookie(c, cookieOf(id), key, { httpOnly: true, sameSite: "Strict", path, secure });
      }
      return c.redirect(`/apps/${encodeURIComponent(id)}`, 303);
    })
    .post("/apps/:id/views", async (c) => {
      const view = await apps.open(linkOf(c));
      return c.json(shownOf(view), 201, { "Cache-Control": "no-store" });
    })
    .get("/apps/:id/views/:view/events", (c) => {
      const view = viewOf(c);
      return streamResponse(async function* (signal) {
        for await (const step of view.follow(signal)) yield { json: JSON.stringify(step) };
      });
    })
    .delete("/apps/:id/views/:view", async (c) => {
      await viewOf(c)[Symbol.asyncDispose]();
      return c.body(null, 204);
    });
  const kernelView = (c: Context<ServerEnv>) =>
    apps.findByKernel(linkOf(c), c.req.param("kernel")!);
  const executionView = (c: Context<ServerEnv>) =>
    apps.findByExecution(linkOf(c), c.req.param("execution")!);
  for (
    const [list, find] of [[KERNEL_ROUTES, kernelView], [EXECUTION_ROUTES, executionView]] as const
  ) {
    for (const route of list) {
      const [method, path] = route.split(" ") as [string, string];
      routes.on(method, `/apps/:id${path}`, async (c: Context<ServerEnv>) => {
        if (find(c)) return await passOn(c);
        throw new HttpError(404, "not_found", "This view has ended");
      });
    }
  }
  return routes;
}

function cookieOf(id: string): string {
  return `app-${id.replaceAll(/[^\w-]/g, "")}`;
}

/** Returns a view as the page needs it: the text of Markdown, and of code only the places of its outputs. */
function shownOf({ id, title, kernelId, notebook }: AppView) {
  return {
    id,
    title,
    kernelId,
    cells: notebook.cells.filter(({ cell_type }) => cell_type !== "raw").map((cell) => ({
      id: cell.id,
      type: cell.cell_type,
      source: cell.cell_type === "markdown" ? cell.source : "",
      ...(cell.cell_type === "markdown" && cell.attachments && { attachments: cell.attachments }),
    })),
  };
}
