import { statedCellLanguage } from "../../services/notebooks/format/cell_language.ts";
import type { Attachments } from "../../services/notebooks/format/attachments.ts";
import { batch, type Signal, signal } from "@preact/signals";
import {
  attachmentsOf,
  countOf,
  executionOf,
  idOf,
  outputsOf,
  readSharedCell,
  setAttachments,
  setMetadata,
  setOutputs,
  setSource,
  setType,
  type SharedCell,
} from "../../services/notebooks/shared_cell.ts";
import type { SharedDocument } from "../../services/notebooks/shared_document.ts";
import { isSameJson } from "../../services/notebooks/same_json.ts";
import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { ApiError } from "../api/client.ts";
import { actOnNotebook, changeSessionKernel, openSession } from "../api/live_notebooks.ts";
import { type Cell, createCell } from "../notebook/cell.ts";
import { cellOf, originalOf, toCellJson } from "../notebook/ipynb.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { type CellOutput, parseOutput } from "../notebook/output_schema.ts";
import type { LiveRuns } from "../session/runs.ts";
import type { Session } from "../session/session.ts";
import { mergeCells } from "../merge/merge_cells.ts";
import { RoomConnection } from "./room_connection.ts";
import type { SaveState } from "./save_state.ts";

/** The time until a connection is tried again, in milliseconds; it doubles each time up to the longest. */
const RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** The texts of cells by id. */
export type Texts = Readonly<Record<string, string>>;

/** Options for {@linkcode LiveLink}. */
export interface LiveLinkInit {
  session: Session;
  path: string;
  /**
   * The texts that the page and the file both had last, when the page has changes that the file has not;
   * null when the file has everything.
   */
  base: Texts | null;
  /** True when the page has outputs that the server has not. @default false */
  hasOutputs?: boolean;
  /** Called when the server does not have the notebook any more. */
  onMissing: () => void;
}

/** A cell as the page and the shared document both have it. */
interface Known {
  source: string;
  type: string;
  outputs: readonly CellOutput[];
  isCollapsed: boolean;
  language: string | null;
  attachments: Attachments | undefined;
}

/**
 * A `LiveLink` keeps an open notebook and the one in the server the same: what the reader changes goes to
 * the server at once, and what others change comes here. Without a connection the page goes on, and its
 * changes are merged when the connection is back.
 */
export class LiveLink implements LiveRuns, Disposable {
  readonly state: Signal<SaveState> = signal({ kind: "connecting" });
  readonly path: Signal<string>;
  readonly #session: Session;
  readonly #notebook: Notebook;
  readonly #onMissing: () => void;
  readonly #known = new Map<string, Known>();
  #base: Texts | null;
  #room: RoomConnection | undefined;
  #document: SharedDocument | undefined;
  #observer: Disposable | undefined;
  /** The metadata that the page and the document both have. */
  #metadata: unknown;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = RETRY_MS;
  #waiting: (() => void)[] = [];
  #hasOutputs: boolean;
  #hasGiven = false;
  #isDisposed = false;

  constructor({ session, path, base, hasOutputs = false, onMissing }: LiveLinkInit) {
    this.#hasOutputs = hasOutputs;
    this.#session = session;
    this.#notebook = session.notebook;
    this.#base = base;
    this.#onMissing = onMissing;
    this.path = signal(path);
    this.#notebook.onEdit = () => this.#push();
    session.live = this;
    void this.#connect();
  }

  /** Runs cells in the server, which writes their outputs into the document. */
  async run(cells: readonly Cell[]): Promise<void> {
    await this.#acknowledged();
    const run = cells.map(({ id }) => id);
    await actOnNotebook(this.path.peek(), { run, allowStdin: true, wait: false });
  }

  async dropWaiting(): Promise<void> {
    await actOnNotebook(this.path.peek(), { dropWaiting: true });
  }

  async startKernel(): Promise<void> {
    await actOnNotebook(this.path.peek(), { startKernel: true });
  }

  async changeKernel(kernelId: string, kind?: NotebookKind): Promise<void> {
    await this.#acknowledged();
    await changeSessionKernel(this.path.peek(), kernelId, this.#session.kernelId.peek());
    if (kind) this.#notebook.setKind(kind);
    await this.#acknowledged();
    // The document learns of the kernel that the session has now.
    await this.startKernel();
  }

  refresh(cells: readonly Cell[]): void {
    this.#pull(new Set(cells.map(({ id }) => id)));
  }

  /** Writes the file now. */
  async save(): Promise<void> {
    await this.#acknowledged();
    await actOnNotebook(this.path.peek(), { save: true });
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#retry);
    this.#disconnect();
    this.#notebook.onEdit = () => {};
    this.#session.live = null;
  }

  async #connect(): Promise<void> {
    try {
      this.#room = await RoomConnection.open(this.path.peek(), {
        onOpen: (document) => this.#onOpen(document),
        onAcknowledged: () => this.#onAcknowledged(),
        onClose: () => this.#onClose(),
      });
      if (this.#isDisposed) this.#disconnect();
    } catch (error) {
      if (this.#isDisposed) return;
      if (error instanceof ApiError && error.status === 404) return this.#onMissing();
      this.#onClose();
    }
  }

  #onClose(): void {
    this.#disconnect();
    // The texts of now are not known to have arrived.
    this.#setBase(this.#base ?? this.#texts());
    this.#tell();
    if (this.#isDisposed) return;
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, MAX_RETRY_MS);
  }

  #disconnect(): void {
    this.#observer?.[Symbol.dispose]();
    this.#room?.[Symbol.dispose]();
    this.#room = this.#document = this.#observer = undefined;
  }

  #onOpen(document: SharedDocument): void {
    this.#retryMs = RETRY_MS;
    this.#document = document;
    const observers = this.#observer = new DisposableStack();
    observers.use(document.observeMetadata(() => this.#pullMetadata(document)));
    observers.use(document.observe(({ changed, isArranged, origin }) => {
      if (origin !== this) this.#pull(isArranged ? undefined : changed);
      this.#tell();
    }));
    const metadata = this.#notebook.metadata.peek();
    // A kind of kernel that was chosen while the connection was lost is not known there.
    const hasChanged = this.#metadata !== undefined && this.#metadata !== metadata;
    if (hasChanged) document.transact(() => document.setMetadata(metadata), this);
    else this.#pullMetadata(document);
    document.state.observe(() => this.#onState());
    if (this.#base) this.#merge(document, this.#base);
    this.#pull();
    this.#onState();
  }

  /** Brings what was changed here without a connection into the document. */
  #merge(document: SharedDocument, base: Texts): void {
    const mine = this.#notebook.cells.peek();
    const theirs = document.notebook.cells;
    const merged = mergeCells(
      base,
      mine.map(({ id, source }) => ({ id, source: source.peek() })),
      theirs,
    );
    const known = new Map(theirs.map((cell) => [cell.id, cell]));
    const own = new Map(mine.map((cell) => [cell.id, cell]));
    document.transact(() => {
      document.arrange(merged.map(({ id }) => known.get(id) ?? toCellJson(own.get(id)!)));
      for (const [index, { source }] of merged.entries()) {
        const shared = document.cells.get(index) as SharedCell;
        setSource(shared, source);
        const cell = own.get(merged[index]!.id);
        const added = cell?.attachments.peek();
        if (added) setAttachments(shared, { ...attachmentsOf(shared), ...added });
        if (cell && this.#hasOutputs) this.#writeOutputs(cell, shared);
      }
    }, this);
    this.#hasOutputs = false;
  }

  #writeOutputs(cell: Cell, shared: SharedCell): void {
    if (cell.type.peek() !== "code") return;
    setOutputs(shared, cell.outputs.peek().map(originalOf));
    shared.set("execution_count", cell.executionCount.peek());
  }

  #onAcknowledged(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#tell();
  }

  /** Resolves when the server has every change. */
  async #acknowledged(): Promise<void> {
    if (this.#room?.isAcknowledged) return;
    if (!this.#document && this.state.peek().kind !== "connecting") {
      throw new Error("The server cannot be reached");
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Takes changes of others into the page; without ids, everything. */
  #pull(ids?: ReadonlySet<string>): void {
    const document = this.#document;
    if (!document) return;
    this.#notebook.follow(() =>
      batch(() => {
        if (!ids) return this.#pullAll(document);
        for (const id of ids) {
          const shared = document.find(id);
          const cell = this.#notebook.find(id);
          if (shared && cell) this.#pullCell(cell, shared);
        }
      })
    );
  }

  #pullMetadata({ metadata }: SharedDocument): void {
    const present = this.#notebook.metadata.peek();
    if (!isSameJson(metadata, present)) this.#notebook.metadata.value = metadata;
    this.#metadata = this.#notebook.metadata.peek();
  }

  #pullAll(document: SharedDocument): void {
    const present = this.#notebook.cells.peek();
    const own = new Map(present.map((cell) => [cell.id, cell]));
    const cells: Cell[] = [];
    const seen = new Set<string>();
    for (const shared of document.cells) {
      const json = readSharedCell(shared);
      if (!json || seen.has(json.id)) continue;
      seen.add(json.id);
      const cell = own.get(json.id) ?? cellOf(json);
      this.#pullCell(cell, shared as SharedCell);
      cells.push(cell);
    }
    for (const id of this.#known.keys()) if (!seen.has(id)) this.#known.delete(id);
    if (cells.length === 0) {
      // The first cell of an empty notebook is the page's own until something is written into it.
      const [first] = present;
      cells.push(present.length === 1 && first!.source.peek() === "" ? first! : createCell("code"));
    }
    if (cells.length !== present.length || cells.some((cell, index) => cell !== present[index])) {
      this.#notebook.arrange(cells);
    }
  }

  #pullCell(cell: Cell, shared: SharedCell): void {
    const json = readSharedCell(shared)!;
    cell.source.value = json.source;
    cell.type.value = json.cell_type;
    cell.metadata = json.metadata;
    cell.language.value = statedCellLanguage(json.metadata);
    if (!isSameJson(json.attachments, cell.attachments.peek())) {
      cell.attachments.value = json.attachments;
    }
    cell.outputsCollapsed.value = json.metadata["collapsed"] === true;
    this.#pullRun(cell, shared);
    this.#known.set(cell.id, knownOf(cell));
  }

  #pullRun(cell: Cell, shared: SharedCell): void {
    const execution = executionOf(shared);
    const isRunning = shared.get("execution_state") === "running";
    if (execution !== null) this.#session.follow(cell, execution);
    else this.#session.setWaiting(cell, isRunning);
    // The page follows a run by itself, which is faster; what the server has written is the end of it.
    if (cell.executionId.peek() !== null) return;
    const outputs = outputsOf(shared);
    if (!isSameJson(outputs, cell.outputs.peek().map(originalOf))) {
      cell.outputs.value = outputs.map(parseOutput);
    }
    cell.executionCount.value = countOf(shared);
  }

  /** Takes the reader's changes into the document. */
  #push(): void {
    const document = this.#document;
    this.#setBase(this.#base ?? this.#knownTexts());
    if (!document) return this.#tell();
    const cells = this.#notebook.cells.peek();
    document.transact(() => {
      const ids = document.cells.toArray().map(idOf);
      if (ids.length !== cells.length || cells.some(({ id }, index) => id !== ids[index])) {
        document.arrange(cells.map((cell) => toCellJson(cell)));
      }
      for (const [index, cell] of cells.entries()) {
        this.#pushCell(cell, document.cells.get(index) as SharedCell);
      }
      const metadata = this.#notebook.metadata.peek();
      if (metadata !== this.#metadata) document.setMetadata(metadata);
    }, this);
    this.#tell();
  }

  #pushCell(cell: Cell, shared: SharedCell): void {
    const known = this.#known.get(cell.id);
    const present = knownOf(cell);
    if (known?.source !== present.source) setSource(shared, present.source);
    if (known?.type !== present.type) setType(shared, cell.type.peek());
    const isSame = known?.isCollapsed === present.isCollapsed &&
      known.language === present.language;
    if (known && !isSame) setMetadata(shared, toCellJson(cell).metadata);
    if (known && known.attachments !== present.attachments) {
      setAttachments(shared, present.attachments);
    }
    // The outputs of a run are the server's to write.
    const isAtRest = cell.executionId.peek() === null && cell.state.peek() === "idle";
    if (known && known.outputs !== present.outputs && isAtRest) {
      this.#writeOutputs(cell, shared);
    }
    this.#known.set(cell.id, present);
  }

  #onState(): void {
    const state = this.#document?.state;
    if (!state) return;
    const kernelId = state.get("kernel_id");
    if (typeof kernelId === "string") this.#session.attachKernel(kernelId);
    else this.#giveKernel();
    const path = state.get("path");
    if (typeof path === "string" && path !== this.path.peek()) {
      this.path.value = path;
      this.#setBase(this.#base);
    }
    this.#tell();
  }

  /** Makes the kernel of this page the one of the server's notebook. */
  #giveKernel(): void {
    const id = this.#session.kernelId.peek();
    if (id === null || this.#hasGiven) return;
    this.#hasGiven = true;
    openSession(this.path.peek(), id).then(() => this.startKernel()).catch(() => {});
  }

  #tell(): void {
    const state = this.#document?.state;
    if (!state) {
      this.state.value = this.#base && !isSameJson(this.#base, this.#texts())
        ? { kind: "unsaved", reason: "the server cannot be reached; it is kept in this browser" }
        : { kind: "disconnected" };
      return;
    }
    const problem = state.get("problem");
    if (state.get("conflict")) this.state.value = { kind: "conflict" };
    else if (typeof problem === "string") this.state.value = { kind: "unsaved", reason: problem };
    else if (!this.#room?.isAcknowledged || state.get("dirty") === true) {
      this.state.value = { kind: "saving" };
    } else {
      // Until now a server that ends without warning could lose what it has taken in.
      this.#setBase(null);
      this.state.value = { kind: "saved" };
    }
  }

  /** Keeps the changes that were made here together with the texts that they were made from. */
  #setBase(base: Texts | null): void {
    const copy = this.#notebook.serverCopy.peek();
    this.#base = base;
    const path = this.path.peek();
    if (copy?.path === path && copy.base === base) return;
    this.#notebook.serverCopy.value = { path, base };
  }

  #texts(): Texts {
    return Object.fromEntries(
      this.#notebook.cells.peek().map(({ id, source }) => [id, source.peek()]),
    );
  }

  /** The texts before the changes that have not been taken into the document. */
  #knownTexts(): Texts {
    return Object.fromEntries([...this.#known].map(([id, { source }]) => [id, source]));
  }
}

function knownOf(cell: Cell): Known {
  const { source, type, outputs, outputsCollapsed, language, attachments } = cell;
  return {
    source: source.peek(),
    type: type.peek(),
    outputs: outputs.peek(),
    isCollapsed: outputsCollapsed.peek(),
    language: language.peek(),
    attachments: attachments.peek(),
  };
}
