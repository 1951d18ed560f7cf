import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import type { Services } from "../../services/mod.ts";
import { Agent } from "./agents/agent.ts";
import { agentServices } from "./agents/context.ts";
import { Connections } from "./connections.ts";
import { createMcpServer } from "./server.ts";

/** Answers a request; `body` is the JSON of a POST. */
export type Endpoint = (request: Request, body: unknown) => Promise<Response>;

/**
 * Makes what answers agents over HTTP. Requests of the revisions from 2026 on are answered one by one;
 * clients of those before have connections.
 */
export function createEndpoint(services: Services): Endpoint {
  const shared = agentServices(services);
  const connections = new Connections(shared);
  const handler = createMcpHandler(
    ({ era }) => createMcpServer({ ...shared, agent: new Agent({ lasting: false }) }, era),
    { legacy: "reject" },
  );
  return async function answer(request, body) {
    if (await isLegacyRequest(request, body)) return await connections.answer(request, body);
    return await handler.fetch(request, { parsedBody: body });
  };
}
