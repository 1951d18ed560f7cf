/**
 * The notebook format, as this server keeps notebooks: nbformat 4.5, with every text as one string.
 *
 * @module
 */

/** A JSON object whose members nobody has checked. */
export type JsonObject = Record<string, unknown>;

/** The types of cells in the notebook format. */
export const CELL_TYPES = ["code", "markdown", "raw"] as const;

/** The type of a cell, as in the notebook format. */
export type CellType = typeof CELL_TYPES[number];

/** A cell of a notebook. */
export interface CellJson {
  id: string;
  cell_type: CellType;
  source: string;
  metadata: JsonObject;
  attachments?: JsonObject;
  /** The outputs of a code cell, of known and of unknown types. */
  outputs?: unknown[];
  execution_count?: number | null;
  /** The members that the format does not know. */
  extra: JsonObject;
}

/** A notebook. */
export interface NotebookJson {
  nbformat: 4;
  nbformat_minor: 5;
  metadata: JsonObject;
  cells: CellJson[];
  /** The members that the format does not know. */
  extra: JsonObject;
}

/**
 * Reads a notebook of nbformat 3 or 4 in whatever state it is: cells get the ids that they lack, and an
 * output that is unknown or broken stays as it is.
 *
 * @throws {TypeError} when the value is no such notebook; the message names the field and the fault.
 */
export function readNotebookJson(json: unknown): NotebookJson {
  if (!isObject(json)) throw new TypeError("a notebook is a JSON object");
  const { nbformat, metadata } = json;
  if (nbformat !== 3 && nbformat !== 4) {
    throw new TypeError("nbformat: only notebooks of version 3 and 4 can be read");
  }
  const cells = nbformat === 4 ? json["cells"] : worksheetCells(json["worksheets"]);
  if (!Array.isArray(cells)) throw new TypeError("cells: a notebook has a list of cells");
  const ids = new Set<string>();
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: isObject(metadata) ? metadata : {},
    cells: cells.map((cell, index) => {
      const read = readCell(cell, index);
      read.id = freeId(read.id, index, ids);
      return read;
    }),
    extra: without(json, NOTEBOOK_MEMBERS),
  };
}

/** Returns a notebook as it is written to a file: texts are lists of lines, so that versions can be compared. */
export function fileForm({ cells, extra, ...notebook }: NotebookJson): JsonObject {
  return {
    ...extra,
    cells: cells.map(({ source, outputs, extra, ...cell }) => ({
      ...extra,
      ...cell,
      source: lines(source),
      ...(outputs && { outputs: outputs.map(outputForm) }),
    })),
    ...notebook,
  };
}

/** Splits a text into lines that keep their line ends. */
export function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** Joins a text that the notebook format may give as a list of lines. */
export function joined(text: unknown): string {
  if (Array.isArray(text)) return text.filter((line) => typeof line === "string").join("");
  return typeof text === "string" ? text : "";
}

/** True for a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NOTEBOOK_MEMBERS = ["nbformat", "nbformat_minor", "metadata", "cells", "worksheets"];
const CELL_MEMBERS = [
  ...["id", "cell_type", "source", "metadata", "attachments", "outputs", "execution_count"],
  // Those of nbformat 3.
  ...["input", "prompt_number", "collapsed", "language", "level"],
];

function without(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !members.includes(name)));
}

function readCell(cell: unknown, index: number): CellJson {
  if (!isObject(cell)) throw new TypeError(`cells.${index}: a cell is a JSON object`);
  const type = cell["cell_type"];
  if (type === "heading") return readHeading(cell);
  const known = CELL_TYPES.find((it) => it === type);
  if (!known) throw new TypeError(`cells.${index}.cell_type: there is no type ${shown(type)}`);
  const { id, metadata, attachments, outputs } = cell;
  const count = cell["execution_count"] ?? cell["prompt_number"];
  return {
    id: typeof id === "string" ? id : "",
    cell_type: known,
    source: joined(cell["source"] ?? cell["input"]),
    metadata: {
      ...(isObject(metadata) && metadata),
      ...(cell["collapsed"] === true && { collapsed: true }),
    },
    ...(isObject(attachments) && { attachments }),
    ...((known === "code" || Array.isArray(outputs)) && {
      outputs: Array.isArray(outputs) ? outputs.map(readOutput) : [],
      execution_count: Number.isSafeInteger(count) ? count as number : null,
    }),
    extra: without(cell, CELL_MEMBERS),
  };
}

/** Returns the cells of a notebook of nbformat 3, which has them in worksheets. */
function worksheetCells(worksheets: unknown): unknown {
  if (!Array.isArray(worksheets)) return undefined;
  return worksheets.flatMap((sheet) =>
    isObject(sheet) && Array.isArray(sheet["cells"]) ? sheet["cells"] : []
  );
}

/** Returns a heading of nbformat 3 as the Markdown cell that it is today. */
function readHeading({ level, source, metadata }: JsonObject): CellJson {
  const depth = typeof level === "number" ? Math.min(Math.max(Math.trunc(level), 1), 6) : 1;
  return {
    id: "",
    cell_type: "markdown",
    source: `${"#".repeat(depth)} ${joined(source).replaceAll(/\s*\n\s*/g, " ")}`,
    metadata: isObject(metadata) ? metadata : {},
    extra: {},
  };
}

/** The MIME types of the members that outputs of nbformat 3 have. */
const OLD_TYPES: Readonly<Record<string, string>> = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  latex: "text/latex",
  json: "application/json",
  javascript: "application/javascript",
};

/** Joins the text of a stream, and gives an output of nbformat 3 its present form. */
function readOutput(output: unknown): unknown {
  if (!isObject(output)) return output;
  const { output_type: type } = output;
  if (type === "stream") {
    const { stream, name = stream, text, ...rest } = output;
    if (typeof text !== "string" && !Array.isArray(text)) return output;
    return { ...rest, name: name ?? "stdout", text: joined(text) };
  }
  if (type === "pyerr") return { ...output, output_type: "error" };
  if (type !== "pyout" && (type !== "display_data" || "data" in output)) return output;
  const data: JsonObject = {};
  for (const [member, mime] of Object.entries(OLD_TYPES)) {
    if (member in output) data[mime] = output[member];
  }
  const metadata = isObject(output["metadata"]) ? output["metadata"] : {};
  if (type === "display_data") return { output_type: type, data, metadata };
  const count = output["prompt_number"];
  return {
    output_type: "execute_result",
    data,
    metadata,
    execution_count: Number.isSafeInteger(count) ? count : null,
  };
}

/** Leaves out `transient`, which is of use only while a kernel runs. */
function outputForm(output: unknown): unknown {
  if (!isObject(output)) return output;
  const { transient: _, ...rest } = output;
  if (rest["output_type"] === "stream" && typeof rest["text"] === "string") {
    return { ...rest, text: lines(rest["text"]) };
  }
  if (!isObject(rest["data"])) return rest;
  const bundle = Object.entries(rest["data"]).map(([type, value]) => [
    type,
    typeof value === "string" && isText(type) ? lines(value) : value,
  ]);
  return { ...rest, data: Object.fromEntries(bundle) };
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type.endsWith("+xml") || type === "application/javascript";
}

/**
 * Returns an id that no cell before has. One that is made from the cell's place is the same each time that
 * the file is read.
 */
function freeId(id: string, index: number, taken: Set<string>): string {
  let free = id;
  for (let at = index; free === "" || taken.has(free); at++) free = `cell-${at}`;
  taken.add(free);
  return free;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 100) ?? "undefined";
}
