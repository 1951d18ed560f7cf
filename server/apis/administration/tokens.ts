import { createRoute, z } from "@hono/zod-openapi";
import { KernelMode } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";
import {
  createRouter,
  emptyAnswer,
  errors,
  jsonAnswer,
  jsonBody,
  pathParameter,
} from "../../http/openapi.ts";
import { EXECUTION_ORIGINS } from "../../services/executions/record.ts";
import { type Token, TOKEN_SCOPES, tokenSettingsSchema } from "../../services/tokens/token.ts";
import { TokenFileError } from "../../services/tokens/token_file.ts";
import type { Tokens } from "../../services/tokens/tokens.ts";

const tags = ["Tokens"];

const shown = z.object({
  id: z.string(),
  namespace: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  families: z.array(z.enum(EXECUTION_ORIGINS)).nullable().openapi({ description: "null: all" }),
  limits: z.record(z.string(), z.number()).openapi({
    description: "The most kernels at a time, and the highest limits of each",
  }),
  requestsPerMinute: z.int().nullable(),
  modes: z.array(z.enum(KernelMode)),
  mounts: z.array(z.string()),
  servers: z.array(z.string()),
  permissions: z.boolean(),
  createdAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  kept: z.boolean().openapi({ description: "True if the token outlives the server" }),
}).openapi("Token");

const list = createRoute({
  method: "get",
  path: "/api/tokens",
  tags,
  summary: "List the tokens that are bound to namespaces; for the administrator",
  responses: { 200: jsonAnswer(z.object({ tokens: z.array(shown) }), "The tokens") },
});

const create = createRoute({
  method: "post",
  path: "/api/tokens",
  tags,
  summary: "Make a token that is bound to a namespace; for the administrator",
  request: { body: jsonBody(tokenSettingsSchema) },
  responses: {
    201: jsonAnswer(
      shown.extend({
        token: z.string().openapi({ description: "The token, which is shown only here" }),
      }),
      "The token",
    ),
    ...errors(400, 403),
  },
});

const withdraw = createRoute({
  method: "delete",
  path: "/api/tokens/{id}",
  tags,
  summary: "Withdraw a token: its open connections end; for the administrator",
  request: {
    params: z.object({ id: pathParameter("id") }),
  },
  responses: { 204: emptyAnswer("The token is withdrawn"), ...errors(404) },
});

/**
 * The routes by which the administrator makes and withdraws tokens. `areAsked` tells whether the server asks
 * for tokens at all.
 */
export function tokenRoutes(tokens: Tokens, { areAsked }: { areAsked: boolean }) {
  return createRouter()
    .openapi(list, (c) => c.json({ tokens: tokens.list().map(show) }, 200))
    .openapi(create, async (c) => {
      if (!areAsked) {
        throw new HttpError(
          403,
          "permission_denied",
          "Cannot make a token: this server lets everybody in; start it with TOKEN",
        );
      }
      const { token, secret } = await changing(() => tokens.create(c.req.valid("json")));
      return c.json({ ...show(token), token: secret }, 201, { "Cache-Control": "no-store" });
    })
    .openapi(withdraw, async (c) => {
      const { id } = c.req.valid("param");
      if (await changing(() => tokens.withdraw(id))) return c.body(null, 204);
      throw new HttpError(404, "not_found", `Cannot find token "${id}"`);
    });

  function show(token: Token): z.infer<typeof shown> {
    const { id, namespace, scopes, families, requestsPerMinute, grant, entry } = token;
    const { modes, mounts, servers, permissions } = grant;
    return {
      id,
      namespace,
      scopes: [...scopes],
      families: families ? [...families] as z.infer<typeof shown>["families"] : null,
      limits: entry.limits ?? {},
      requestsPerMinute: requestsPerMinute ?? null,
      modes: [...modes],
      mounts: [...mounts],
      servers: [...servers],
      permissions,
      createdAt: entry.createdAt ?? null,
      expiresAt: entry.expiresAt ?? null,
      kept: tokens.keeps(token),
    };
  }
}

/** Tells the administrator of a file of tokens that somebody has made wrong. */
async function changing<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    const message = `Cannot change the tokens: TOKENS_FILE: ${error.message}`;
    throw new HttpError(409, "conflict", message, { cause: error });
  }
}
