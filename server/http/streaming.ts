import type { FollowedLine } from "../services/executions/event_log.ts";

/** The form of a stream of events: Server-Sent Events, or one JSON text a line. */
export type StreamFormat = "sse" | "ndjson";

/** Returns the stream that an `Accept` header asks for; undefined when it asks for none. */
export function streamFormat(accept: string | undefined): StreamFormat | undefined {
  if (accept?.includes("text/event-stream")) return "sse";
  if (accept?.includes("application/x-ndjson")) return "ndjson";
  return undefined;
}

/** Options for {@linkcode streamResponse}. */
export interface StreamOptions {
  /** @default "sse" */
  format?: StreamFormat | undefined;
  /** More response headers. */
  headers?: Record<string, string>;
}

/** Makes a response that streams the events of `follow`, whose signal aborts when the client disconnects. */
export function streamResponse(
  follow: (signal: AbortSignal) => AsyncGenerator<FollowedLine>,
  { format = "sse", headers = {} }: StreamOptions = {},
): Response {
  const write = format === "sse" ? toServerSentEvent : toJsonLine;
  const encoder = new TextEncoder();
  const left = new AbortController();
  const lines = follow(left.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(write(value)));
    },
    async cancel() {
      // The signal has to come first: a generator cannot return while it waits for an event.
      left.abort();
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": format === "sse" ? "text/event-stream" : "application/x-ndjson",
      "Cache-Control": "no-store",
      // Keeps proxies from collecting the response before they pass it on.
      "X-Accel-Buffering": "no",
      ...headers,
    },
  });
}

function toJsonLine({ json }: FollowedLine): string {
  return `${json}\n`;
}

/** Formats a line as a server-sent event, and a keepalive as a comment, which `EventSource` ignores. */
function toServerSentEvent({ seq, json, keepalive }: FollowedLine): string {
  if (keepalive) return ": keepalive\n\n";
  return `${seq === undefined ? "" : `id: ${seq}\n`}data: ${json}\n\n`;
}
