import { ApiError, call } from "./client.ts";
import { type ExecutionEvent, type NumberedEvent, parseExecutionEvent } from "./event_schema.ts";

/** The longest delay before a reconnection, in milliseconds. */
const MAX_RETRY_MS = 5_000;

/** Submits code to a kernel under a new id; resolves when the execution is queued. */
export async function submitExecution(kernelId: string, code: string, id: string): Promise<void> {
  await call(`/api/kernels/${encodeURIComponent(kernelId)}/executions`, {
    method: "POST",
    body: { code, id, wait: false, allowStdin: true },
  });
}

/** Cancels a queued execution, or interrupts a running one. */
export async function cancelExecution(id: string): Promise<void> {
  await call(`/api/executions/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** Answers a call of `input()`; null makes it raise EOFError. */
export async function answerInput(id: string, requestId: string, value: string | null) {
  const path = `/api/executions/${encodeURIComponent(id)}/input`;
  await call(path, { method: "POST", body: { requestId, value } });
}

/** Options for {@linkcode followExecution}. */
export interface FollowOptions {
  /** The sequence number of the last event that the caller has. @default 0 */
  after?: number;
  signal?: AbortSignal;
  /** Called with false when the connection is lost and with true when it is back. */
  onConnected?: (connected: boolean) => void;
  /**
   * The delay before the first reconnection, in milliseconds; it doubles each time. @default 250
   */
  retryMs?: number;
}

/**
 * Calls `onEvent` with every event of an execution until it ends, and reconnects as often as the
 * connection is lost.
 *
 * @throws {ApiError} if the server no longer knows the execution.
 */
export async function followExecution(
  id: string,
  onEvent: (event: ExecutionEvent) => void,
  options: FollowOptions = {},
): Promise<void> {
  const { signal, onConnected = () => {}, retryMs = 250 } = options;
  let after = options.after ?? 0;
  let wait = retryMs;
  while (!signal?.aborted) {
    try {
      for await (const { seq, event } of readEvents(id, after, signal)) {
        onConnected(true);
        wait = retryMs;
        after = seq ?? after;
        onEvent(event);
        if (event.type === "done") return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) throw error;
    }
    onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, MAX_RETRY_MS);
  }
}

async function* readEvents(
  id: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<NumberedEvent> {
  const path = `/api/executions/${encodeURIComponent(id)}/events?after=${after}`;
  const response = await call(path, { headers: { Accept: "application/x-ndjson" }, signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      for (const line of lines) yield parseExecutionEvent(line);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
