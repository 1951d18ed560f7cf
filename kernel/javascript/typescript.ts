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
    if ((error as { code?: unknown }).code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
    return strip(code, { mode: "transform" });
  }
}
