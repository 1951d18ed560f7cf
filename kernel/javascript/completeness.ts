import type { Completeness } from "../calls/replies.ts";
import { type Parse, parseCell, type ParseError } from "./parser.ts";

const UNTERMINATED = /^Unterminated (template|comment|regular)/;

/** Judges if a cell could be executed as it is. */
export function judge(code: string, parse: Parse): Completeness {
  try {
    parseCell(code, parse);
    return { status: "complete", indent: "" };
  } catch (error) {
    const { message, raisedAt } = error as ParseError;
    const atEnd = raisedAt >= code.trimEnd().length;
    const status = atEnd || UNTERMINATED.test(message) ? "incomplete" : "invalid";
    return { status, indent: status === "incomplete" ? indentOf(code) : "" };
  }
}

/** Returns the indent for the line after this code. */
function indentOf(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const [indent = ""] = /^\s*/.exec(last) ?? [];
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}
