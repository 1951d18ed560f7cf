import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import type { LiveExecution } from "../../../services/executions/live_execution.ts";
import type { PendingInput } from "../agents/context.ts";
import { bytesOf, contentFields, pathField } from "../files/content.ts";
import { resultWithArtifacts } from "../files/final_result.ts";
import { withFiles } from "../files/session_files.ts";
import { runResultSchema } from "../results/run_result.ts";
import { followRun } from "../runs/follow.ts";
import { installWithin } from "../runs/install.ts";
import { Progress } from "../runs/progress.ts";
import { openSession } from "../runs/session_argument.ts";
import { generateRunId } from "../runs/run_id.ts";
import { elicitation, TASK_AFTER_MS, taskOf } from "../tasks/task.ts";
import { defineTool, RUN_VIEW, type ToolCall } from "../agents/tool.ts";

const input = z.strictObject({
  code: z.string().describe("Python, with await at the top level; the last expression is shown"),
  session: openSession,
  timeout: z.number().positive().max(86_400).optional().describe(
    "Seconds after which the code is interrupted; it may run on after this call is answered",
  ),
  packages: z.array(z.string().min(1).max(1_000)).max(50).optional().describe(
    "Packages to install first, such as pandas or networkx==3.4",
  ),
  files: z.array(z.strictObject({ path: pathField, ...contentFields })).max(50).optional().describe(
    "Files to write first",
  ),
  artifacts: z.array(pathField).max(20).optional().describe(
    "Files that the code writes and that the answer should link",
  ),
  stdin: z.array(z.string()).max(1_000).optional().describe(
    "Lines that answer input() in turn; otherwise the user is asked if the client can do that",
  ),
});

/** Runs Python and waits for the run, but not for longer than clients wait. */
export const runCode = defineTool({
  name: "run_code",
  title: "Run Python",
  description:
    "Runs Python in a session that keeps its variables, imports and files, and answers with " +
    "what the code printed, the value of the last expression, images and errors. Code that takes long " +
    "goes on after the answer, which then has the status running and the run's id: use read_output to " +
    "wait for it. Long output is cut in the middle; read_output shows the rest.",
  input,
  output: runResultSchema,
  meta: RUN_VIEW,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  async run(args, call) {
    const pending = call.request.mcpReq.requestState<PendingInput>();
    if (pending !== undefined) return await goOn(pending, call);
    const contents = (args.files ?? []).map((file) => ({ path: file.path, bytes: bytesOf(file) }));
    const session = await call.sessions.open(call.agent, args.session);
    for (const { path, bytes } of contents) {
      await withFiles(session, call, (files) => files.write(path, bytes));
    }
    if (args.packages?.length) await installWithin(session, args.packages, call);
    call.request.mcpReq.signal.throwIfAborted();
    const asks = args.stdin === undefined && call.asksPeople;
    const run = await call.services.executions.submit(session.kernel.id, {
      id: generateRunId(),
      code: args.code,
      origin: "mcp",
      tool: call.tool,
      stdin: args.stdin,
      allowStdin: asks,
      timeoutMs: args.timeout === undefined ? undefined : Math.ceil(args.timeout * 1000),
    });
    call.artifacts.add(run.id, args.artifacts ?? []);
    return await answerRun(run, { isNewSession: session.isNew, asks }, call);
  },
});

/** Gives a run the answer to its question, and waits for the run again. */
async function goOn({ run: id, requestId }: PendingInput, call: ToolCall) {
  const { executions } = call.services;
  const run = executions.getLive(id);
  if (!run) return await resultWithArtifacts(await executions.get(id), call);
  const answer = inputResponse(call.request.mcpReq.inputResponses, "input");
  const value = answer.kind === "elicit" && answer.action === "accept"
    ? answer.content?.["value"]
    : undefined;
  await executions.answerInput(id, typeof value === "string" ? value : null, requestId);
  return await answerRun(run, { isNewSession: false, asks: true }, call);
}

/** Waits for a run, and answers with its state; or asks the client for the input that the run wants. */
async function answerRun(
  run: LiveExecution,
  { isNewSession, asks }: { isNewSession: boolean; asks: boolean },
  call: ToolCall,
) {
  const { services: { executions }, request, deadline, takesTasks } = call;
  const left = Math.max(0, deadline - performance.now());
  using progress = new Progress(request);
  const waited = await followRun(call.services, run, {
    waitMs: takesTasks ? Math.min(left, TASK_AFTER_MS) : left,
    signal: request.mcpReq.signal,
    progress,
    answersInput: asks,
  });
  if (request.mcpReq.signal.aborted) {
    // The client does not want the run any more. What cannot be interrupted goes on, and has a record.
    await executions.cancel(run.id).catch(() => {});
    throw new ServiceError("invalid_argument", `The call was cancelled; run: ${run.id}`);
  }
  if (waited.type === "input") {
    const { prompt, requestId } = waited.request;
    return inputRequired({
      inputRequests: { input: elicitation(prompt) },
      requestState: await call.questions.mint({ run: run.id, requestId }, request),
    });
  }
  const result = await resultWithArtifacts(waited.record, call, { isNewSession });
  if (!takesTasks || waited.record.finishedAt !== null) return result;
  // The SDK wants the members of a tool's result; the client goes by `resultType`.
  return { ...result, content: [], resultType: "task", ...taskOf(waited.record, false) };
}
