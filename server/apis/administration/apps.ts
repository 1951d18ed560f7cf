import { createRoute, z } from "@hono/zod-openapi";
import { HttpError } from "../../errors/http_error.ts";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  pathParameter,
} from "../../http/openapi.ts";
import { type AppLink, appSettingsSchema } from "../../services/apps/app_links.ts";
import type { Apps } from "../../services/apps/apps.ts";

const tags = ["App views"];

const shown = appSettingsSchema.extend({
  id: z.string(),
  createdAt: z.string(),
  present: z.int().openapi({ description: "The number of viewers now" }),
}).openapi("AppLink");

const list = createRoute({
  method: "get",
  path: "/api/apps",
  tags,
  summary: "List the links to app views of notebooks; for the administrator",
  responses: { 200: jsonAnswer(z.object({ apps: z.array(shown) }), "The links") },
});

const create = createRoute({
  method: "post",
  path: "/api/apps",
  tags,
  summary: "Make a link to the app view of a notebook; for the administrator",
  request: { body: jsonBody(appSettingsSchema) },
  responses: {
    201: jsonAnswer(
      shown.extend({
        link: z.string().openapi({
          description: "The path of the link with its secret, which is shown only here",
        }),
      }),
      "The link: whoever has it sees the outputs of the notebook, run in a kernel of their own",
    ),
    ...errors(400, 404),
  },
});

const withdraw = createRoute({
  method: "delete",
  path: "/api/apps/{id}",
  tags,
  summary: "Withdraw a link: what its viewers see ends; for the administrator",
  request: {
    params: z.object({ id: pathParameter("id") }),
  },
  responses: { 204: emptyAnswer("The link is withdrawn"), ...errors(404) },
});

/** The routes by which the administrator makes and withdraws links to app views. */
export function appLinkRoutes(apps: Apps) {
  return createRouter()
    .openapi(list, (c) => c.json({ apps: apps.links.list().map(show) }, 200))
    .openapi(create, async (c) => {
      const { link, secret } = await apps.create(c.req.valid("json"));
      const answer = { ...show(link), link: `/apps/${link.id}?key=${secret}` };
      return c.json(answer, 201, { "Cache-Control": "no-store" });
    })
    .openapi(withdraw, async (c) => {
      const { id } = c.req.valid("param");
      if (await apps.withdraw(id)) return c.body(null, 204);
      throw new HttpError(404, "not_found", `Cannot find link "${id}"`);
    });

  function show(link: AppLink): z.infer<typeof shown> {
    const { sha256: _, ...others } = link;
    return { ...others, present: apps.viewersOf(link) };
  }
}
