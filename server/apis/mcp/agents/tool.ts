import { getLogger } from "@logtape/logtape";
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import type { z } from "zod";
import { KernelError } from "../../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../../errors/service_error.ts";
import type { ToolName } from "../../../services/agents/settings.ts";
import type { AgentContext } from "./context.ts";
import { RUN_VIEW_URI } from "./uris.ts";

const logger = getLogger(["server", "mcp"]);

/** Names the page that shows the answer of a tool about a run; some clients look at the older name. */
export const RUN_VIEW: Record<string, unknown> = {
  ui: { resourceUri: RUN_VIEW_URI },
  "ui/resourceUri": RUN_VIEW_URI,
};

/** One call of a tool. */
export interface ToolCall extends AgentContext {
  /** The tool's name, for records. */
  readonly tool: ToolName;
  /** The request of the client. */
  readonly request: ServerContext;
  /** Tells whether the client can ask a person. */
  readonly asksPeople: boolean;
  /** Tells whether the client takes a task for an answer. */
  readonly takesTasks: boolean;
  /** The time until which the call may wait, as `performance.now()` tells it. */
  readonly deadline: number;
}

/** A tool as it is written down. */
export interface ToolSpec<I extends z.ZodObject, O extends z.ZodObject> {
  name: ToolName;
  title: string;
  /** For a model: what the tool does, and when to use it. */
  description: string;
  input: I;
  output: O;
  annotations: ToolAnnotations;
  /** More about the tool, for clients. */
  meta?: Record<string, unknown>;
  run(args: z.output<I>, call: ToolCall): Promise<CallToolResult | InputRequiredResult>;
}

/** A tool that can be offered. */
export interface Tool {
  readonly name: ToolName;
  /** Offers the tool to the agent that a server speaks with. */
  register(server: McpServer, context: AgentContext): void;
}

/** Makes a tool. What it throws becomes an answer that says what was wrong, for the model to act on. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(
  spec: ToolSpec<I, O>,
): Tool {
  const { name, title, description, input, output, annotations, meta } = spec;
  return {
    name,
    register(server, context) {
      const handle = async (args: z.output<I>, request: ServerContext) => {
        const begin = performance.now();
        const deadline = begin + context.services.agents.waitMs;
        const asksPeople = canElicit(server, request);
        let outcome = "ok";
        try {
          const call = {
            ...context,
            tool: name,
            request,
            asksPeople,
            takesTasks: takesTasks(request),
            deadline,
          };
          const result = await spec.run(args, call);
          if ("isError" in result && result.isError) outcome = "error";
          return result;
        } catch (error) {
          outcome = "refused";
          return refusal(error, request);
        } finally {
          const ms = Math.round(performance.now() - begin);
          logger.info("tool called", { tool: name, outcome, ms });
        }
      };
      const config = {
        title,
        description,
        inputSchema: input,
        outputSchema: output,
        annotations,
        ...(meta && { _meta: meta }),
      };
      // The SDK's types cannot follow a schema that is a type parameter.
      server.registerTool(name, config as never, handle as never);
    },
  };
}

/** Turns what a tool threw into an answer; an unexpected error is logged and tells no details. */
function refusal(error: unknown, { mcpReq }: ServerContext): CallToolResult {
  const known = error instanceof KernelError || error instanceof ServiceError;
  const cancelled = mcpReq.signal.aborted && error === mcpReq.signal.reason;
  if (!known && !cancelled) {
    logger.error("tool failed", { reason: messageOf(error), error });
  }
  const text = known
    ? `${error.message} (${error.code})`
    : cancelled
    ? "The call was cancelled"
    : "The server failed to answer; its log has the reason (internal)";
  return { content: [{ type: "text", text }], isError: true };
}

/** Tells whether a client has declared the extension by which long calls become tasks. */
export function takesTasks(request: ServerContext): boolean {
  const { extensions } = declaredCapabilities(request) ?? {};
  return extensions !== undefined && Object.hasOwn(extensions, "io.modelcontextprotocol/tasks");
}

/** Returns what a client of 2026 has declared in a request. */
function declaredCapabilities({ mcpReq }: ServerContext): ClientCapabilities | undefined {
  // The SDK has checked the envelope, and its type tells none of the keys.
  const envelope = mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY];
}

/** Tells whether a client can show a form to a person. */
function canElicit(server: McpServer, request: ServerContext): boolean {
  // On a connection of 2025, the accessor is the only way to the capabilities.
  const { elicitation } = declaredCapabilities(request) ?? server.server.getClientCapabilities() ??
    {};
  if (!elicitation) return false;
  return "form" in elicitation || !("url" in elicitation);
}
