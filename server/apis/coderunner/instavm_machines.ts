import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import { emptyAnswer, errors, jsonAnswer, jsonBody, pathParameter } from "../../http/openapi.ts";
import { createRestRouter } from "../rest/rest_router.ts";
import { DEFAULT_LANGUAGE } from "./languages.ts";
import type { CodeRunnerSessions } from "./sessions.ts";
import { sessionRecord, sessionRecordSchema } from "./instavm_session_record.ts";
import { sessionRequestSchema, settingsOf } from "./instavm_session_request.ts";

/** Wishes for a machine that a session cannot fulfil. */
const IMPOSSIBLE = [
  "auto_resume",
  "auto_suspend",
  "image_variant",
  "oci_image",
  "snapshot_id",
  "snapshot_on_terminate",
  "template",
  "vault_ids",
  "volumes",
];

const tags = ["CodeRunner"];
const machinePath = z.object({
  vm_id: pathParameter("vm_id"),
});

const create = ["/v1/vms", "/v1/vms/"].map((path) =>
  createRoute({
    method: "post",
    path,
    tags,
    summary: "Start a session, which InstaVM's clients see as a machine",
    request: { body: jsonBody(sessionRequestSchema.loose()) },
    responses: {
      200: jsonAnswer(sessionRecordSchema, "The session"),
      ...errors(400, 429),
      501: emptyAnswer("A session has nothing of that kind; `detail` names it"),
    },
  })
);

const list = ["/v1/vms", "/v1/vms/"].map((path) =>
  createRoute({
    method: "get",
    path,
    tags,
    summary: "List the sessions, the oldest first",
    responses: { 200: jsonAnswer(z.array(sessionRecordSchema), "The sessions") },
  })
);

const show = createRoute({
  method: "get",
  path: "/v1/vms/{vm_id}",
  tags,
  summary: "Show the session of a machine",
  request: { params: machinePath },
  responses: { 200: jsonAnswer(sessionRecordSchema, "The session"), ...errors(404) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/vms/{vm_id}",
  tags,
  summary: "End the session of a machine",
  request: { params: machinePath },
  responses: {
    200: jsonAnswer(
      z.object({ success: z.literal(true), vm_id: z.string() }),
      "The session has ended",
    ),
    ...errors(404),
  },
});

/** The routes of InstaVM's machines: each is a session. */
export function machineRoutes(sessions: CodeRunnerSessions) {
  const router = createRestRouter()
    .openapi(show, async (c) => {
      return c.json(sessionRecord(await sessions.get(c.req.valid("param").vm_id)), 200);
    })
    .openapi(remove, async (c) => {
      const { vm_id } = c.req.valid("param");
      await sessions.close(vm_id);
      return c.json({ success: true as const, vm_id }, 200);
    });
  for (const route of create) {
    router.openapi(route, async (c) => {
      const wishes = c.req.valid("json");
      const impossible = IMPOSSIBLE.filter((name) => isWished(wishes[name]));
      if (impossible.length > 0) {
        throw new HttpError(
          501,
          "not_implemented",
          `A session of this server has no ${impossible.join(", ")}`,
        );
      }
      const id = await sessions.start(DEFAULT_LANGUAGE, settingsOf(wishes));
      return c.json(sessionRecord(await sessions.get(id)), 200);
    });
  }
  for (const route of list) {
    router.openapi(route, async (c) => c.json((await sessions.list()).map(sessionRecord), 200));
  }
  return router;
}

function isWished(value: unknown): boolean {
  return value != null && value !== false && !(Array.isArray(value) && value.length === 0);
}
