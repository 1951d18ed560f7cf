import { getLogger } from "@logtape/logtape";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import { LiveNotebook, type LiveNotebookServices } from "./live_notebook.ts";

const logger = getLogger(["server", "notebooks"]);

/** The most notebooks that are open at once. */
const MAX_OPEN = 200;
/** The most idle notebooks that stay open, for who comes back. */
const MAX_IDLE = 20;
/** The time between two looks at the files of open notebooks, in milliseconds. */
const LOOK_EVERY_MS = 2_000;

/**
 * The notebooks that are open in this server, by path: everybody who opens one path gets one document.
 */
export class LiveNotebooks implements AsyncDisposable {
  readonly #services: LiveNotebookServices;
  /** Those that were used last are at the end. */
  readonly #open = new Map<string, Promise<LiveNotebook>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isDisposed = false;

  constructor(services: LiveNotebookServices) {
    this.#services = services;
  }

  /**
   * Opens the notebook of a path, or returns it when it is open. A caller that keeps it for longer than a
   * moment holds it: {@linkcode LiveNotebook.hold}.
   *
   * @throws {ServiceError} `not_found`; `invalid_argument` when the file is no notebook.
   */
  async open(path: string): Promise<LiveNotebook> {
    if (this.#isDisposed) {
      throw new ServiceError(
        "shutting_down",
        "Cannot open a notebook: the server is shutting down",
      );
    }
    const opening = this.#open.get(path) ?? LiveNotebook.open(path, this.#services);
    this.#open.delete(path);
    this.#open.set(path, opening);
    try {
      const notebook = await opening;
      await this.#closeIdle();
      this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS);
      return notebook;
    } catch (error) {
      if (this.#open.get(path) === opening) this.#open.delete(path);
      throw error;
    }
  }

  /** Returns the notebook of a path if it is open. */
  async find(path: string): Promise<LiveNotebook | undefined> {
    return await this.#open.get(path)?.catch(() => undefined);
  }

  /** Returns the open notebook of that id. */
  async findById(id: string): Promise<LiveNotebook | undefined> {
    const all = await this.#all();
    return all.find((notebook) => notebook.id === id);
  }

  /**
   * Makes a new notebook with a path that is free: with a number when there is one of that path.
   *
   * @throws {ServiceError} `invalid_argument` when the path cannot be a notebook's.
   */
  async create(path: string, text = EMPTY_TEXT): Promise<LiveNotebook> {
    return await this.open((await this.#services.notebooks.create(path, text)).path);
  }

  /**
   * Moves a notebook to a path that is free.
   *
   * @throws {ServiceError} `already_exists` or `not_found`.
   */
  async rename(from: string, to: string): Promise<void> {
    const notebook = await this.open(from);
    await notebook.rename(to);
    this.#open.delete(from);
    this.#open.set(to, Promise.resolve(notebook));
  }

  /** Saves all notebooks. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    await Promise.all((await this.#all()).map((notebook) => notebook[Symbol.asyncDispose]()));
    this.#open.clear();
  }

  async #all(): Promise<LiveNotebook[]> {
    const all = await Promise.allSettled(this.#open.values());
    return all.flatMap((it) => it.status === "fulfilled" ? [it.value] : []);
  }

  /** Takes in what other programs have written, and closes what nobody needs. */
  async #look(): Promise<void> {
    for (const notebook of await this.#all()) {
      await notebook.file.refresh().catch((error) => {
        logger.warn("a notebook's file cannot be read", {
          path: notebook.path,
          reason: messageOf(error),
        });
      });
    }
    await this.#closeIdle();
  }

  async #closeIdle(): Promise<void> {
    const idle = (await this.#all()).filter((notebook) => notebook.isIdle);
    for (const notebook of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) {
      this.#open.delete(notebook.path);
      await notebook[Symbol.asyncDispose]();
    }
    if (this.#open.size > MAX_OPEN) {
      throw new ServiceError("conflict", `Cannot open a notebook: ${MAX_OPEN} are open`);
    }
  }
}

const EMPTY_TEXT = `${
  JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)
}\n`;
