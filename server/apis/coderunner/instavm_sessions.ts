import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { errors, jsonAnswer, jsonBody, pathParameter } from "../../http/openapi.ts";
import type { Executions } from "../../services/executions/executions.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { DEFAULT_LANGUAGE } from "./languages.ts";
import type { CodeRunnerSessions, Session } from "./sessions.ts";
import { sessionRecord, sessionRecordSchema } from "./instavm_session_record.ts";
import { sessionRequestSchema, settingsOf } from "./instavm_session_request.ts";

/** The most commands of each kernel that a session's usage is summed up from. */
const MAX_COUNTED = 10_000;
/** The most sessions in a list whose client names no number. */
const DEFAULT_LISTED = 100;

const tags = ["CodeRunner"];
const named = z.object({ session_id: z.string().optional() });
const sessionPath = z.object({
  session_id: pathParameter("session_id"),
});
const status = z.literal("active");
const startedSchema = z.object({ session_id: z.string(), status });
const stoppedSchema = z.object({ status: z.literal("stopped") });

/** CodeRunner's newest client leaves the last part of the path away. */
const start = ["/v1/sessions/session", "/v1/sessions"].map((path) =>
  createRoute({
    method: "post",
    path,
    tags,
    summary: "Start a session, as InstaVM's clients do",
    request: { body: { ...jsonBody(sessionRequestSchema), required: false } },
    responses: { 200: jsonAnswer(startedSchema, "The session"), ...errors(400, 429) },
  })
);

const showNamed = createRoute({
  method: "get",
  path: "/v1/sessions/session",
  tags,
  summary: "Show the session that the query names",
  request: { query: named },
  responses: { 200: jsonAnswer(startedSchema, "The session"), ...errors(400, 404) },
});

const stopNamed = createRoute({
  method: "delete",
  path: "/v1/sessions/session",
  tags,
  summary: "End the session that the query or the body names",
  request: { query: named, body: { ...jsonBody(named), required: false } },
  responses: { 200: jsonAnswer(stoppedSchema, "The session has ended"), ...errors(400, 404) },
});

const list = createRoute({
  method: "get",
  path: "/v1/sessions/sandboxes",
  tags,
  summary: "List the sessions, the newest first",
  request: {
    query: z.object({
      metadata: z.string().optional().openapi({
        description: "An object as JSON: only sessions whose metadata has all of it",
      }),
      limit: z.coerce.number().int().min(1).max(1_000).default(DEFAULT_LISTED),
    }),
  },
  responses: { 200: jsonAnswer(z.array(sessionRecordSchema), "The sessions"), ...errors(400) },
});

const show = [
  "/v1/sessions/session/{session_id}",
  "/v1/sessions/status/{session_id}",
  "/v1/sessions/{session_id}",
].map((path) =>
  createRoute({
    method: "get",
    path,
    tags,
    summary: "Show a session",
    request: { params: sessionPath },
    responses: { 200: jsonAnswer(sessionRecordSchema, "The session"), ...errors(404) },
  })
);

const stop = createRoute({
  method: "delete",
  path: "/v1/sessions/{session_id}",
  tags,
  summary: "End a session, as CodeRunner's newest client does",
  request: { params: sessionPath },
  responses: { 200: jsonAnswer(stoppedSchema, "The session has ended"), ...errors(404) },
});

const kill = createRoute({
  method: "post",
  path: "/kill",
  tags,
  summary: "End a session",
  request: { body: jsonBody(z.object({ session_id: z.string("name the session") })) },
  responses: {
    200: jsonAnswer(
      z.object({ success: z.literal(true), session_id: z.string(), status: z.literal("killed") }),
      "The session has ended",
    ),
    ...errors(404),
  },
});

const usage = createRoute({
  method: "get",
  path: "/v1/sessions/usage/{session_id}",
  tags,
  summary: "Sum up what a session's commands have used, as far as their records are kept",
  request: { params: sessionPath },
  responses: {
    200: jsonAnswer(
      z.object({
        session_id: z.string(),
        commands: z.int(),
        execution_time: z.number().openapi({ description: "In seconds" }),
        cpu_time: z.number().openapi({ description: "In seconds, as far as it was measured" }),
      }),
      "The usage",
    ),
    ...errors(404),
  },
});

/** Options for {@linkcode sessionRoutes}. */
export interface SessionRoutesInit {
  sessions: CodeRunnerSessions;
  executions: Executions;
}

/** The routes of InstaVM's sessions. */
export function sessionRoutes({ sessions, executions }: SessionRoutesInit) {
  async function usageOf(session: Session) {
    const commands = (await Promise.all(
      session.kernels.map(({ id }) => executions.list({ kernelId: id, limit: MAX_COUNTED })),
    )).flat();
    const sum = (of: "wallMs" | "cpuMs") =>
      commands.reduce((total, { usage }) => total + (usage?.[of] ?? 0), 0) / 1000;
    return {
      session_id: session.id,
      commands: commands.length,
      execution_time: sum("wallMs"),
      cpu_time: sum("cpuMs"),
    };
  }

  const router = createRestRouter()
    .openapi(showNamed, async (c) => {
      const { id: session_id } = await sessions.get(nameOf(c.req.valid("query")));
      return c.json({ session_id, status: "active" as const }, 200);
    })
    .openapi(stopNamed, async (c) => {
      await sessions.close(nameOf({ ...c.req.valid("json"), ...c.req.valid("query") }));
      return c.json({ status: "stopped" as const }, 200);
    })
    .openapi(list, async (c) => {
      const { metadata, limit } = c.req.valid("query");
      const wanted = wantedMetadata(metadata);
      const found = (await sessions.list()).filter(({ settings }) =>
        wanted.every(([name, value]) =>
          JSON.stringify(settings.metadata?.[name]) === JSON.stringify(value)
        )
      );
      return c.json(found.reverse().slice(0, limit).map(sessionRecord), 200);
    })
    .openapi(usage, async (c) => {
      return c.json(await usageOf(await sessions.get(c.req.valid("param").session_id)), 200);
    })
    .openapi(kill, async (c) => {
      const { session_id } = c.req.valid("json");
      await sessions.close(session_id);
      return c.json({ success: true as const, session_id, status: "killed" as const }, 200);
    })
    .openapi(stop, async (c) => {
      await sessions.close(c.req.valid("param").session_id);
      return c.json({ status: "stopped" as const }, 200);
    });
  for (const route of start) {
    router.openapi(route, async (c) => {
      const settings = settingsOf(c.req.valid("json"));
      const session_id = await sessions.start(DEFAULT_LANGUAGE, settings);
      return c.json({ session_id, status: "active" as const }, 200);
    });
  }
  for (const route of show) {
    router.openapi(route, async (c) => {
      return c.json(sessionRecord(await sessions.get(c.req.valid("param").session_id)), 200);
    });
  }
  return router;
}

/** Each session is somebody's own: there is none to mean without a name. */
function nameOf({ session_id }: z.infer<typeof named>): string {
  if (session_id !== undefined) return session_id;
  throw new HttpError(400, "invalid_argument", "Name the session by ?session_id=");
}

/** Reads the metadata that sessions in a list have to have. */
function wantedMetadata(text: string | undefined): [string, unknown][] {
  if (text === undefined) return [];
  try {
    return Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  } catch (cause) {
    throw new HttpError(
      400,
      "invalid_argument",
      "Cannot read the query: metadata: use a JSON object",
      { cause },
    );
  }
}
