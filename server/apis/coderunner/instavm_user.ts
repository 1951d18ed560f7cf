import { createRoute, z } from "@hono/zod-openapi";
import { jsonAnswer } from "../../http/openapi.ts";
import { createRestRouter } from "../rest/rest_router.ts";

const tags = ["CodeRunner"];

const me = createRoute({
  method: "get",
  path: "/v1/users/me",
  tags,
  summary: "Show whose token a request has",
  responses: {
    200: jsonAnswer(
      z.object({
        id: z.string().openapi({ description: "The namespace, or `administrator`" }),
        name: z.string(),
        email: z.null(),
      }),
      "The user",
    ),
  },
});

const sshKeys = createRoute({
  method: "get",
  path: "/v1/ssh-keys",
  tags,
  summary: "List the keys by which sessions are reached: there are none",
  responses: { 200: jsonAnswer(z.object({ keys: z.array(z.unknown()) }), "No keys") },
});

/** The routes by which InstaVM's clients look at their account. */
export function userRoutes() {
  return createRestRouter()
    .openapi(me, (c) => {
      const visitor = c.get("visitor");
      const id = visitor.kind === "holder" ? visitor.token.namespace : visitor.kind;
      return c.json({ id, name: id, email: null }, 200);
    })
    .openapi(sshKeys, (c) => c.json({ keys: [] }, 200));
}
