import { getLogger } from "@logtape/logtape";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import { DOCUMENT_BOUNDS, parseJson } from "../files/bounded_json.ts";
import { fileForm, type NotebookJson, readNotebookJson } from "./format/notebook_format.ts";
import { notebookText } from "./format/notebook_text.ts";
import type { Notebooks, WriteCondition } from "./notebooks.ts";
import type { SharedDocument } from "./shared_document.ts";

const logger = getLogger(["server", "notebooks"]);

/** The time between a change and the write of the file, in milliseconds. */
const SAVE_AFTER_MS = 500;
/** While changes come all the time, at most one part in so many of the time goes into writing the file. */
const SAVE_SHARE = 10;

/** The origin of the changes that come from the file, or that say how the file is. */
export const FILE_ORIGIN = { name: "file" };

/**
 * The file of a shared document: the document is written to it by itself, and follows it when another
 * program has written it. When both have changed, nothing is written until somebody has decided.
 */
export class NotebookFile implements AsyncDisposable {
  readonly #notebooks: Notebooks;
  readonly #document: SharedDocument;
  #path: string;
  #etag: string | undefined;
  #stamp: string | undefined;
  /** The document as it was when it and the file were the same. */
  #saved: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saveAfterMs = SAVE_AFTER_MS;
  #saving: Promise<void> = Promise.resolve();
  #hasConflict = false;
  #isDisposed = false;

  private constructor(
    notebooks: Notebooks,
    path: string,
    document: SharedDocument,
    etag: string,
    stamp: string | undefined,
  ) {
    this.#notebooks = notebooks;
    this.#path = path;
    this.#document = document;
    this.#etag = etag;
    this.#stamp = stamp;
    this.#saved = textOf(document);
    document.ydoc.on("update", this.#onUpdate);
    this.#tell({ path, dirty: false, conflict: null, problem: null });
  }

  /**
   * Reads a file into a document, which is written to the file from now on.
   *
   * @throws {ServiceError} `not_found`, or `invalid_argument` when the file is no notebook.
   */
  static async open(
    notebooks: Notebooks,
    path: string,
    document: SharedDocument,
  ): Promise<NotebookFile> {
    const stamp = await notebooks.stamp(path);
    const { text, etag } = await notebooks.read(path);
    document.replace(parseNotebook(text, path), FILE_ORIGIN);
    return new NotebookFile(notebooks, path, document, etag, stamp);
  }

  /** The path of the notebook. */
  get path(): string {
    return this.#path;
  }

  /** The entity tag of the file when it was last the same as the document. */
  get etag(): string | undefined {
    return this.#etag;
  }

  /** True when the file has what the document has. */
  get isSaved(): boolean {
    return this.#timer === undefined && !this.#isDirty();
  }

  /** True when the document and the file have both changed, and nobody has decided yet. */
  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  /** Writes the document if it has changed. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#turn(() => this.#save());
  }

  /** Takes in what another program has written to the file. */
  async refresh(): Promise<void> {
    await this.#turn(async () => {
      const stamp = await this.#notebooks.stamp(this.#path);
      if (stamp === this.#stamp || stamp === undefined) return;
      const { text, etag } = await this.#notebooks.read(this.#path);
      this.#stamp = stamp;
      if (etag === this.#etag) return;
      if (this.#isDirty()) this.#setConflict(etag);
      else this.#load(text, etag);
    });
  }

  /**
   * Ends a conflict: `mine` writes the document over the file, whose text is kept as a version; `theirs`
   * changes the document into what the file has, and keeps the document as a version.
   */
  async resolve(answer: "mine" | "theirs"): Promise<void> {
    await this.#turn(async () => {
      if (!this.#hasConflict) return;
      const present = await this.#notebooks.read(this.#path).catch((error) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      if (answer === "theirs" && present) {
        await this.keepVersion();
        this.#load(present.text, present.etag);
        this.#stamp = await this.#notebooks.stamp(this.#path);
        return;
      }
      this.#etag = present?.etag;
      this.#hasConflict = false;
      this.#tell({ conflict: null });
      await this.#save({ keepVersion: true });
    });
  }

  /** Keeps the document as it is now among the versions of its file. */
  async keepVersion(): Promise<void> {
    await this.#notebooks.keepVersion(this.#path, textOf(this.#document));
  }

  /** Moves the file to a path that is free. */
  async rename(to: string): Promise<void> {
    await this.#turn(async () => {
      await this.#save();
      await this.#notebooks.rename(this.#path, to);
      this.#path = to;
      this.#stamp = await this.#notebooks.stamp(to);
      this.#tell({ path: to });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#document.ydoc.off("update", this.#onUpdate);
    await this.save();
    // Nobody has decided: the file stays what the other program has written, and this is a version of it.
    if (this.#hasConflict) {
      await this.keepVersion().catch((error) => {
        logger.error("a notebook in conflict cannot be kept", { path: this.#path, error });
      });
    }
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === FILE_ORIGIN) return;
    this.#tell({ dirty: true });
    this.#timer ??= setTimeout(() => void this.save(), this.#saveAfterMs);
  };

  async #save({ keepVersion = false } = {}): Promise<void> {
    if (this.#hasConflict) return;
    const started = performance.now();
    try {
      const text = textOf(this.#document);
      if (text === this.#saved) return this.#tell({ dirty: false, problem: null });
      const condition: WriteCondition = this.#etag === undefined
        ? { ifNoneMatch: "*" }
        : { ifMatch: this.#etag };
      const { etag } = await this.#notebooks.write(this.#path, text, { ...condition, keepVersion });
      this.#etag = etag;
      this.#stamp = await this.#notebooks.stamp(this.#path);
      this.#saved = text;
      // Somebody may have changed the document while it was written.
      this.#tell({ dirty: this.#timer !== undefined, problem: null });
    } catch (error) {
      if (error instanceof ServiceError && error.code === "conflict") {
        return this.#setConflict(null);
      }
      logger.error("a notebook cannot be saved", {
        path: this.#path,
        reason: messageOf(error),
        error,
      });
      this.#tell({ dirty: true, problem: messageOf(error) });
      if (!this.#isDisposed) this.#timer ??= setTimeout(() => void this.save(), RETRY_MS);
    } finally {
      this.#saveAfterMs = Math.max(SAVE_AFTER_MS, (performance.now() - started) * SAVE_SHARE);
    }
  }

  #load(text: string, etag: string): void {
    let notebook: NotebookJson;
    try {
      notebook = parseNotebook(text, this.#path);
    } catch (error) {
      // A program may be in the middle of its write, or the file is no notebook any more.
      return this.#tell({ problem: messageOf(error) });
    }
    this.#document.replace(notebook, FILE_ORIGIN);
    this.#etag = etag;
    this.#saved = textOf(this.#document);
    this.#hasConflict = false;
    this.#tell({ dirty: false, conflict: null, problem: null });
  }

  #setConflict(etag: string | null): void {
    this.#hasConflict = true;
    this.#tell({ dirty: true, conflict: etag ?? "changed" });
  }

  #isDirty(): boolean {
    return textOf(this.#document) !== this.#saved;
  }

  /** Tells those who follow the document how its file is. */
  #tell(members: Record<string, unknown>): void {
    const { state } = this.#document;
    this.#document.transact(() => {
      for (const [name, value] of Object.entries(members)) {
        if (state.get(name) !== value) state.set(name, value);
      }
    }, FILE_ORIGIN);
  }

  /** Runs a task after those before it have ended. */
  #turn(task: () => Promise<void>): Promise<void> {
    const turn = this.#saving.then(task);
    this.#saving = turn.catch(() => {});
    return turn;
  }
}

/** The time until a write is tried again that has failed, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Reads the text of a notebook file, which anybody may have written.
 *
 * @throws {ServiceError} `invalid_argument` when it is no notebook.
 */
export function parseNotebook(text: string, path: string): NotebookJson {
  try {
    return readNotebookJson(parseJson(text, DOCUMENT_BOUNDS));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "it is not JSON" : messageOf(cause);
    throw new ServiceError("invalid_argument", `Cannot read notebook "${path}": ${reason}`, {
      cause,
    });
  }
}

function textOf(document: SharedDocument): string {
  return notebookText(fileForm(document.notebook));
}

function isNotFound(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "not_found";
}
