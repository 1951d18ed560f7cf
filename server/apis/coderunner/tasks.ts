import { HttpError } from "../../errors/http_error.ts";
import type { Executions } from "../../services/executions/executions.ts";
import type { ExecutionRecord } from "../../services/executions/record.ts";

/**
 * Returns the execution that is a task of CodeRunner's clients.
 *
 * @throws {HttpError} 404.
 */
export async function findTask(executions: Executions, id: string): Promise<ExecutionRecord> {
  const record = await executions.has(id) ? await executions.get(id) : undefined;
  if (record?.origin !== "coderunner") throw new HttpError(404, "not_found", "Task not found");
  return record;
}
