import { ServiceError } from "../../../errors/service_error.ts";
import type { ToolCall } from "../agents/tool.ts";

/**
 * Waits for a task, but not for longer than a call may wait, nor for a client that has left.
 *
 * @throws {ServiceError} with `lateMessage` when the task goes on.
 */
export async function within<T>(
  task: Promise<T>,
  { deadline, request }: Pick<ToolCall, "deadline" | "request">,
  lateMessage: string,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const { signal } = request.mcpReq;
  const stop = () => reject(new ServiceError("conflict", lateMessage));
  const timer = setTimeout(stop, Math.max(0, deadline - performance.now()));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
