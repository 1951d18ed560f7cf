import type { AgentContext } from "../agents/context.ts";

/** Lists the names of sessions that begin with a text, of those that the agent may know of. */
export async function completeSession(
  { sessions, agent }: AgentContext,
  text: string,
): Promise<string[]> {
  const names = (await sessions.list(agent)).map(({ name }) => name);
  return names.filter((name) => name.startsWith(text));
}
