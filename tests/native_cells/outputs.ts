/** An output of a cell in the form of nbformat. */
export type Output =
  | { output_type: "stream"; name: string; text: string }
  | { output_type: "error"; ename: string; evalue: string }
  | { output_type: "clear_output"; wait: boolean }
  | {
    output_type: "display_data" | "update_display_data" | "execute_result";
    data: Record<string, unknown>;
  };

/** An output for comparisons: what is different each time, such as addresses and times, is replaced. */
export type ShownOutput = Record<string, string>;

const MOST_CHARACTERS = 2_000;
const IMAGE = /^image\/|^application\/pdf$/;

/** The patterns that differ in each run or on each machine, and the text in their place. */
const CHANGING: [RegExp, string][] = [
  [/\b0x[0-9a-f]+/g, "ADDRESS"],
  [/\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b/g, "ID"],
  [/\bT_[0-9a-f]{5}/g, "T_ID"],
  [/(altair-viz-|df-|fm-)[0-9a-z-]+/g, "$1ID"],
  [/\d+(\.\d+)? ?(ns|µs|μs|us|ms|s)\b/g, "TIME"],
  [/\/[^\s"']*\/site-packages\//g, "SITE/"],
  [/\/tmp\/ipykernel_\d+\/\d+\.py/g, "CELL"],
  [/<cell In\[\d+\]>|\b\d{7,10}\.py\b/g, "CELL"],
  [/\b\d\d:\d\d:\d\d\b/g, "CLOCK"],
  [/https:\/\/cdn\.[a-z]+\.[a-z]+/g, "CDN"],
];

/** Returns outputs for a comparison; streams that follow each other are one. */
export function shownOutputs(outputs: Output[]): ShownOutput[] {
  const found: ShownOutput[] = [];
  for (const output of outputs) {
    const last = found.at(-1);
    if (output.output_type === "stream" && last?.["stream"] === output.name) {
      last["text"] += output.text;
    } else found.push(shown(output));
  }
  return found.map((output) =>
    Object.fromEntries(Object.entries(output).map(([key, text]) => [key, steady(text)]))
  );
}

function shown(output: Output): ShownOutput {
  switch (output.output_type) {
    case "stream":
      return { stream: output.name, text: output.text };
    case "error":
      return { error: output.ename, text: output.evalue };
    case "clear_output":
      return { clear_output: String(output.wait) };
    default: {
      const formats = Object.entries(output.data).sort(([a], [b]) => a < b ? -1 : 1);
      const texts = formats.map(([mime, value]) => [mime, IMAGE.test(mime) ? "" : textOf(value)]);
      return { output: output.output_type, ...Object.fromEntries(texts) };
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function steady(text: string): string {
  const short = text.length > MOST_CHARACTERS
    ? `${text.slice(0, MOST_CHARACTERS)}... (${text.length} characters)`
    : text;
  return CHANGING.reduce((result, [pattern, name]) => result.replace(pattern, name), short);
}
