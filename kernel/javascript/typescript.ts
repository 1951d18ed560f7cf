import { stripTypeScriptTypes } from "node:module";

/** Taken before user code could replace it. */
const strip = stripTypeScriptTypes;

/**
 * Returns the JavaScript of a TypeScript cell. Types are removed and not checked; the lines stay, unless the
 * cell has syntax that becomes code, such as an enum.
 *
 * @throws {SyntaxError} when the cell is not TypeScript.
 */
export function withoutTypes(code: string): string {
  try {
    return strip(code, { mode: "strip" });
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNSUPPORTED) throw shortened(error);
  }
  try {
    return strip(code, { mode: "transform" });
  } catch (error) {
    throw shortened(error);
  }
}

/** The code of the error for syntax that becomes code. */
const UNSUPPORTED = "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";

/** Returns the error of a parser whose message also shows the code, with the message alone and its line. */
function shortened(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const [message = ""] = error.message.replace(/^SyntaxError: /, "").split("\n");
  const [, line] = /:(\d+):\d+\s*$/.exec(error.message) ?? [];
  return new SyntaxError(line === undefined ? message : `${message} (line ${line})`);
}
