import { createRoute, z } from "@hono/zod-openapi";
import { errors, jsonAnswer, pathParameter } from "../../http/openapi.ts";
import type { KernelKinds } from "../../services/kernels/kinds.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { epochSeconds } from "../rest/stream_text.ts";
import { DEFAULT_LANGUAGE, languageOf } from "./languages.ts";
import type { CodeRunnerSessions, Session } from "./sessions.ts";

const tags = ["CodeRunner"];
const sessionPath = z.object({
  session_id: pathParameter("session_id"),
});
const status = z.literal("active");
const sessionSchema = z.object({
  session_id: z.string(),
  language: z.string(),
  created_at: z.iso.datetime(),
  last_used: z.iso.datetime(),
  status,
});

const start = createRoute({
  method: "post",
  path: "/sessions",
  tags,
  summary: "Start a session, which ends after 24 hours without work",
  request: { query: z.object({ language: z.string().optional() }) },
  responses: {
    200: jsonAnswer(
      z.object({ session_id: z.string(), status, created_at: z.number() }),
      "The session",
    ),
    ...errors(400, 429),
  },
});

const list = createRoute({
  method: "get",
  path: "/sessions",
  tags,
  summary: "List the sessions",
  responses: {
    200: jsonAnswer(
      z.object({
        sessions: z.record(z.string(), sessionSchema.extend({ id: z.string() })),
      }),
      "The sessions by id",
    ),
  },
});

const show = createRoute({
  method: "get",
  path: "/sessions/{session_id}",
  tags,
  summary: "Show a session",
  request: { params: sessionPath },
  responses: { 200: jsonAnswer(sessionSchema, "The session"), ...errors(404) },
});

const close = createRoute({
  method: "delete",
  path: "/sessions/{session_id}",
  tags,
  summary: "End a session",
  request: { params: sessionPath },
  responses: {
    200: jsonAnswer(
      z.object({ success: z.literal(true), message: z.string() }),
      "The session has ended",
    ),
    ...errors(404),
  },
});

/** The routes of sessions. */
export function sessionRoutes(sessions: CodeRunnerSessions, kinds: KernelKinds) {
  return createRestRouter()
    .openapi(start, async (c) => {
      const language = languageOf(kinds, c.req.valid("query").language ?? DEFAULT_LANGUAGE);
      const session_id = await sessions.start(language);
      const { created } = await sessions.get(session_id);
      const created_at = epochSeconds(created);
      return c.json({ session_id, status: "active" as const, created_at }, 200);
    })
    .openapi(list, async (c) => {
      const all = await sessions.list();
      const byId = Object.fromEntries(all.map((it) => [it.id, { id: it.id, ...model(it) }]));
      return c.json({ sessions: byId }, 200);
    })
    .openapi(show, async (c) => {
      return c.json(model(await sessions.get(c.req.valid("param").session_id)), 200);
    })
    .openapi(close, async (c) => {
      const { session_id } = c.req.valid("param");
      await sessions.close(session_id);
      return c.json({ success: true as const, message: `Session ${session_id} closed` }, 200);
    });
}

function model({ id, language, created, lastUsed }: Session) {
  return {
    ...{ session_id: id, language, created_at: created, last_used: lastUsed },
    status: "active" as const,
  };
}
