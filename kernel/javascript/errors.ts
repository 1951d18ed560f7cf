import type { ExecutionError } from "../cell.ts";
import { inspectValue } from "./formats.ts";

/** The error of a cell that was interrupted; notebooks know it by Python's name. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  constructor() {
    super("");
  }
}

/** Cells as stack traces name them, with the columns of their sources. */
export interface CellSources {
  get(name: string): { code: string; columnOf(line: number, column: number): number } | undefined;
}

/** A place in a cell, as a stack trace names it. */
const PLACE = /(In\[\d+\]):(\d+):(\d+)/g;
const CONTEXT_LINES = 2;
/** The most errors that are shown of one that is made of many. */
const MAX_PARTS = 10;

/** Describes a value that a cell has thrown, with the lines of the cells. */
export function describeError(thrown: unknown, cells: CellSources): ExecutionError {
  if (!(thrown instanceof Error)) {
    const evalue = `Uncaught ${inspectValue(thrown)}`;
    return { ename: "Uncaught", evalue, traceback: [evalue] };
  }
  const ename = textOf(thrown, "name") || "Error";
  const evalue = textOf(thrown, "message");
  if (thrown instanceof KeyboardInterrupt) return { ename, evalue, traceback: [ename] };
  const frames = framesOf(thrown, cells);
  const cause = thrown.cause === undefined ? [] : causeOf(thrown.cause, cells, "Caused by");
  const parts = thrown instanceof AggregateError ? partsOf(thrown, cells) : [];
  return {
    ename,
    evalue,
    traceback: [
      evalue ? `${ename}: ${evalue}` : ename,
      ...frames,
      ...excerpt(frames[0] ?? "", cells),
      ...cause,
      ...parts,
    ],
  };
}

/** Describes the errors of which one is made. */
function partsOf({ errors }: AggregateError, cells: CellSources): string[] {
  if (!Array.isArray(errors)) return [];
  const shown = errors.slice(0, MAX_PARTS).flatMap((it) => causeOf(it, cells, "One of them:"));
  const rest = errors.length - MAX_PARTS;
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

function causeOf(cause: unknown, cells: CellSources, word: string): string[] {
  if (!(cause instanceof Error)) return [`${word.replace(/:$/, "")}: ${inspectValue(cause)}`];
  const { ename, evalue } = { ename: textOf(cause, "name"), evalue: textOf(cause, "message") };
  return [`${word} ${ename}: ${evalue}`, ...framesOf(cause, cells)];
}

/** Returns the frames of an error that are in cells; those of the kernel mean nothing to a reader. */
function framesOf(error: Error, cells: CellSources): string[] {
  const lines = textOf(error, "stack").split("\n");
  const frames = lines.filter((line) => /^\s+at .*In\[\d+\]:\d+:\d+/.test(line)).map((line) =>
    `    ${line.trim()}`.replace(PLACE, (_, name: string, row: string, column: string) => {
      const mapped = cells.get(name)?.columnOf(Number(row), Number(column)) ?? column;
      return `${name}:${row}:${mapped}`;
    })
  ).filter((frame) => lineExists(frame, cells));
  // V8 tells the place of a syntax error in the first line, and in no frame.
  const head = /^(In\[\d+\]):(\d+)$/.exec(lines[0] ?? "");
  return frames.length > 0 || !head ? frames : [`    at ${head[1]}:${head[2]}`];
}

/** Returns false for a frame of the function around a cell that waits. */
function lineExists(frame: string, cells: CellSources): boolean {
  const [, name = "", row] = /(In\[\d+\]):(\d+)/.exec(frame) ?? [];
  const code = cells.get(name)?.code;
  return code === undefined || Number(row) <= code.split("\n").length;
}

/** Returns the lines of a cell around the place of a frame. */
function excerpt(frame: string, cells: CellSources): string[] {
  const [, name, row] = /(In\[\d+\]):(\d+)/.exec(frame) ?? [];
  const code = name === undefined ? undefined : cells.get(name)?.code;
  if (code === undefined) return [];
  const lines = code.split("\n");
  const at = Number(row);
  const from = Math.max(1, at - CONTEXT_LINES);
  return [
    "",
    ...lines.slice(from - 1, at + CONTEXT_LINES).map((line, index) => {
      const number = from + index;
      return `${number === at ? "--> " : "    "}${String(number).padStart(3)} ${line}`;
    }),
  ];
}

/** Reads a text of an error, which user code may have made unreadable. */
function textOf(error: Error, property: "name" | "message" | "stack"): string {
  try {
    return String(error[property] ?? "");
  } catch {
    return "";
  }
}
