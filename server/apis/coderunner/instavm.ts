import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, jsonBody } from "../../http/openapi.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { DEFAULT_LANGUAGE } from "./languages.ts";
import type { CodeRunnerSessions } from "./sessions.ts";

const tags = ["CodeRunner"];
const path = "/v1/sessions/session";
const named = z.object({ session_id: z.string().optional() });
const status = z.literal("active");

const start = createRoute({
  method: "post",
  path,
  tags,
  summary: "Start a session, as InstaVM's clients do",
  responses: {
    200: jsonAnswer(z.object({ session_id: z.string(), status }), "The session"),
    ...errors(429),
  },
});

const show = createRoute({
  method: "get",
  path,
  tags,
  summary: "Show a session",
  request: { query: named },
  responses: {
    200: jsonAnswer(z.object({ session_id: z.string(), status }), "The session"),
    ...errors(400, 404),
  },
});

const stop = createRoute({
  method: "delete",
  path,
  tags,
  summary: "End a session",
  request: { query: named, body: { ...jsonBody(named), required: false } },
  responses: {
    200: jsonAnswer(z.object({ status: z.literal("stopped") }), "The session has ended"),
    ...errors(400, 404),
  },
});

/** The actions of a browser that InstaVM has. */
const BROWSER_ACTIONS = ["navigate", "content"] as const;

/** The routes of InstaVM's first version that CodeRunner serves. */
export function instavmRoutes(sessions: CodeRunnerSessions) {
  const routes = createRestRouter()
    .openapi(start, async (c) => {
      const session_id = await sessions.start(DEFAULT_LANGUAGE);
      return c.json({ session_id, status: "active" as const }, 200);
    })
    .openapi(show, async (c) => {
      const { id: session_id } = await sessions.get(nameOf(c.req.valid("query")));
      return c.json({ session_id, status: "active" as const }, 200);
    })
    .openapi(stop, async (c) => {
      await sessions.close(nameOf({ ...c.req.valid("json"), ...c.req.valid("query") }));
      return c.json({ status: "stopped" as const }, 200);
    });
  for (const action of BROWSER_ACTIONS) {
    const browse = createRoute({
      method: "post",
      path: `/v1/browser/interactions/${action}`,
      tags,
      summary: "Answer that this server drives no browser",
      responses: { 501: { description: "This server drives no browser" } },
    });
    routes.openapi(browse, () => {
      throw new HttpError(
        501,
        "not_implemented",
        "This server drives no browser: its kernels run code and show what that displays",
      );
    });
  }
  return routes;
}

/** Each session is somebody's own: there is none to mean without a name. */
function nameOf({ session_id }: z.infer<typeof named>): string {
  if (session_id !== undefined) return session_id;
  throw new HttpError(400, "invalid_argument", "Name the session by ?session_id=");
}
