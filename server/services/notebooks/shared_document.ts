import * as Y from "yjs";
import {
  type CellJson,
  isObject,
  type JsonObject,
  type NotebookJson,
} from "./format/notebook_format.ts";
import {
  idOf,
  makeSharedCell,
  plain,
  readSharedCell,
  type Running,
  runningOf,
  setAttachments,
  setMetadata,
  setOutputs,
  setSource,
  setType,
  type SharedCell,
  updateMap,
} from "./shared_cell.ts";

/** A change of a document's cells. */
export interface CellsChange {
  /** The ids of the cells that are new or changed. */
  changed: ReadonlySet<string>;
  /** True when cells were added, removed or moved. */
  isArranged: boolean;
  /** The one who made the change, as `transact` was told. */
  origin: unknown;
}

/** A `SharedDocument` is a notebook that several writers change at once: Yjs merges what they do. */
export class SharedDocument implements Disposable {
  readonly ydoc: Y.Doc;
  readonly cells: Y.Array<unknown>;
  readonly #meta: Y.Map<unknown>;
  /** Facts about the document beside its content, such as the state of its file. */
  readonly state: Y.Map<unknown>;

  constructor(ydoc: Y.Doc = new Y.Doc()) {
    this.ydoc = ydoc;
    this.cells = ydoc.getArray("cells");
    this.#meta = ydoc.getMap("meta");
    this.state = ydoc.getMap("state");
  }

  /** The notebook as it is now. */
  get notebook(): NotebookJson {
    const { nbformat: _, nbformat_minor: __, metadata, ...extra } = this.#meta.toJSON();
    return {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: isObject(metadata) ? metadata : {},
      cells: this.cells.toArray().flatMap((cell) => readSharedCell(cell) ?? []),
      extra,
    };
  }

  /** Returns the cell of that id; undefined when there is none. */
  find(id: string): SharedCell | undefined {
    const index = this.indexOf(id);
    return index < 0 ? undefined : this.cells.get(index) as SharedCell;
  }

  /** Returns the place of the cell of that id, or -1. */
  indexOf(id: string): number {
    let index = 0;
    for (const cell of this.cells) {
      if (idOf(cell) === id) return index;
      index++;
    }
    return -1;
  }

  /** Runs changes as one, which others see all at once; `origin` says who makes them. */
  transact<T>(change: () => T, origin: unknown): T {
    return this.ydoc.transact(change, origin);
  }

  /** Changes the document into a notebook, and leaves alone what both have in common. */
  replace(notebook: NotebookJson, origin: unknown): void {
    this.transact(() => {
      this.replaceMetadata(notebook.metadata, notebook.extra);
      this.replaceCells(notebook.cells);
    }, origin);
  }

  /** Changes the notebook's metadata and the members that this project does not know. */
  replaceMetadata(metadata: JsonObject, extra: JsonObject = {}): void {
    const { metadata: _, ...present } = this.#meta.toJSON();
    const others = { nbformat: 4, nbformat_minor: 5, ...extra };
    for (const name of Object.keys(present)) if (!(name in others)) this.#meta.delete(name);
    for (const [name, value] of Object.entries(others)) {
      if (plain(this.#meta.get(name)) !== value) this.#meta.set(name, value);
    }
    this.setMetadata(metadata);
  }

  /** The notebook's metadata. */
  get metadata(): JsonObject {
    const metadata = plain(this.#meta.get("metadata"));
    return isObject(metadata) ? metadata : {};
  }

  /** Changes the notebook's metadata, and leaves its other members alone. */
  setMetadata(metadata: JsonObject): void {
    const shared = this.#meta.get("metadata");
    if (shared instanceof Y.Map) updateMap(shared, metadata);
    else this.#meta.set("metadata", new Y.Map(Object.entries(metadata)));
  }

  /** Changes the cells into others, in their order; a cell that stays keeps its shared text. */
  replaceCells(cells: readonly CellJson[]): void {
    this.arrange(cells);
    for (const [index, cell] of cells.entries()) {
      updateCell(this.cells.get(index) as SharedCell, cell);
    }
  }

  /**
   * Gives the document the cells of a list, in its order: adds those that it has not and removes those that
   * are not in the list. The content of a cell that it has stays as it is.
   */
  arrange(cells: readonly CellJson[]): void {
    const wanted = new Set(cells.map(({ id }) => id));
    for (let index = this.cells.length - 1; index >= 0; index--) {
      if (!wanted.has(idOf(this.cells.get(index)) ?? "")) this.cells.delete(index);
    }
    const moved = new Map<string, Moved>();
    for (const [index, cell] of cells.entries()) {
      let present = this.indexOf(cell.id);
      if (present === index + 1) {
        // The cell at this place has moved down: it is made anew when its place is reached.
        this.#take(index, moved);
        present = index;
      }
      if (present === index) continue;
      if (present >= 0) this.#take(present, moved);
      const { content, running } = moved.get(cell.id) ?? { content: cell, running: {} };
      this.cells.insert(index, [makeSharedCell(content, running)]);
    }
  }

  /** Moves a cell to a place among the others; its text is the one that it has now. */
  move(id: string, to: number): void {
    const { cells } = this.notebook;
    const from = cells.findIndex((cell) => cell.id === id);
    if (from < 0) return;
    cells.splice(to, 0, ...cells.splice(from, 1));
    this.arrange(cells);
  }

  /** Yjs has no moves: a cell that moves is removed and made anew. */
  #take(index: number, moved: Map<string, Moved>): void {
    const cell = this.cells.get(index);
    const content = readSharedCell(cell);
    if (content) moved.set(content.id, { content, running: runningOf(cell as SharedCell) });
    this.cells.delete(index);
  }

  /** Calls `listener` after each change of cells, until the result is disposed. */
  observe(listener: (change: CellsChange) => void): Disposable {
    const onEvents = (events: Y.YEvent<Y.AbstractType<unknown>>[], { origin }: Y.Transaction) => {
      const changed = new Set<string>();
      let isArranged = false;
      for (const { path, changes } of events) {
        const [index] = path;
        if (typeof index !== "number") isArranged = true;
        const touched = typeof index === "number"
          ? [this.cells.get(index)]
          : [...changes.added].flatMap(({ content }) => content.getContent());
        for (const cell of touched) {
          const id = idOf(cell);
          if (id !== undefined) changed.add(id);
        }
      }
      listener({ changed, isArranged, origin });
    };
    this.cells.observeDeep(onEvents);
    return { [Symbol.dispose]: () => this.cells.unobserveDeep(onEvents) };
  }

  /** Calls `listener` after each change of the metadata, until the result is disposed. */
  observeMetadata(listener: () => void): Disposable {
    this.#meta.observeDeep(listener);
    return { [Symbol.dispose]: () => this.#meta.unobserveDeep(listener) };
  }

  [Symbol.dispose](): void {
    this.ydoc.destroy();
  }
}

/** A cell that is on its way to another place. */
interface Moved {
  content: CellJson;
  running: Running;
}

function updateCell(shared: SharedCell, cell: CellJson): void {
  setType(shared, cell.cell_type);
  setSource(shared, cell.source);
  setMetadata(shared, cell.metadata);
  setAttachments(shared, cell.attachments);
  if (cell.cell_type !== "code") return;
  setOutputs(shared, cell.outputs ?? []);
  const count = cell.execution_count ?? null;
  if (shared.get("execution_count") !== count) shared.set("execution_count", count);
}
