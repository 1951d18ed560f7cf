import { z } from "zod";
import type { Output } from "../../../../kernel/mod.ts";
import type { LiveCell } from "../../../services/notebooks/live_notebook.ts";
import { cutMiddle } from "../results/cut.ts";
import { type Image, imageOf } from "../results/display.ts";
import { outputText } from "../results/output_text.ts";

/** A cell as agents see it. */
export const cellViewSchema = z.object({
  id: z.string(),
  type: z.enum(["code", "markdown", "raw"]),
  source: z.string(),
  output: z.string().describe("The outputs as text"),
  running: z.boolean(),
  run: z.string().nullable().describe("The id of the run that fills the outputs, for read_output"),
  execution_count: z.int().nullable(),
});

/** A cell as agents see it. */
export type CellView = z.infer<typeof cellViewSchema>;

/** Returns a cell as agents see it, with at most `max` characters of source and of output. */
export function cellView(cell: LiveCell, max: number): CellView {
  const cut = (text: string) =>
    cutMiddle(text, max, ({ from, to }) => `${to - from} characters are left out`).text;
  return {
    id: cell.id,
    type: cell.type,
    source: cut(cell.source),
    output: cut(outputText(outputsOf(cell))),
    running: cell.running,
    run: cell.executionId,
    execution_count: cell.executionCount,
  };
}

/** Returns the images among a cell's outputs. */
export function imagesOf(cell: LiveCell): Image[] {
  return outputsOf(cell).flatMap((it) => "data" in it ? imageOf(it.data) ?? [] : []);
}

/** Returns outputs with their texts whole: a notebook may keep a text as a list of lines. */
function outputsOf({ outputs }: LiveCell): Output[] {
  return outputs.filter(isOutput).map((output) => {
    if (output.output_type === "stream") return { ...output, text: whole(output.text) as string };
    if (!("data" in output)) return output;
    const data = Object.entries(output.data).map(([type, value]) => [type, whole(value)]);
    return { ...output, data: Object.fromEntries(data) };
  });
}

function isOutput(value: unknown): value is Output {
  if (typeof value !== "object" || value === null) return false;
  const { output_type: type, data, traceback } = value as Record<string, unknown>;
  if (type === "stream") return true;
  return type === "error" ? Array.isArray(traceback) : typeof data === "object" && data !== null;
}

function whole(value: unknown): unknown {
  const lines = Array.isArray(value) && value.every((line) => typeof line === "string");
  return lines ? value.join("") : value;
}
