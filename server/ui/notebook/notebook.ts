import { withCellLanguage } from "../../services/notebooks/format/cell_language.ts";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { kindMetadata, type NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { usedAttachments } from "../../services/notebooks/format/attachments.ts";
import { type AttachedImage, joinAttachments, withImages } from "./attached_images.ts";
import { type Cell, type CellType, createCell } from "./cell.ts";
import { copiedCells, copyCells } from "./clipboard.ts";
import { rebaseList } from "../merge/merge_cells.ts";
import { History, type Part, rebaseText } from "./history.ts";
import { foldedCells } from "./headings.ts";
import type { Ipynb } from "./ipynb.ts";

/** A `ServerCopy` names the file on the server that has the notebook. */
export interface ServerCopy {
  path: string;
  /** The texts of the cells that the file had last, by id, when it has not everything; else null. */
  base: Record<string, string> | null;
}

/** A `Notebook` is an open document: its cells, the selection, and the edits of cells. */
export class Notebook {
  /** The key of the notebook in the browser's database. */
  readonly id: string;
  readonly title: Signal<string>;
  readonly cells: Signal<readonly Cell[]>;
  readonly metadata: Signal<Record<string, unknown>>;
  /** The id of the selected cell. */
  readonly selectedId: Signal<string>;
  /**
   * In `edit` mode keys go to the editor of the selected cell; in `command` mode they are commands.
   */
  readonly mode = signal<"command" | "edit">("command");
  readonly lineNumbers = signal(false);
  /** A counter that grows when the selected cell is to take the focus again. */
  readonly focusRequests = signal(0);
  readonly serverCopy: Signal<ServerCopy | null>;
  readonly selected: ReadonlySignal<Cell | undefined>;
  /** The id of the cell at which a selection of several cells began; null if one cell is selected. */
  readonly #anchorId: Signal<string | null> = signal(null);
  /** The ids of the cells whose headings are folded. */
  readonly folded: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** The cells that are out of sight below folded headings. */
  readonly hidden: ReadonlySignal<ReadonlySet<Cell>>;
  /** The selected cells in their order: one, or several in a row. */
  readonly selection: ReadonlySignal<readonly Cell[]>;
  /** The members of the file that the page does not know. */
  readonly extra: Record<string, unknown>;
  /** Called after each edit of the reader. */
  onEdit: () => void = () => {};
  readonly #history: History;
  #isFollowing = false;

  constructor(
    id: string,
    title: string,
    { metadata, cells, extra = {} }: Ipynb,
    serverCopy: ServerCopy | null = null,
  ) {
    this.id = id;
    this.title = signal(title);
    this.metadata = signal(metadata);
    this.extra = extra;
    this.cells = signal(cells.length > 0 ? cells : [createCell("code")]);
    this.selectedId = signal(this.cells.peek()[0]!.id);
    this.serverCopy = signal(serverCopy);
    this.selected = computed(() =>
      this.cells.value.find((cell) => cell.id === this.selectedId.value)
    );
    this.hidden = computed(() => foldedCells(this.cells.value, this.folded.value));
    this.selection = computed(() => {
      const cells = this.cells.value;
      const [from, to] = [this.#anchorId.value ?? this.selectedId.value, this.selectedId.value]
        .map((id) => cells.findIndex((cell) => cell.id === id)).sort((a, b) => a - b);
      return from! < 0 ? cells.slice(to, to! + 1) : cells.slice(from, to! + 1);
    });
    this.#history = new History({
      parts: () => this.#parts(),
      selected: this.selectedId,
      onEdit: () => this.onEdit(),
    });
  }

  /** Returns the index of a cell, or -1 if the notebook does not contain it. */
  indexOf(cell: Cell): number {
    return this.cells.peek().indexOf(cell);
  }

  /** Folds the cells below a heading, or shows them again. */
  toggleFold(cell: Cell): void {
    const folded = new Set(this.folded.peek());
    if (!folded.delete(cell.id)) folded.add(cell.id);
    this.folded.value = folded;
  }

  /** Unfolds the headings above a cell until it is in sight. */
  #reveal(cell: Cell): void {
    const above = this.cells.peek().slice(0, this.indexOf(cell)).toReversed();
    for (const { id } of above) {
      if (!this.hidden.peek().has(cell)) return;
      if (!this.folded.peek().has(id)) continue;
      this.folded.value = new Set([...this.folded.peek()].filter((it) => it !== id));
    }
  }

  /** Returns the cell of that id; undefined if the notebook does not contain it. */
  find(id: string): Cell | undefined {
    return this.cells.peek().find((cell) => cell.id === id);
  }

  /** True while changes of somebody else are taken in: the reader's place stays where it is. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Takes in changes of somebody else, which the reader does not undo. */
  follow(change: () => void): void {
    this.#isFollowing = true;
    try {
      change();
    } finally {
      this.#isFollowing = false;
    }
  }

  /** Takes other cells, at least one; the selection stays at its cell or at its place. */
  arrange(cells: readonly Cell[]): void {
    const index = Math.max(0, this.#selectedIndex());
    this.cells.value = cells;
    if (this.selected.peek()) return;
    this.selectedId.value = cells[Math.min(index, cells.length - 1)]!.id;
    this.mode.value = "command";
  }

  select(cell: Cell, mode: "command" | "edit" = "command"): void {
    this.#anchorId.value = null;
    if (this.hidden.peek().has(cell)) this.#reveal(cell);
    this.selectedId.value = cell.id;
    if (mode === "edit" && cell.type.peek() === "markdown") cell.editing.value = true;
    this.mode.value = mode;
  }

  /** Selects the cells from the one that was selected before to another. */
  extendTo(cell: Cell): void {
    this.#anchorId.value ??= this.selectedId.peek();
    this.selectedId.value = cell.id;
    this.mode.value = "command";
  }

  /** Selects the next (1) or previous (-1) cell too. */
  extend(by: 1 | -1): void {
    const next = this.cells.peek()[this.#selectedIndex() + by];
    if (next) this.extendTo(next);
  }

  /** Selects all cells. */
  selectAll(): void {
    const cells = this.cells.peek();
    this.select(cells[0]!);
    this.extendTo(cells.at(-1)!);
  }

  /** Moves the focus to the selected cell, to its editor in edit mode. */
  requestFocus(): void {
    this.focusRequests.value++;
  }

  /** Selects the next (1) or previous (-1) cell; returns false if there is none. */
  selectBeside(by: 1 | -1): boolean {
    const cells = this.cells.peek();
    let at = this.#selectedIndex() + by;
    let next = cells[at];
    while (next && this.hidden.peek().has(next)) next = cells[at += by];
    if (!next) return false;
    this.select(next);
    return true;
  }

  /** Inserts a cell above or below the selected one and selects the new cell. */
  insert(place: "above" | "below", cell: Cell = createCell("code")): Cell {
    return this.#history.record(() => {
      const index = this.#selectedIndex() + (place === "below" ? 1 : 0);
      this.#splice(index, 0, cell);
      this.select(cell);
      return cell;
    });
  }

  /** Inserts a code cell with a text below a cell. */
  insertAfter(cell: Cell, source: string): void {
    this.#history.record(() =>
      this.#splice(this.indexOf(cell) + 1, 0, createCell("code", { source }))
    );
  }

  /** Removes cells. An empty code cell takes the place of the last one. */
  remove(...removed: readonly Cell[]): void {
    const index = Math.min(...removed.map((cell) => this.indexOf(cell)).filter((at) => at >= 0));
    if (!Number.isFinite(index)) return;
    this.#history.record(() => {
      const cells = this.cells.peek().filter((it) => !removed.includes(it));
      this.cells.value = cells.length > 0 ? cells : [createCell("code")];
      this.select(this.cells.peek()[Math.min(index, this.cells.peek().length - 1)]!);
    });
  }

  /** Undoes the last edit, of text or of cells. */
  undo(): void {
    if (this.#history.undo()) this.#showSelected();
  }

  /** Does the edit again that was undone last. */
  redo(): void {
    if (this.#history.redo()) this.#showSelected();
  }

  /** Changes the text of a cell. Changes without a pause are undone together. */
  edit(cell: Cell, text: string): void {
    this.#history.type(cell.source, text);
  }

  /** Says in the metadata that the cells are for a kind of kernel. */
  setKind(kind: NotebookKind): void {
    this.metadata.value = { ...this.metadata.peek(), ...kindMetadata(kind) };
    this.onEdit();
  }

  /** Changes the title. Changes without a pause are undone together. */
  rename(title: string): void {
    this.#history.type(this.title, title);
  }

  /** Removes the outputs of cells. */
  clearOutputs(...cells: readonly Cell[]): void {
    this.#history.record(() => {
      for (const cell of cells) {
        if (cell.outputs.peek().length === 0) continue;
        cell.outputs.value = [];
        cell.executionCount.value = null;
      }
    });
  }

  /** Gives a cell images, and shows them at a place of its text, in UTF-16 units; by default at its end. */
  attach(cell: Cell, images: readonly AttachedImage[], place = cell.source.peek().length): void {
    if (images.length === 0) return;
    const { attachments, markdown } = withImages(cell.attachments.peek(), images);
    const source = cell.source.peek();
    const before = source.slice(0, place);
    const separator = before === "" || before.endsWith("\n") ? "" : "\n\n";
    this.#history.record(() => {
      cell.attachments.value = attachments;
      cell.source.value = before + separator + markdown + source.slice(place);
    });
  }

  /** Changes the texts of several cells as one edit. */
  editAll(texts: ReadonlyMap<Cell, string>): void {
    this.#history.record(() => {
      for (const [cell, text] of texts) cell.source.value = text;
    });
  }

  /** Takes the cells of another version. A cell that both have keeps its place in undo. */
  replace({ cells }: Ipynb): void {
    this.#history.record(() => {
      const replaced = cells.map((cell) => {
        const own = this.find(cell.id);
        if (!own) return cell;
        own.source.value = cell.source.peek();
        own.type.value = cell.type.peek();
        own.language.value = cell.language.peek();
        own.outputs.value = cell.outputs.peek();
        own.executionCount.value = cell.executionCount.peek();
        own.attachments.value = cell.attachments.peek();
        return own;
      });
      this.arrange(replaced.length > 0 ? replaced : [createCell("code")]);
    });
  }

  /** Shows or hides the outputs of a cell. */
  toggleOutputs(cell: Cell): void {
    this.#history.record(() => cell.outputsCollapsed.value = !cell.outputsCollapsed.peek());
  }

  copy(): void {
    copyCells(this.selection.peek());
  }

  cut(): void {
    this.copy();
    this.remove(...this.selection.peek());
  }

  /** Inserts copies of the cells in the clipboard below the selected ones; they may be of another notebook. */
  paste(): void {
    const cells = copiedCells();
    const last = this.selection.peek().at(-1);
    if (cells.length === 0 || !last) return;
    this.#history.record(() => {
      this.#splice(this.indexOf(last) + 1, 0, ...cells);
      this.select(cells.at(-1)!);
    });
  }

  /** Moves the selected cells one place down (1) or up (-1). */
  move(by: 1 | -1): void {
    const first = this.indexOf(this.selection.peek()[0]!);
    this.moveTo(by < 0 ? first - 1 : first + this.selection.peek().length + 1);
  }

  /** Moves the selected cells before the cell that is at a place; after the last one for the place after it. */
  moveTo(place: number): void {
    const moved = this.selection.peek();
    const cells = this.cells.peek();
    if (place < 0 || place > cells.length || moved.length === 0) return;
    const rest = (part: readonly Cell[]) => part.filter((cell) => !moved.includes(cell));
    const arranged = [...rest(cells.slice(0, place)), ...moved, ...rest(cells.slice(place))];
    this.#history.record(() => this.cells.value = arranged);
    // An element loses the focus when it is moved in the page.
    this.requestFocus();
  }

  /** Changes the type of cells. Their outputs are hidden until they are code again, run or saved. */
  setType(cells: readonly Cell[], type: CellType): void {
    const others = cells.filter((cell) => cell.type.peek() !== type);
    if (others.length === 0) return;
    this.#history.record(() => {
      for (const cell of others) cell.type.value = type;
    });
    for (const cell of others) {
      cell.editing.value = type === "markdown" && this.mode.peek() === "edit";
    }
  }

  /** Changes the language of cells; null: the notebook's own. */
  setLanguage(cells: readonly Cell[], language: string | null): void {
    this.setType(cells, "code");
    this.#history.record(() => {
      for (const cell of cells) cell.language.value = language;
    });
  }

  /** Splits a cell at `position`, in UTF-16 units, and selects the second half. */
  split(cell: Cell, position: number): void {
    const source = cell.source.peek();
    const rest = source.slice(position).replace(/^\n/, "");
    const second = createCell(cell.type.peek(), {
      source: rest,
      attachments: usedAttachments(rest, cell.attachments.peek()),
      metadata: withCellLanguage(cell.metadata, cell.language.peek()),
    });
    second.editing.value = cell.type.peek() === "markdown";
    this.#history.record(() => {
      cell.source.value = source.slice(0, position).replace(/\n$/, "");
      this.#splice(this.indexOf(cell) + 1, 0, second);
      this.select(second, "edit");
    });
  }

  /**
   * Joins the selected cells into the first of them, or a single one with the cell below, and removes their
   * outputs.
   */
  merge(): void {
    const selected = this.selection.peek();
    const [first] = selected;
    if (!first) return;
    const below = this.cells.peek()[this.indexOf(first) + 1];
    const others = selected.length > 1 ? selected.slice(1) : below ? [below] : [];
    if (others.length === 0) return;
    const parts = [first.source.peek()];
    let attachments = first.attachments.peek();
    for (const other of others) {
      const second = { source: other.source.peek(), attachments: other.attachments.peek() };
      const joined = joinAttachments(attachments, second);
      attachments = joined.attachments;
      parts.push(joined.source);
    }
    this.#history.record(() => {
      first.attachments.value = attachments;
      first.source.value = parts.filter((it) => it !== "").join(
        "\n\n".slice(first.type.peek() === "code" ? 1 : 0),
      );
      first.outputs.value = [];
      this.cells.value = this.cells.peek().filter((it) => !others.includes(it));
      this.select(first);
    });
  }

  /** The parts of the document that edits change. */
  #parts(): Part[] {
    const cells = this.cells.peek().flatMap((cell): Part[] => [
      { signal: cell.source as Signal<unknown>, rebase: rebaseText },
      { signal: cell.type as Signal<unknown> },
      { signal: cell.language as Signal<unknown> },
      { signal: cell.outputs as Signal<unknown> },
      { signal: cell.executionCount as Signal<unknown> },
      { signal: cell.outputsCollapsed as Signal<unknown> },
      { signal: cell.attachments as Signal<unknown> },
    ]);
    return [{ signal: this.cells as Signal<unknown>, rebase: rebaseCells }, ...cells];
  }

  /** Opens the editor of the selected cell if the reader is editing. */
  #showSelected(): void {
    const cell = this.selected.peek() ?? this.cells.peek()[0]!;
    this.select(cell, this.mode.peek());
    this.requestFocus();
  }

  #selectedIndex(): number {
    const selected = this.selected.peek();
    return selected ? this.indexOf(selected) : -1;
  }

  #splice(index: number, count: number, ...added: Cell[]): void {
    const cells = [...this.cells.peek()];
    cells.splice(index, count, ...added);
    this.cells.value = cells;
  }
}

function rebaseCells(from: unknown, to: unknown, present: unknown): unknown {
  return rebaseList(from as Cell[], to as Cell[], present as Cell[]);
}
