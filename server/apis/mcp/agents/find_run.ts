import { ServiceError } from "../../../errors/service_error.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import type { AgentContext } from "./context.ts";

/**
 * Returns the run of that id, which an agent has to know.
 *
 * @throws {ServiceError} `not_found`, also for a run that agents may not see.
 */
export async function findRun(
  { services, sessions }: Pick<AgentContext, "services" | "sessions">,
  id: string,
): Promise<ExecutionRecord> {
  const record = await services.executions.get(id);
  if (record.origin === "mcp" || sessions.reaches(record.kernelId)) return record;
  throw new ServiceError(
    "not_found",
    `Cannot find execution "${id}": no such execution, or it ended too long ago`,
  );
}
