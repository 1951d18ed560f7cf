import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { Agent } from "./agents/agent.ts";
import type { AgentServices } from "./agents/context.ts";
import { ReplayEvents } from "./replay_events.ts";
import { createMcpServer } from "./server.ts";

/** A client of the protocol of 2025, which has a connection over many requests. */
interface Connection {
  transport: WebStandardStreamableHTTPServerTransport;
  server: McpServer;
  agent: Agent;
}

/** The most connections; the one that was used least recently makes room. */
const MAX_CONNECTIONS = 1_000;
/** The most JSON that is kept of the events of one connection, in characters. */
const MAX_CONNECTION_EVENTS_SIZE = 4 * 2 ** 20;
/** The JSON that all connections share, in characters. */
const MAX_EVENTS_SIZE = 256 * 2 ** 20;
/** The time after which a client that was cut off comes back, in milliseconds. */
const RETRY_MS = 1_000;

/** The connections of clients that speak the protocol of 2025. */
export class Connections {
  readonly #shared: AgentServices;
  /** By the id that the client sends; the one that was used least recently comes first. */
  readonly #connections = new Map<string, Connection>();

  constructor(shared: AgentServices) {
    this.#shared = shared;
  }

  /** Answers a request; `body` is the JSON of a POST. */
  async answer(request: Request, body: unknown): Promise<Response> {
    const options = body === undefined ? {} : { parsedBody: body };
    const id = request.headers.get("mcp-session-id");
    const connection = id === null ? undefined : this.#use(id);
    if (connection) return await connection.transport.handleRequest(request, options);
    if (id === null && opensConnection(body)) {
      return await (await this.#open()).handleRequest(request, options);
    }
    // A client has to open a new connection when it is told that there is none.
    return id === null
      ? failure(400, -32000, "Bad Request: there is no Mcp-Session-Id header")
      : failure(404, -32001, "Session not found");
  }

  #use(id: string): Connection | undefined {
    const connection = this.#connections.get(id);
    if (!connection) return undefined;
    this.#connections.delete(id);
    this.#connections.set(id, connection);
    return connection;
  }

  async #open(): Promise<WebStandardStreamableHTTPServerTransport> {
    const agent = new Agent({ lasting: true });
    const server = createMcpServer({ ...this.#shared, agent }, "legacy");
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      eventStore: new ReplayEvents(() => this.#shareOfEvents()),
      retryInterval: RETRY_MS,
      onsessioninitialized: (id) => {
        this.#connections.set(id, { transport, server, agent });
        this.#makeRoom();
      },
      onsessionclosed: (id) => this.#forget(id),
    });
    await server.connect(transport);
    return transport;
  }

  /** Returns the JSON that each connection may keep of its events, in characters. */
  #shareOfEvents(): number {
    const share = MAX_EVENTS_SIZE / Math.max(1, this.#connections.size);
    return Math.min(share, MAX_CONNECTION_EVENTS_SIZE);
  }

  #makeRoom(): void {
    for (const id of this.#connections.keys()) {
      if (this.#connections.size <= MAX_CONNECTIONS) return;
      // The sessions of that client stay until they have been without work for long enough.
      const { server } = this.#connections.get(id)!;
      this.#connections.delete(id);
      void server.close();
    }
  }

  async #forget(id: string): Promise<void> {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    if (connection) await this.#shared.sessions.leave(connection.agent);
  }
}

function opensConnection(body: unknown): boolean {
  return (Array.isArray(body) ? body : [body]).some((message) => isInitializeRequest(message));
}

function failure(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status });
}
