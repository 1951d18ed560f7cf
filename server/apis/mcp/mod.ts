/**
 * The Model Context Protocol at /mcp: agents run Python by tools.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { messageOf } from "../../errors/service_error.ts";
import { parseJson } from "../../http/bounded_json.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import type { Endpoint } from "./endpoint.ts";

/** Registers the route of MCP, if any tool is offered. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  if (services.agents.tools.length === 0) return;
  let endpoint: Promise<Endpoint> | undefined;
  app.on(["GET", "POST", "DELETE"], "/mcp", async (c) => {
    const body = c.req.method === "POST" ? await readBody(c) : undefined;
    if (body instanceof Response) return body;
    // Loaded for the first request: a server without agents starts without the protocol's library.
    endpoint ??= import("./endpoint.ts").then(({ createEndpoint }) => createEndpoint(services));
    return await (await endpoint)(c.req.raw, body);
  });
}

/** Reads the JSON of a request; a response when it is none, or beyond the bounds. */
async function readBody(c: Context<ServerEnv>): Promise<unknown> {
  try {
    return parseJson(await c.req.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `Parse error: ${messageOf(error)}`;
    return c.json({ jsonrpc: "2.0", error: { code: -32700, message }, id: null }, 400);
  }
}
