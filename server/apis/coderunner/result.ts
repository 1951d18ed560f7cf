import { stripVTControlCharacters } from "node:util";
import type { Output } from "../../../kernel/mod.ts";
import type { ExecutionRecord } from "../../services/executions/record.ts";
import { streamText } from "../rest/stream_text.ts";

/** The outcome of a command, as CodeRunner's clients read it. */
export interface CommandResult {
  /** The text that was written, and the plain text of what was displayed. */
  stdout: string;
  /** The text that was written to stderr, and the reason of a failure. */
  stderr: string;
  /** The time that the command ran, in seconds. */
  execution_time: number;
  /** The processor time in seconds; null when it was not measured. */
  cpu_time: number | null;
}

/** Returns the outcome of an execution. */
export function commandResult(record: ExecutionRecord): CommandResult {
  const { outputs, usage } = record;
  const written = streamText(outputs, "stderr");
  const failure = failureText(record);
  return {
    stdout: outputs.map(shownText).join(""),
    stderr: written !== "" && !written.endsWith("\n") && failure !== ""
      ? `${written}\n${failure}`
      : written + failure,
    execution_time: (usage?.wallMs ?? 0) / 1000,
    cpu_time: usage?.cpuMs == null ? null : usage.cpuMs / 1000,
  };
}

function shownText(output: Output): string {
  if (output.output_type === "stream") return output.name === "stdout" ? output.text : "";
  if (output.output_type === "error") return "";
  const text = output.data["text/plain"];
  return typeof text === "string" ? `${text}\n` : "";
}

/** Says why an execution failed, without colours; empty when it did not. */
function failureText({ status, error, kernel }: ExecutionRecord): string {
  if (status === "ok" || status === "queued" || status === "running") return "";
  const lines = error?.traceback.length ? error.traceback : [];
  const reasons = lines.length > 0 ? lines : error ? [`${error.ename}: ${error.evalue}`] : [];
  if (status === "timeout") reasons.push("The command was ended because its time was over.");
  if (status === "lost") reasons.push("The server ended while the command ran.");
  const { reason } = kernel;
  if (reason !== null && !reasons.some((it) => it.includes(reason))) reasons.push(reason);
  return reasons.map((it) => `${stripVTControlCharacters(it).trimEnd()}\n`).join("");
}
