import type { Executions } from "../executions/executions.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { applyEdits, type CellEdit } from "./cell_edits.ts";
import { type CellOutcome, type CellRunEvent, CellRuns, type RunOptions } from "./cell_runs.ts";
import type { CellNames } from "./dependencies/cell_names.ts";
import { type NotebookDependencies, notebookDependencies } from "./dependencies/dependencies.ts";
import { languageOf } from "./format/notebook_kind.ts";
import { cellLanguage, statedCellLanguage } from "./format/cell_language.ts";
import { type ExportFormat, exportNotebook } from "./export/export.ts";
import { type CellType, fileForm, type JsonObject } from "./format/notebook_format.ts";
import { FILE_ORIGIN, NotebookFile } from "./notebook_file.ts";
import { kindFor } from "./format/notebook_kind.ts";
import { notebookText } from "./format/notebook_text.ts";
import type { Notebooks } from "./notebooks.ts";
import { executionOf, idOf, readSharedCell, type SharedCell } from "./shared_cell.ts";
import { type CellsChange, SharedDocument } from "./shared_document.ts";

/** A cell as it is now. */
export interface LiveCell {
  id: string;
  type: CellType;
  source: string;
  metadata: JsonObject;
  /** The outputs in the form of the notebook format; empty for other cells than code. */
  outputs: unknown[];
  executionCount: number | null;
  /** True while the cell runs or waits for its turn. */
  running: boolean;
  /** The execution that fills the outputs; null when none does. */
  executionId: string | null;
}

/** A notebook as it is now. */
export interface LiveSnapshot {
  path: string;
  metadata: JsonObject;
  cells: LiveCell[];
  /** True when the file has all of it. */
  saved: boolean;
  /** True when the file was changed by another program too, and nobody has decided what to keep. */
  conflict: boolean;
}

/** A change of a notebook, whoever made it. */
export type LiveNotebookEvent =
  | { type: "cells"; /** The cells that are new or changed. */ changed: string[]; ids: string[] }
  | CellRunEvent
  | { type: "file"; path: string; saved: boolean; conflict: boolean; problem: string | null };

/** The services that live notebooks stand on. */
export interface LiveNotebookServices {
  notebooks: Notebooks;
  executions: Executions;
  kernels: Pick<Kernels, "on" | "isRestarting" | "kinds">;
  sessions: Sessions;
}

/**
 * A `LiveNotebook` is a notebook that is open in this server: its document, which many follow and change
 * at once, its file, and the runs of its cells. It needs no page.
 */
export class LiveNotebook implements AsyncDisposable {
  /** Names this opening of the notebook: a document that is opened again has another one. */
  readonly id = crypto.randomUUID();
  readonly document: SharedDocument;
  readonly #file: NotebookFile;
  readonly #runs: CellRuns;
  readonly #services: LiveNotebookServices;
  readonly #listeners = new Set<(event: LiveNotebookEvent) => void>();
  /** The names of sources that were looked at. */
  readonly #names = new Map<string, CellNames>();
  #holders = 0;

  private constructor(
    document: SharedDocument,
    file: NotebookFile,
    services: LiveNotebookServices,
  ) {
    this.document = document;
    this.#file = file;
    this.#services = services;
    this.#runs = new CellRuns({
      document,
      executions: services.executions,
      kernels: services.kernels,
      kernel: () => this.kernel(),
      onEvent: (event) => this.#emit(event),
    });
    document.observe((change) => this.#onCells(change));
    const session = services.sessions.find(file.path);
    if (session) {
      document.transact(() => document.state.set("kernel_id", session.kernelId), FILE_ORIGIN);
    }
    document.state.observe(() => this.#emit(this.#fileEvent()));
  }

  /**
   * Opens the notebook of a path.
   *
   * @throws {ServiceError} `not_found`, or `invalid_argument` when the file is no notebook.
   */
  static async open(path: string, services: LiveNotebookServices): Promise<LiveNotebook> {
    const document = new SharedDocument();
    try {
      const file = await NotebookFile.open(services.notebooks, path, document);
      return new LiveNotebook(document, file, services);
    } catch (error) {
      document[Symbol.dispose]();
      throw error;
    }
  }

  /** The path of the notebook, which changes when it is renamed. */
  get path(): string {
    return this.#file.path;
  }

  /** The file of the notebook. */
  get file(): Pick<NotebookFile, "save" | "refresh" | "resolve" | "keepVersion"> {
    return this.#file;
  }

  /** True when nobody follows the notebook, nothing runs, and its file has everything. */
  get isIdle(): boolean {
    return this.#holders === 0 && this.#listeners.size === 0 && !this.#runs.isBusy &&
      this.#file.isSaved;
  }

  /** Returns the notebook as it is now. */
  read(): LiveSnapshot {
    const { path, saved, conflict } = this.#fileEvent();
    return {
      path,
      metadata: this.document.notebook.metadata,
      cells: this.document.cells.toArray().flatMap((cell) => readLiveCell(cell) ?? []),
      saved,
      conflict,
    };
  }

  /**
   * Makes edits as one change, which everybody who follows the notebook gets; returns the ids of the cells
   * that they changed or inserted. `origin` says who makes them, for those who undo.
   *
   * @throws {ServiceError} `not_found`, `conflict` or `already_exists`; nothing is changed then.
   */
  edit(edits: readonly CellEdit[], origin: unknown = this): string[] {
    return applyEdits(this.document, edits, origin);
  }

  /**
   * Runs cells in the given order, after those that wait, and writes their outputs into the document.
   * When one fails, those after it do not run. Resolves when the last of them has ended.
   */
  run(cellIds: readonly string[], options?: RunOptions): Promise<CellOutcome[]> {
    return this.#runs.run(cellIds, options);
  }

  /** Takes the cells that wait out of the queue. The one that runs goes on. */
  dropWaiting(): void {
    this.#runs.dropWaiting();
  }

  /**
   * Returns the id of the notebook's kernel. When there is none, starts one of the kind that the notebook's
   * metadata says.
   */
  async kernel(): Promise<string> {
    const kind = kindFor(this.document.metadata, this.#services.kernels.kinds.list());
    const name = this.path.split("/").at(-1)!;
    const wanted = { path: this.path, name, type: "notebook", kernel: { name: kind?.name } };
    const { kernelId } = await this.#services.sessions.open(wanted);
    this.document.transact(() => {
      const { state } = this.document;
      if (state.get("kernel_id") !== kernelId) state.set("kernel_id", kernelId);
    }, FILE_ORIGIN);
    return kernelId;
  }

  /** Calls `listener` with every change until the result is disposed. */
  subscribe(listener: (event: LiveNotebookEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Returns which code cell gets its names from which. */
  dependencies(): NotebookDependencies {
    const { cells, metadata } = this.document.notebook;
    const language = languageOf(metadata);
    const code = cells.filter(({ cell_type }) => cell_type === "code").map((it) => {
      // Only Python's names are known: cells of other languages are there, and need nothing.
      const isPython = cellLanguage(statedCellLanguage(it.metadata), language) === "python";
      return { id: it.id, source: isPython ? it.source : "" };
    });
    return notebookDependencies(code, this.#names);
  }

  /** Returns the notebook as a file of another format. */
  export(format: ExportFormat): string {
    return exportNotebook(this.document.notebook, format);
  }

  /** Returns the notebook as the text of its file. */
  text(): string {
    return notebookText(fileForm(this.document.notebook));
  }

  /** Moves the notebook's file, with its kernel, to a path that is free. */
  async rename(to: string): Promise<void> {
    const from = this.path;
    await this.#file.rename(to);
    const session = this.#services.sessions.find(from);
    const name = to.split("/").at(-1)!;
    if (session) await this.#services.sessions.change(session.id, { path: to, name });
  }

  /** Keeps the notebook open until the result is disposed. */
  hold(): Disposable {
    this.#holders++;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#holders--;
        isHeld = false;
      },
    };
  }

  /** Saves the notebook. Runs end with their kernels. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runs[Symbol.asyncDispose]();
    await this.#file[Symbol.asyncDispose]();
    this.document[Symbol.dispose]();
  }

  #onCells({ changed }: CellsChange): void {
    const ids = this.document.cells.toArray().flatMap((cell) => idOf(cell) ?? []);
    this.#emit({ type: "cells", changed: [...changed], ids });
  }

  #fileEvent(): Extract<LiveNotebookEvent, { type: "file" }> {
    const { state } = this.document;
    const problem = state.get("problem");
    return {
      type: "file",
      path: this.path,
      saved: state.get("dirty") !== true,
      conflict: this.#file.hasConflict,
      problem: typeof problem === "string" ? problem : null,
    };
  }

  #emit(event: LiveNotebookEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function readLiveCell(shared: unknown): LiveCell | undefined {
  const cell = readSharedCell(shared);
  if (!cell) return undefined;
  const { id, cell_type: type, source, metadata, outputs = [], execution_count = null } = cell;
  return {
    id,
    type,
    source,
    metadata,
    outputs,
    executionCount: execution_count,
    running: (shared as SharedCell).get("execution_state") === "running",
    executionId: executionOf(shared as SharedCell),
  };
}
