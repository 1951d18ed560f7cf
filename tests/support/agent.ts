import {
  type CallToolResult,
  Client,
  type ClientOptions,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { createServer, type TestServer } from "./server.ts";

/** The revisions of MCP that agents' clients speak. */
export const ERAS = ["2025-11-25", "2026-07-28"] as const;

/** Options for {@linkcode connectAgent}. */
export interface AgentOptions {
  /** @default the newest revision */
  era?: typeof ERAS[number];
  /** The answer to every question; without one, the client cannot ask anybody. */
  input?: (message: string) => string | undefined;
  headers?: Record<string, string>;
}

/** A client of MCP, as agents have one. */
export interface TestAgent extends AsyncDisposable {
  client: Client;
  /** Calls a tool; the answer is looked at field by field. */
  call(
    name: string,
    args?: Record<string, unknown>,
    options?: Parameters<Client["callTool"]>[1],
  ): Promise<AgentAnswer>;
}

/** The answer of a tool. */
export interface AgentAnswer {
  /** The text of the first block. */
  text: string;
  content: CallToolResult["content"];
  // deno-lint-ignore no-explicit-any -- answers are looked at field by field
  structured: any;
  isError: boolean;
}

/** Connects an agent by a transport. */
export async function connectBy(
  transport: Transport,
  { era = "2026-07-28", input }: AgentOptions = {},
): Promise<TestAgent> {
  const options: ClientOptions = {
    capabilities: input ? { elicitation: { form: {} } } : {},
    versionNegotiation: { mode: era === "2025-11-25" ? "legacy" : { pin: era } },
  };
  const client = new Client({ name: "test", version: "1" }, options);
  if (input) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      const value = input(params.message);
      return value === undefined ? { action: "decline" } : { action: "accept", content: { value } };
    });
  }
  await client.connect(transport);
  return {
    client,
    async call(name, args = {}, options) {
      const result = await client.callTool({ name, arguments: args }, options);
      // The client has checked the result's schema.
      const { content, structuredContent, isError } = result as CallToolResult;
      const [first] = content;
      const text = first?.type === "text" ? first.text : "";
      return { text, content, structured: structuredContent, isError: isError ?? false };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Connects an agent to a server by HTTP. */
export async function connectAgent(
  server: TestServer,
  options: AgentOptions = {},
): Promise<TestAgent> {
  const url = new URL("/mcp", await server.listen());
  const requestInit = { headers: options.headers ?? {} };
  return await connectBy(new StreamableHTTPClientTransport(url, { requestInit }), options);
}

/** Makes a server for agents. */
export function createAgentServer(settings: Record<string, string> = {}): TestServer {
  return createServer({ settings: { DEFAULT_KERNEL_MODE: "worker", ...settings } });
}
