import type { AgentSession } from "../agents/sessions.ts";
import type { ToolCall } from "../agents/tool.ts";
import { within } from "./within.ts";

/**
 * Installs packages in a session, and returns all that are installed then.
 *
 * @throws {ServiceError} `conflict` when the call may not wait any longer; the installation goes on.
 * @throws {KernelError} `install_failed`.
 */
export async function installWithin(
  { kernel, name }: AgentSession,
  packages: readonly string[],
  call: ToolCall,
): Promise<{ name: string; version: string }[]> {
  return await within(
    kernel.installPackages(packages),
    call,
    `packages: session "${name}" is still installing them; call again in a while`,
  );
}
