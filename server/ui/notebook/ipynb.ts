import { withCellLanguage } from "../../services/notebooks/format/cell_language.ts";
import {
  type CellJson,
  fileForm,
  type NotebookJson,
  readNotebookJson,
} from "../../services/notebooks/format/notebook_format.ts";
import {
  kindMetadata,
  languageOf,
  type NotebookKind,
  PYTHON_METADATA,
} from "../../services/notebooks/format/notebook_kind.ts";
import { parseJson } from "../api/json.ts";
import { type Cell, createCell } from "./cell.ts";
import { type CellOutput, parseOutput } from "./output_schema.ts";

/** An `Ipynb` is a parsed notebook file. What the page does not know is kept. */
export interface Ipynb {
  metadata: Record<string, unknown>;
  cells: Cell[];
  /** The members of the file that the page does not know. */
  extra?: Record<string, unknown>;
}

/**
 * Parses the text of a notebook file (nbformat 3 or 4).
 *
 * @throws {TypeError} if the text is not such a notebook; the message names the field and the fault.
 */
export function parseIpynb(source: string): Ipynb {
  let json: unknown;
  try {
    json = parseJson(source);
  } catch (cause) {
    throw new TypeError("This is not a notebook: the file is not JSON", { cause });
  }
  try {
    const { metadata, cells, extra } = readNotebookJson(json);
    return { metadata, cells: cells.map(cellOf), extra };
  } catch (cause) {
    const message = cause instanceof TypeError ? cause.message : "it cannot be read";
    throw new TypeError(`This is not a notebook that can be opened: ${message}`, { cause });
  }
}

/** Makes a cell of the page from one of a file. */
export function cellOf({ id, cell_type, source, metadata, ...rest }: CellJson): Cell {
  return createCell(cell_type, {
    id,
    source,
    metadata,
    outputs: (rest.outputs ?? []).map(parseOutput),
    executionCount: rest.execution_count ?? null,
    attachments: rest.attachments,
    extra: rest.extra,
  });
}

/** Options for {@linkcode toIpynb}. */
export interface ToIpynbOptions {
  /** True to write the outputs of cells that were code. The notebook format does not know them. */
  hiddenOutputs?: boolean;
}

/** Writes a notebook in the notebook format (nbformat 4.5). */
export function toIpynb(
  { metadata, cells, extra = {} }: Ipynb,
  { hiddenOutputs = false }: ToIpynbOptions = {},
): Record<string, unknown> {
  const notebook: NotebookJson = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { ...unstated(metadata), ...metadata },
    cells: cells.map((cell) => toCellJson(cell, hiddenOutputs)),
    extra,
  };
  return fileForm(notebook);
}

/** The members that a notebook which says nothing of its kernel has in a file. */
function unstated(metadata: Record<string, unknown>): Record<string, unknown> {
  const language = languageOf(metadata);
  return language === "python" ? PYTHON_METADATA : { language_info: { name: language } };
}

/** Returns a new notebook with one empty code cell, for a kind of kernel. */
export function emptyIpynb(kind?: NotebookKind): Ipynb {
  return { metadata: kind ? kindMetadata(kind) : {}, cells: [createCell("code")] };
}

/** Returns a cell in the notebook format, with every text as one string. */
export function toCellJson(it: Cell, hiddenOutputs = false): CellJson {
  const type = it.type.peek();
  const { collapsed: _, ...metadata } = withCellLanguage(it.metadata, it.language.peek());
  const attachments = it.attachments.peek();
  const hasOutputs = type === "code" || (hiddenOutputs && it.outputs.peek().length > 0);
  return {
    id: it.id,
    cell_type: type,
    source: it.source.peek(),
    metadata: it.outputsCollapsed.peek() ? { ...metadata, collapsed: true } : metadata,
    ...(attachments && { attachments: { ...attachments } }),
    ...(hasOutputs && {
      outputs: it.outputs.peek().map(originalOf),
      execution_count: it.executionCount.peek(),
    }),
    extra: it.extra,
  };
}

/** Returns an output as it is in a file; one that the page could not read is what it was. */
export function originalOf(output: CellOutput): unknown {
  return output.output_type === "unreadable" ? output.original : output;
}
