import type { Output } from "../../../../kernel/mod.ts";
import { imageOf, textOf } from "./display.ts";
import { plainText } from "./plain_text.ts";

/** Returns all that outputs say as one text, in the order in which it was said. */
export function outputText(outputs: readonly Output[]): string {
  return outputs.map(textOfOutput).filter((text) => text !== "").map(asLines).join("");
}

/** Returns the text of one stream. */
export function streamText(outputs: readonly Output[], name: "stdout" | "stderr"): string {
  return outputs.map((it) => it.output_type === "stream" && it.name === name ? it.text : "")
    .map(plainText).join("");
}

/** Returns the traceback of an exception without colours. */
export function tracebackText({ traceback }: { traceback: readonly string[] }): string {
  return plainText(traceback.join("\n"));
}

function textOfOutput(output: Output, index: number): string {
  switch (output.output_type) {
    case "stream":
      return plainText(output.text);
    case "error":
      return tracebackText(output) || `${output.ename}: ${output.evalue}`;
    default: {
      const image = imageOf(output.data);
      return image ? `[output ${index}: ${image.mimeType}]` : textOf(output.data);
    }
  }
}

function asLines(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
