import { z } from "zod";
import type { Output } from "../api/types.ts";

/** An output of a file that the page cannot read. It is saved as it was. */
export interface UnreadableOutput {
  output_type: "unreadable";
  original: unknown;
}

/** An output of a cell. */
export type CellOutput = Output | UnreadableOutput;

const text = z.union([z.string(), z.array(z.string())]).transform(joined);
const object = z.record(z.string(), z.unknown());

/** A MIME bundle. Text given as a list of lines is joined; lists in JSON formats stay lists. */
const mimeBundle = object.transform((bundle) =>
  Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      isJson(type) || !isLines(value) ? value : value.join(""),
    ]),
  )
);

const output = z.discriminatedUnion("output_type", [
  z.looseObject({
    output_type: z.literal("stream"),
    name: z.enum(["stdout", "stderr"]).catch("stdout"),
    text,
  }),
  z.looseObject({
    output_type: z.literal("display_data"),
    data: mimeBundle,
    metadata: object.default({}),
  }),
  z.looseObject({
    output_type: z.literal("execute_result"),
    data: mimeBundle,
    metadata: object.default({}),
    execution_count: z.int().nullable().transform((count) => count ?? 0),
  }),
  z.looseObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

/** Parses an output of a notebook file. */
export function parseOutput(original: unknown): CellOutput {
  const { success, data } = output.safeParse(original);
  // The schema has checked every field that the page shows.
  return success ? data as Output : { output_type: "unreadable", original };
}

/** Joins text that the notebook format may give as a list of lines. */
export function joined(source: string | string[]): string {
  return Array.isArray(source) ? source.join("") : source;
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((it) => typeof it === "string");
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}
