import { KernelError } from "../../../../kernel/mod.ts";
import { ServiceError } from "../../../errors/service_error.ts";
import { fileUri } from "../agents/uris.ts";
import type { Artifact } from "../results/run_result.ts";
import type { AgentSession } from "../agents/sessions.ts";
import type { ToolCall } from "../agents/tool.ts";
import { withFiles } from "./session_files.ts";

/** Finds files that a run should have written, and says which are not there. */
export async function artifactsOf(
  session: AgentSession,
  paths: readonly string[],
  call: Pick<ToolCall, "deadline" | "request">,
): Promise<{ artifacts: Artifact[]; note: string | undefined }> {
  const artifacts: Artifact[] = [];
  const notes: string[] = [];
  for (const path of paths) {
    try {
      const entry = await withFiles(session, call, (files) => files.stat(path));
      const uri = fileUri(session.name, entry.path);
      if (entry.type === "file") artifacts.push({ path: entry.path, size: entry.size, uri });
      else notes.push(`"${path}" is a ${entry.type}`);
    } catch (error) {
      if (!(error instanceof KernelError || error instanceof ServiceError)) throw error;
      notes.push(error.message);
    }
  }
  return { artifacts, note: notes.length === 0 ? undefined : notes.join("; ") };
}
