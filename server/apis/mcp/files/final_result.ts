import type { ToolCall } from "../agents/tool.ts";
import { nameOf } from "../agents/session_name.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import { type RunResult, runResult } from "../results/run_result.ts";
import { artifactsOf } from "./artifacts.ts";

/** Makes the answer that shows a run, with links to the files that were wanted of it once it is done. */
export async function resultWithArtifacts(
  record: ExecutionRecord,
  call: Pick<ToolCall, "artifacts" | "services" | "request" | "deadline">,
  { isNewSession = false }: { isNewSession?: boolean } = {},
): Promise<RunResult> {
  const paths = record.finishedAt === null ? [] : call.artifacts.of(record.id);
  const kernel = paths.length === 0 ? undefined : await call.services.kernels.find(record.kernelId);
  const found = kernel &&
    await artifactsOf({ kernel, name: nameOf(kernel.id), isNew: false }, paths, call);
  return runResult(record, {
    maxCharacters: call.services.agents.outputCharacters,
    isNewSession,
    ...found,
  });
}
