import {
  inputResponse,
  type McpServer,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { KernelError } from "../../../../kernel/mod.ts";
import { ServiceError } from "../../../errors/service_error.ts";
import type { AgentContext } from "../agents/context.ts";
import { findRun } from "../agents/find_run.ts";
import { takesTasks } from "../agents/tool.ts";
import { resultWithArtifacts } from "../files/final_result.ts";
import { questionsOf, taskOf, TASKS_EXTENSION } from "./task.ts";

const params = z.looseObject({ taskId: z.string().max(200) });
const updateParams = params.extend({
  inputResponses: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Answers the requests about tasks: a task is a run, by its id. Only clients that declare the extension
 * may ask.
 */
export function registerTasks({ server }: McpServer, context: AgentContext): void {
  const { executions, agents } = context.services;
  server.registerCapabilities({ extensions: { [TASKS_EXTENSION]: {} } });
  server.setRequestHandler("tasks/get", { params }, async ({ taskId }, request) => {
    const record = await taskRun(context, taskId, request);
    const question = executions.inputRequest(taskId);
    const task = taskOf(record, question !== undefined);
    if (task.status === "input_required") return { ...task, inputRequests: questionsOf(question!) };
    if (record.finishedAt === null || task.status === "cancelled") return { ...task };
    const deadline = performance.now() + agents.waitMs;
    return {
      ...task,
      result: await resultWithArtifacts(record, { ...context, request, deadline }),
    };
  });
  server.setRequestHandler(
    "tasks/update",
    { params: updateParams },
    async ({ taskId, inputResponses }, request) => {
      await taskRun(context, taskId, request);
      const responses = request.mcpReq.inputResponses ?? inputResponses ?? {};
      for (const key of Object.keys(responses).slice(0, 100)) {
        const answer = inputResponse(responses, key);
        if (answer.kind !== "elicit") continue;
        const value = answer.action === "accept" ? answer.content?.["value"] : null;
        await executions.answerInput(taskId, typeof value === "string" ? value : null, key);
      }
      return {};
    },
  );
  server.setRequestHandler("tasks/cancel", { params }, async ({ taskId }, request) => {
    await taskRun(context, taskId, request);
    try {
      await executions.cancel(taskId);
    } catch (error) {
      // A task that has ended is not cancelled, and that is no failure.
      if (!(error instanceof ServiceError) || error.code !== "execution_finished") {
        throw new ProtocolError(ProtocolErrorCode.InternalError, reasonOf(error));
      }
    }
    return {};
  });
}

/** Finds the run of a task for a client that has declared the extension. */
async function taskRun(context: AgentContext, taskId: string, request: ServerContext) {
  if (!takesTasks(request)) {
    throw new MissingRequiredClientCapabilityError({
      requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
    });
  }
  try {
    return await findRun(context, taskId);
  } catch (error) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const known = error instanceof ServiceError || error instanceof KernelError;
  return known ? error.message : "The server failed to answer; its log has the reason";
}
