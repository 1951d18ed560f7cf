import { z } from "zod";
import { ServiceError } from "../../../errors/service_error.ts";
import type { ExecutionRecord } from "../../../services/executions/record.ts";
import { cutMiddle } from "../results/cut.ts";
import { textOf } from "../results/display.ts";
import { outputText, streamText, tracebackText } from "../results/output_text.ts";
import { followRun } from "../runs/follow.ts";
import { Progress } from "../runs/progress.ts";
import { generateRunId } from "../runs/run_id.ts";
import { defineTool } from "../agents/tool.ts";

const input = z.object({
  python_code: z.string().describe("Python code to run"),
  global_variables: z.record(z.string(), z.unknown()).default({}).describe(
    "Variables that the code finds, by name, as JSON",
  ),
});

const output = z.object({
  status: z.enum(["success", "run-error"]),
  output: z.array(z.string()),
  return_value: z.string().nullable().optional().describe("The value as JSON"),
  error: z.string().optional(),
});

/** Prints the last value as JSON; arrays, tables and models become what JSON has for them. */
const PRINT_VALUE = `print(__import__("json").dumps(_, indent=2, default=lambda value:
  value.tolist() if hasattr(value, "tolist") else
  value.to_dict() if hasattr(value, "to_dict") else
  value.model_dump() if hasattr(value, "model_dump") else
  list(value) if isinstance(value, (set, frozenset, range)) else repr(value)))`;

/** Runs Python in an interpreter that is used once, as mcp-run-python does. */
export const runPythonCode = defineTool({
  name: "run_python_code",
  title: "Run Python once",
  description:
    "Tool to execute Python code and return stdout, stderr, and return value. Each call has a " +
    "fresh interpreter, which keeps nothing: run_code keeps variables. The value on the last line is " +
    "returned as JSON.",
  input,
  output,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: true,
  },
  async run({ python_code: code, global_variables: variables }, call) {
    const { services, sessions, agent, request } = call;
    const session = await sessions.start(agent, {});
    try {
      await define(variables);
      const record = await runToEnd(code);
      const value = record.result === null ? undefined : await runToEnd(PRINT_VALUE);
      return answer(record, value, services.agents.outputCharacters);
    } finally {
      await sessions.end(agent, session);
    }

    async function define(globals: Record<string, unknown>): Promise<void> {
      if (Object.keys(globals).length === 0) return;
      const text = JSON.stringify(JSON.stringify(globals));
      const { status, error } = await runToEnd(
        `globals().update(__import__("json").loads(${text}))`,
      );
      if (status === "ok") return;
      throw new ServiceError("invalid_argument", `global_variables: ${error?.evalue}`);
    }

    async function runToEnd(code: string): Promise<ExecutionRecord> {
      const waitMs = Math.max(1, call.deadline - performance.now());
      const run = await services.executions.submit(session.kernel.id, {
        id: generateRunId(),
        code,
        origin: "mcp",
        tool: call.tool,
        timeoutMs: Math.ceil(waitMs),
      });
      using progress = new Progress(request);
      const { signal } = request.mcpReq;
      await followRun(services, run, { waitMs, signal, progress, answersInput: false });
      if (run.record.finishedAt === null) await services.executions.cancel(run.id).catch(() => {});
      signal.throwIfAborted();
      return run.record;
    }
  },
});

function answer(record: ExecutionRecord, value: ExecutionRecord | undefined, max: number) {
  const cut = (text: string) =>
    cutMiddle(text, max, ({ from, to }) => `${to - from} characters are left out`).text;
  const printed = record.outputs.filter(({ output_type: type }) =>
    type === "stream" || type === "display_data"
  );
  const text = cut(outputText(printed)).replace(/\n$/, "");
  const common = { output: text === "" ? [] : [text] };
  if (record.status !== "ok") {
    const { error, kernel } = record;
    const reason = error
      ? tracebackText(error) || `${error.ename}: ${error.evalue}`
      : kernel.reason;
    const shown = cut(reason ?? `the run is ${record.status}`);
    return asXml({ status: "run-error", ...common, error: shown }, ["error", shown]);
  }
  if (!value) return asXml({ status: "success", ...common, return_value: null });
  const json = cut(returnValue(record, value));
  return asXml({ status: "success", ...common, return_value: json }, ["return_value", json]);
}

/** Returns the value of a run as JSON, or as text when it has no JSON. */
function returnValue({ result }: ExecutionRecord, value: ExecutionRecord): string {
  if (value.status === "ok") return streamText(value.outputs, "stdout").trimEnd();
  return textOf(result?.data ?? {});
}

/** Makes the answer in the form of elements, which models read well. */
function asXml(answer: z.infer<typeof output>, last?: [tag: string, text: string]) {
  const lines = [`<status>${answer.status}</status>`];
  if (answer.output.length > 0) lines.push(...element("output", answer.output.join("\n")));
  if (last) lines.push(...element(...last));
  return {
    content: [{ type: "text" as const, text: lines.join("\n") }],
    structuredContent: answer,
    isError: answer.status !== "success",
  };
}

/** Writes an element around a text that cannot close it. */
function element(tag: string, text: string): string[] {
  const escaped = text.replaceAll(
    new RegExp(`</?\\s*${tag}[^>]*>`, "gi"),
    (match) => match.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  );
  return [`<${tag}>`, escaped, `</${tag}>`];
}
