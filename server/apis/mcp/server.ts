import { McpServer } from "@modelcontextprotocol/server";
import type { AgentContext } from "./agents/context.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { registerGuide } from "./resources/guide.ts";
import { registerPrompts } from "./prompts.ts";
import { registerRunResources } from "./resources/run_outputs.ts";
import { registerRunView } from "./resources/run_view.ts";
import { registerSessionResources } from "./resources/session_resources.ts";
import { registerTasks } from "./tasks/tasks.ts";
import { VERSION } from "../../version.ts";
import { offeredTools } from "./tools/mod.ts";

/** The times that a run may ask for input in one call, on a connection of 2025. */
const MAX_ROUNDS = 1_000;

/**
 * Makes the MCP server of one agent: it offers the tools, resources and prompts of the settings. The era is
 * that of the revisions that the agent's client speaks: up to 2025, or from 2026 on.
 */
export function createMcpServer(context: AgentContext, era: "legacy" | "modern"): McpServer {
  const server = new McpServer(
    { name: "deno-code-interpreter", title: "Deno Code Interpreter", version: VERSION },
    {
      instructions: INSTRUCTIONS,
      requestState: { verify: context.questions.verify },
      inputRequired: { maxRounds: MAX_ROUNDS },
    },
  );
  for (const tool of offeredTools(context.services)) tool.register(server, context);
  registerGuide(server, context);
  registerRunResources(server, context);
  registerSessionResources(server, context);
  registerRunView(server);
  registerPrompts(server, context);
  // Tasks of 2025 are another thing.
  if (era === "modern") registerTasks(server, context);
  return server;
}
