import type { Output } from "../../../kernel/mod.ts";

/** Returns all text that was written to one of the standard streams. */
export function streamText(outputs: readonly Output[], name: "stdout" | "stderr"): string {
  return outputs.map((it) => it.output_type === "stream" && it.name === name ? it.text : "")
    .join("");
}

/** Returns seconds since the epoch for a time in ISO 8601; null for none. */
export function epochSeconds(time: string): number;
export function epochSeconds(time: string | null): number | null;
export function epochSeconds(time: string | null): number | null {
  return time === null ? null : Date.parse(time) / 1000;
}
