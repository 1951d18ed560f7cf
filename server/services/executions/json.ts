/**
 * The only place where events and records become JSON text: logs, the store and answers share the texts.
 *
 * @module
 */
import { type KernelEvent, objectJson, type Output } from "../../../kernel/mod.ts";
import type { ExecutionRecord, ExecutionSummary } from "./record.ts";

/** The longest JSON of a record, in UTF-16 code units: the engine makes no longer string than 2^29. */
const MAX_TEXT_LENGTH = 2 ** 29 - 2 ** 16;

/** Returns an event with its number as JSON; the bytes that comms carry become Base64. */
export function eventJson(seq: number, event: KernelEvent): string {
  const replacer = event.type.startsWith("comm_") ? bytesToBase64 : undefined;
  return `{"seq":${seq},${objectJson(event, replacer).slice(1)}`;
}

/** Returns the last event of an execution as JSON; `summary` is JSON as well. */
export function doneJson(
  seq: number,
  { id: executionId, kernelId }: Pick<ExecutionSummary, "id" | "kernelId">,
  summary: string,
): string {
  const head = JSON.stringify({ seq, type: "done", kernelId, executionId });
  return withProperty(head, "execution", summary);
}

/** Returns a summary as JSON. */
export function summaryJson({ result, ...others }: ExecutionSummary): string {
  return withProperty(JSON.stringify(others), "result", result ? objectJson(result) : "null");
}

/** Returns outputs as JSON. */
export function outputsJson(outputs: readonly Output[]): string {
  return `[${outputs.map((output) => objectJson(output)).join()}]`;
}

/** Puts a summary and outputs, both JSON, together to a record as JSON. */
export function joinedRecordJson(summary: string, outputs: string): string {
  return withProperty(summary, "outputs", outputs);
}

/**
 * Returns whether a record can be one JSON text. An output of a hundred million control characters cannot:
 * each of them is six characters of JSON.
 */
export function fitsOneText(summary: string, outputs: string): boolean {
  return summary.length + outputs.length <= MAX_TEXT_LENGTH;
}

/** Returns a record as JSON. */
export function recordJson({ outputs, ...summary }: ExecutionRecord): string {
  return joinedRecordJson(summaryJson(summary), outputsJson(outputs));
}

/** Adds a property, whose value is JSON, to an object in JSON that has others already. */
function withProperty(object: string, name: string, value: string): string {
  return `${object.slice(0, -1)},"${name}":${value}}`;
}

function bytesToBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? value.toBase64() : value;
}
