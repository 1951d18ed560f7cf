import type { Output } from "../../../kernel/mod.ts";
import type { InputAnswer } from "../executions/live_execution.ts";

/**
 * Returns the outputs of an execution with the answers to `input()` at their places, as a terminal shows
 * them. An answer whose place is gone, because the outputs were cleared, is left out.
 */
export function withAnswers(outputs: readonly Output[], answers: readonly InputAnswer[]): Output[] {
  const result = outputs.map((output) => ({ ...output }));
  // From the last one on, so that the places of those before stay what they are.
  for (const { text, after, length } of answers.toReversed()) {
    if (after > outputs.length) continue;
    const before = result[after - 1];
    if (length === null || before?.output_type !== "stream") {
      result.splice(after, 0, { output_type: "stream", name: "stdout", text });
    } else if (length <= before.text.length) {
      before.text = before.text.slice(0, length) + text + before.text.slice(length);
    }
  }
  return result;
}
