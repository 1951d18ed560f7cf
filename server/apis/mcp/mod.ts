/**
 * The Model Context Protocol at /mcp: agents run Python by tools. Requests of the protocol of 2026 are
 * answered one by one; clients of 2025 have connections.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import type { Context } from "hono";
import { messageOf } from "../../errors/service_error.ts";
import { parseJson } from "../../http/bounded_json.ts";
import type { ServerEnv } from "../../http/env.ts";
import type { Services } from "../../services/mod.ts";
import { Agent } from "./agents/agent.ts";
import { Connections } from "./connections.ts";
import { agentServices } from "./agents/context.ts";
import { createMcpServer } from "./server.ts";

/** Registers the route of MCP, if any tool is offered. */
export function mount(app: OpenAPIHono<ServerEnv>, services: Services): void {
  if (services.agents.tools.length === 0) return;
  const shared = agentServices(services);
  const connections = new Connections(shared);
  const handler = createMcpHandler(
    ({ era }) => createMcpServer({ ...shared, agent: new Agent({ lasting: false }) }, era),
    { legacy: "reject" },
  );
  app.on(["GET", "POST", "DELETE"], "/mcp", async (c) => {
    const { raw } = c.req;
    const body = c.req.method === "POST" ? await readBody(c) : undefined;
    if (body instanceof Response) return body;
    if (await isLegacyRequest(raw, body)) return await connections.answer(raw, body);
    return await handler.fetch(raw, { parsedBody: body });
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
