/**
 * Characters that a terminal or a reader takes for something else than text: control characters, line
 * ends of Unicode, and marks that change the direction of what follows.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Returns a text whose control characters are written as in JSON, such as `\u001b`. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNSAFE, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
