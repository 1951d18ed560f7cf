import type { FollowedLine } from "../services/executions/event_log.ts";

/** How a stream of events is written: Server-Sent Events, or a JSON text a line. */
export type StreamFormat = "sse" | "ndjson";

/** What an `Accept` header asks for, if it is a stream. */
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

/** A response that writes events as they come; the signal aborts when the client has gone. */
export function streamResponse(
  follow: (signal: AbortSignal) => AsyncGenerator<FollowedLine>,
  { format = "sse", headers = {} }: StreamOptions = {},
): Response {
  const write = format === "sse" ? toServerSentEvent : toJsonLine;
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const lines = follow(gone.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(write(value)));
    },
    async cancel() {
      // First the signal: a generator that waits cannot be told to return.
      gone.abort();
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": format === "sse" ? "text/event-stream" : "application/x-ndjson",
      "Cache-Control": "no-store",
      // A proxy that gathers a response before passing it on would hold back what is live.
      "X-Accel-Buffering": "no",
      ...headers,
    },
  });
}

function toJsonLine({ json }: FollowedLine): string {
  return `${json}\n`;
}

/** A keepalive is a comment: `EventSource` has no use for it. */
function toServerSentEvent({ seq, json, keepalive }: FollowedLine): string {
  if (keepalive) return ": keepalive\n\n";
  return `${seq === undefined ? "" : `id: ${seq}\n`}data: ${json}\n\n`;
}
