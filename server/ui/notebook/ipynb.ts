import { z } from "zod";
import { parseJson } from "../api/json.ts";
import { type Cell, type CellType, createCell } from "./cell.ts";
import { type CellOutput, joined, parseOutput } from "./output_schema.ts";

/** An `Ipynb` is a parsed notebook file. Metadata that the page does not know is kept. */
export interface Ipynb {
  metadata: Record<string, unknown>;
  cells: Cell[];
}

const text = z.union([z.string(), z.array(z.string())]).transform(joined);
const object = z.record(z.string(), z.unknown());

const cell = z.looseObject({
  id: z.string().optional(),
  cell_type: z.enum(["code", "markdown", "raw"]),
  source: text,
  metadata: object.default({}),
  attachments: object.optional(),
  outputs: z.array(z.unknown().transform(parseOutput)).catch([]),
  execution_count: z.int().nullable().catch(null),
});

const notebook = z.looseObject({
  nbformat: z.literal(4, { error: "only notebooks of version 4 can be opened" }),
  nbformat_minor: z.int(),
  metadata: object.default({}),
  cells: z.array(cell),
});

/**
 * Parses the text of a notebook file (nbformat 4).
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
  const result = notebook.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join(".") || "file";
    throw new TypeError(`This is not a notebook that can be opened: ${where}: ${issue?.message}`);
  }
  const { metadata, cells } = result.data;
  const ids = new Set<string>();
  return {
    metadata,
    cells: cells.map((it) => {
      // Files before version 4.5 have no cell ids, and some programs copy cells with their ids.
      const id = it.id !== undefined && !ids.has(it.id) ? it.id : undefined;
      if (id !== undefined) ids.add(id);
      return createCell(it.cell_type, {
        id,
        source: it.source,
        outputs: it.outputs,
        executionCount: it.execution_count,
        metadata: it.metadata,
        attachments: it.attachments,
      });
    }),
  };
}

/** Options for {@linkcode toIpynb}. */
export interface ToIpynbOptions {
  /** True to write the outputs of cells that were code. The notebook format does not know them. */
  hiddenOutputs?: boolean;
}

/** Writes a notebook in the notebook format (nbformat 4.5). */
export function toIpynb(
  { metadata, cells }: Ipynb,
  { hiddenOutputs = false }: ToIpynbOptions = {},
): Record<string, unknown> {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      ...metadata,
      kernelspec: metadata["kernelspec"] ??
        { name: "python3", display_name: "Python 3", language: "python" },
      language_info: metadata["language_info"] ?? { name: "python" },
    },
    cells: cells.map((cell) => toCell(cell, hiddenOutputs)),
  };
}

/** Returns a new notebook with one empty code cell. */
export function emptyIpynb(): Ipynb {
  return { metadata: {}, cells: [createCell("code")] };
}

function toCell(it: Cell, hiddenOutputs: boolean): Record<string, unknown> {
  const type: CellType = it.type.peek();
  const { collapsed: _, ...metadata } = it.metadata;
  const common = {
    id: it.id,
    cell_type: type,
    metadata: it.outputsCollapsed.peek() ? { ...metadata, collapsed: true } : metadata,
    source: lines(it.source.peek()),
    ...(it.attachments && { attachments: it.attachments }),
  };
  if (type !== "code" && !(hiddenOutputs && it.outputs.peek().length > 0)) return common;
  return {
    ...common,
    execution_count: it.executionCount.peek(),
    outputs: it.outputs.peek().map(toOutput),
  };
}

/** Leaves out `transient`, which is of use only while the page is open. */
function toOutput(it: CellOutput): unknown {
  if (it.output_type === "unreadable") return it.original;
  if (it.output_type === "stream") return { ...it, text: lines(it.text) };
  if (it.output_type === "error") return { ...it };
  const { transient: _, data, ...rest } = { transient: undefined, ...it };
  const bundle = Object.entries(data).map(([type, value]) => [
    type,
    typeof value === "string" && isText(type) ? lines(value) : value,
  ]);
  return { ...rest, data: Object.fromEntries(bundle) };
}

/**
 * Splits text into lines that keep their line ends: tools that compare notebooks expect this form.
 */
function lines(source: string): string[] {
  return source === "" ? [] : source.split(/(?<=\n)/);
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type.endsWith("+xml") || type === "application/javascript";
}
