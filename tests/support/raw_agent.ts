/**
 * A client of MCP that sends what it is told, and leaves when it is told.
 *
 * @module
 */

const HEADERS = {
  "Accept": "application/json, text/event-stream",
  "Content-Type": "application/json",
};

/** An event of a stream of MCP. */
export interface McpEvent {
  id: string | undefined;
  // deno-lint-ignore no-explicit-any -- messages are looked at field by field
  message: any;
}

/** A message of the revision of 2026, which carries its own envelope. */
export function modernMessage(
  id: number,
  method: string,
  params: Record<string, unknown>,
  capabilities: Record<string, unknown> = {},
): unknown {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
  const { _meta, ...rest } = params;
  return {
    jsonrpc: "2.0",
    id,
    method,
    params: { ...rest, _meta: { ...meta, ...(_meta as object) } },
  };
}

/** Returns the headers that go with a message of the revision of 2026. */
export function modernHeaders(method: string, name?: string): Record<string, string> {
  return {
    "Mcp-Protocol-Version": "2026-07-28",
    "Mcp-Method": method,
    ...(name !== undefined && { "Mcp-Name": name }),
  };
}

/** Sends a message, or anything else. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { ...HEADERS, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** Opens a connection of the revision of 2025; returns the headers that belong to it. */
export async function openConnection(url: string): Promise<Record<string, string>> {
  const response = await post(url, {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    },
  });
  const headers = {
    "Mcp-Session-Id": response.headers.get("Mcp-Session-Id")!,
    "Mcp-Protocol-Version": "2025-11-25",
  };
  await response.body?.cancel();
  const done = { jsonrpc: "2.0", method: "notifications/initialized" };
  await (await post(url, done, headers)).body?.cancel();
  return headers;
}

/** Yields the events of a stream as they arrive, until the stream ends or is cut off. */
export async function* mcpEvents(response: Response): AsyncGenerator<McpEvent> {
  let rest = "";
  try {
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n\n");
      rest = parts.pop()!;
      for (const part of parts) {
        const id = /^id: (.*)$/m.exec(part)?.[1];
        const data = /^data: (.+)$/m.exec(part)?.[1];
        if (id !== undefined || data !== undefined) {
          yield { id, message: data === undefined ? undefined : JSON.parse(data) };
        }
      }
    }
  } catch (error) {
    if ((error as Error).name !== "AbortError") throw error;
  }
}
