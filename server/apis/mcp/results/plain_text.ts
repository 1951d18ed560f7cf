import { stripVTControlCharacters } from "node:util";

/** Control characters, other than tabs and line feeds, which take six characters of JSON each. */
// deno-lint-ignore no-control-regex -- control characters are what is looked for
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/**
 * Returns a text as a terminal leaves it: without colours, and of a line that was written over again and
 * again, such as a progress bar, the last version.
 */
export function plainText(text: string): string {
  const lines = stripVTControlCharacters(text).replaceAll("\r\n", "\n");
  const last = lines.includes("\r") ? lines.replace(/^[^\n]*\r(?=[^\r\n])/gm, "") : lines;
  return last.replaceAll("\r", "").replace(CONTROLS, "\ufffd").toWellFormed();
}
