import type { AgentSession } from "../agents/sessions.ts";
import type { ToolCall } from "../agents/tool.ts";
import { within } from "../runs/within.ts";

/**
 * Works with the files of a session, which waits while code runs in it.
 *
 * @throws {ServiceError} `conflict` when the call may not wait any longer.
 */
export async function withFiles<T>(
  { kernel, name }: Pick<AgentSession, "kernel" | "name">,
  call: Pick<ToolCall, "deadline" | "request">,
  work: (files: AgentSession["kernel"]["files"]) => Promise<T>,
): Promise<T> {
  return await within(
    work(kernel.files),
    call,
    `session "${name}" computes, and its files wait for that; wait for the run with read_output, or ` +
      "interrupt it",
  );
}
