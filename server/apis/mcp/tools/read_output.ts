import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import { findRun } from "../agents/find_run.ts";
import { resultWithArtifacts } from "../files/final_result.ts";
import { sliceWhole } from "../results/cut.ts";
import { outputText } from "../results/output_text.ts";
import { runResultSchema } from "../results/run_result.ts";
import { followRun } from "../runs/follow.ts";
import { Progress } from "../runs/progress.ts";
import { defineTool, RUN_VIEW, type ToolCall } from "../agents/tool.ts";

const input = z.strictObject({
  run: z.string().min(1).max(200).describe("The id of the run, from an earlier answer"),
  offset: z.int().min(0).optional().describe(
    "The character at which to begin. Left out: the answer is like that of run_code",
  ),
  limit: z.int().min(1).max(50_000).optional().describe("The most characters to show"),
  wait: z.number().min(0).max(3_600).default(0).describe(
    "Seconds to wait for the end of the run; the server may answer earlier",
  ),
});

const output = runResultSchema.extend({
  text: z.string().optional().describe("The text from offset on"),
  next_offset: z.int().nullable().optional().describe(
    "The offset of what follows; null at the end",
  ),
});

/** Shows a run: waits for it, and reads the parts of its output that were left out. */
export const readOutput = defineTool({
  name: "read_output",
  title: "Read a run's output",
  description:
    "Shows a run of run_code by its id: waits for one that goes on (wait), or reads the part " +
    "of a long output that was left out (offset, limit).",
  input,
  output,
  meta: RUN_VIEW,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async run({ run: id, offset, limit, wait }, call) {
    const record = await awaitRun(id, wait * 1_000, call);
    const { outputCharacters } = call.services.agents;
    const result = await resultWithArtifacts(record, call);
    if (offset === undefined) return result;
    const all = outputText(record.outputs);
    if (offset > all.length) {
      throw new ServiceError(
        "invalid_argument",
        `offset: the output has ${all.length} characters so far`,
      );
    }
    const { text, end } = sliceWhole(all, offset, offset + (limit ?? outputCharacters));
    const next = end < all.length ? end : null;
    const rest = next === null ? "the end" : `goes on at offset ${next}`;
    return {
      content: [{ type: "text", text: `${text}\n[${offset} to ${end} of ${all.length}: ${rest}]` }],
      structuredContent: {
        ...result.structuredContent,
        stdout: "",
        stderr: "",
        result: null,
        text,
        next_offset: next,
      },
    };
  },
});

/** Finds a run, and waits for its end if that is asked for. */
async function awaitRun(id: string, waitMs: number, call: ToolCall): Promise<ExecutionRecord> {
  const { services, request, deadline } = call;
  const record = await findRun(call, id);
  const live = services.executions.getLive(id);
  if (!live || waitMs === 0) return record;
  using progress = new Progress(request);
  const waited = await followRun(services, live, {
    waitMs: Math.min(waitMs, Math.max(0, deadline - performance.now())),
    signal: request.mcpReq.signal,
    progress,
    answersInput: false,
  });
  return waited.type === "record" ? waited.record : live.record;
}
