import { z } from "zod";
import { ServiceError } from "../../errors/service_error.ts";
import { CELL_TYPES, type CellJson, isObject } from "./format/notebook_format.ts";
import {
  idOf,
  makeSharedCell,
  setMetadata,
  setOutputs,
  setSource,
  setType,
  type SharedCell,
  sourceOf,
} from "./shared_cell.ts";
import type { SharedDocument } from "./shared_document.ts";

/** The most edits that are made as one. */
const MAX_EDITS = 10_000;

const id = z.string().regex(/^[\w-]{1,64}$/, "use 1 to 64 letters, digits, _ and -");
const text = z.string();
const type = z.enum(CELL_TYPES);
const metadata = z.record(z.string(), z.unknown());
/** The cell after which another one is put; null: it becomes the first. */
const after = id.nullable();

/** One change of a notebook's cells. */
export const cellEditSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("insert"),
    /** @default the last cell */
    after: after.optional(),
    cell: z.object({
      /** @default a new id */
      id: id.optional(),
      type: type.default("code"),
      source: text.default(""),
      metadata: metadata.default({}),
    }),
  }),
  z.object({
    type: z.literal("replace"),
    id,
    source: text,
    /** The text that the writer has read; when the cell has another one now, nothing is changed. */
    expected: text.optional(),
  }),
  z.object({ type: z.literal("set_type"), id, cellType: type }),
  z.object({ type: z.literal("set_metadata"), id, metadata }),
  z.object({ type: z.literal("move"), id, after }),
  z.object({ type: z.literal("delete"), id }),
  z.object({ type: z.literal("clear_outputs"), id }),
]);

/** A list of edits that are made as one. */
export const cellEditsSchema = z.array(cellEditSchema).max(
  MAX_EDITS,
  `use at most ${MAX_EDITS} edits`,
);

/** One change of a notebook's cells; a missing field has its default. */
export type CellEdit = z.input<typeof cellEditSchema>;

/**
 * Makes edits one after the other and returns the ids of the cells that they changed or inserted. When one
 * cannot be made, none is.
 *
 * @throws {ServiceError} `not_found` when there is no such cell; `conflict` when a text is not the
 * expected one; `already_exists` when the id of a new cell is taken.
 */
export function applyEdits(
  document: SharedDocument,
  edits: readonly CellEdit[],
  origin: unknown,
): string[] {
  const parsed = edits.map((edit) => cellEditSchema.parse(edit));
  const plan = new Plan(document);
  for (const edit of parsed) plan.check(edit);
  return document.transact(
    () => parsed.map((edit, index) => apply(document, edit, plan.ids[index]!)),
    origin,
  );
}

type ParsedEdit = z.output<typeof cellEditSchema>;

/** A `Plan` checks edits against what the cells will be, before any of them is made. */
class Plan {
  /** The id of the cell of each edit so far. */
  readonly ids: string[] = [];
  /** The texts of the cells by id. */
  readonly #texts = new Map<string, string>();

  constructor(document: SharedDocument) {
    for (const cell of document.cells) {
      const id = idOf(cell);
      if (id !== undefined) this.#texts.set(id, sourceOf(cell as SharedCell));
    }
  }

  check(edit: ParsedEdit): void {
    if ("after" in edit && edit.after != null) this.#assertKnown(edit.after);
    if (edit.type === "insert") {
      const { id = newId(), source } = edit.cell;
      if (this.#texts.has(id)) {
        throw new ServiceError("already_exists", `Cannot insert the cell "${id}": there is one`);
      }
      this.#texts.set(id, source);
      this.ids.push(id);
      return;
    }
    const { id } = edit;
    this.#assertKnown(id);
    if (edit.type === "delete") this.#texts.delete(id);
    if (edit.type === "replace") {
      if (edit.expected !== undefined && this.#texts.get(id) !== edit.expected) {
        throw new ServiceError(
          "conflict",
          `Cannot replace the text of cell "${id}": it is not the expected one; read it again`,
        );
      }
      this.#texts.set(id, edit.source);
    }
    this.ids.push(id);
  }

  #assertKnown(id: string): void {
    if (!this.#texts.has(id)) throw new ServiceError("not_found", `Cannot find cell "${id}"`);
  }
}

function apply(document: SharedDocument, edit: ParsedEdit, id: string): string {
  if (edit.type === "insert") {
    const { type, source, metadata } = edit.cell;
    const cell: CellJson = { id, cell_type: type, source, metadata, extra: {} };
    document.cells.insert(placeAfter(document, edit.after), [makeSharedCell(cell)]);
    return id;
  }
  const cell = document.find(id)!;
  if (edit.type === "replace") setSource(cell, edit.source);
  else if (edit.type === "set_type") setType(cell, edit.cellType);
  else if (edit.type === "set_metadata" && isObject(edit.metadata)) {
    setMetadata(cell, edit.metadata);
  } else if (edit.type === "delete") document.cells.delete(document.indexOf(id));
  else if (edit.type === "move" && edit.after !== id) {
    const to = placeAfter(document, edit.after);
    document.move(id, to > document.indexOf(id) ? to - 1 : to);
  } else if (edit.type === "clear_outputs") {
    setOutputs(cell, []);
    cell.set("execution_count", null);
  }
  return id;
}

/** Returns the place after a cell; null: the first, undefined: the last. */
function placeAfter(document: SharedDocument, after: string | null | undefined): number {
  if (after === undefined) return document.cells.length;
  return after === null ? 0 : document.indexOf(after) + 1;
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}
