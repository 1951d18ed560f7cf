import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
import { downloadFile } from "../api/download.ts";
import { getServer, listKinds } from "../api/kernels.ts";
import { actOnNotebook } from "../api/live_notebooks.ts";
import { createNotebook, readNotebook, renameNotebook } from "../api/notebooks.ts";
import type { ServerFacts } from "../api/types.ts";
import { toScript } from "../../services/notebooks/export/script.ts";
import { scriptLanguage } from "../../services/notebooks/format/languages.ts";
import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { toHtml } from "../export/html.ts";
import { LiveLink } from "../live/live_link.ts";
import type { SaveState } from "../live/save_state.ts";
import { listDrafts, readDraft, withDraft } from "../notebook/drafts.ts";
import { emptyIpynb, type Ipynb, parseIpynb, toCellJson, toIpynb } from "../notebook/ipynb.ts";
import { Keeper, type KeepState } from "./keeper.ts";
import { Notebook, type ServerCopy } from "../notebook/notebook.ts";
import { Session } from "../session/session.ts";
import { loadNotebook, recentNotebooks } from "../notebook/storage.ts";
import type { StoredNotebook } from "../notebook/stored_notebook.ts";
import { TabLock } from "./tab_lock.ts";
import { followTitle, stemOf } from "./titles.ts";

/** The time between the first edit of a new notebook and the making of its file, in milliseconds. */
const CREATE_AFTER_MS = 600;

/** A `Workspace` opens, keeps and saves notebooks. The page's address names the open one. */
export class Workspace {
  readonly session: Signal<Session | null> = signal(null);
  readonly keepState = signal<KeepState>("kept");
  readonly server: Signal<ServerFacts | null> = signal(null);
  /** The kinds of kernels that the server offers, the default one first; empty until it has said them. */
  readonly kinds: Signal<readonly NotebookKind[]> = signal([]);
  /** A message for the reader; empty if there is none. */
  readonly message = signal("");
  /** The id of the notebook that another tab has open, when the reader wanted to open it here. */
  readonly elsewhere: Signal<string | null> = signal(null);
  /** The state of the open notebook's file; null if the server does not keep it. */
  readonly saveState: ReadonlySignal<SaveState | null>;
  readonly #link: Signal<LiveLink | null> = signal(null);
  #keeper: Keeper | undefined;
  #lock: TabLock | undefined;
  #stopFollowingTitle = () => {};
  #creation: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.saveState = computed(() => this.#link.value?.state.value ?? null);
  }

  /** Opens the notebook that the address names, else the most recent one, else a new one. */
  async start(): Promise<void> {
    addEventListener("hashchange", () => void this.#openAddressed());
    addEventListener("pagehide", () => this.#keeper?.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#keeper?.flush();
    });
    const facts = getServer();
    const kinds = listKinds();
    kinds.catch(() => {});
    // The notebook is shown before the server has answered.
    facts.catch(() => {});
    await this.#openAddressed();
    try {
      this.server.value = await facts;
      this.kinds.value = await kinds;
      this.#join();
    } catch (error) {
      this.message.value = (error as Error).message;
    }
  }

  /** Opens a new notebook for a kind of kernel; by default for the server's default kind. */
  create(kind?: NotebookKind): void {
    void this.#show(crypto.randomUUID(), "Untitled", emptyIpynb(kind), { mode: "edit" });
  }

  /** Opens a notebook file from the reader's machine. */
  async openFile(file: File): Promise<void> {
    await this.#open(file.name, await file.text());
  }

  /** Opens a notebook from the server's notebook directory. */
  async openFromServer(path: string): Promise<void> {
    const known = (await recentNotebooks()).find(({ serverCopy }) => serverCopy?.path === path);
    if (known) return await this.openStored(known.id);
    const { text } = await readNotebook(path);
    await this.#open(path.split("/").at(-1)!, text, { path, base: null });
  }

  /**
   * Opens a notebook from the browser's database; a new one if the database does not have it. With
   * `takeOver`, a tab that has it open gives it up.
   */
  async openStored(id: string, { takeOver = false } = {}): Promise<void> {
    const lock = await TabLock.take(id, { takeOver, onWanted: () => this.#giveUp(id) });
    const stored = withDraft(await loadNotebook(id), readDraft(id));
    // The server merges what two tabs do with a notebook that it keeps.
    if (!lock && !stored?.serverCopy) {
      this.#close();
      this.elsewhere.value = id;
      return;
    }
    if (stored) await this.#showStored(stored, lock);
    else {
      lock?.[Symbol.dispose]();
      this.create();
    }
  }

  /** Saves to the server's notebook directory; if the server has none, downloads the file. */
  async save(): Promise<void> {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    if (!this.server.peek()?.notebooks) return this.download();
    try {
      if (!this.#link.peek()) await this.#createFile();
      await this.#link.peek()?.save();
    } catch (error) {
      this.message.value = (error as Error).message;
    }
  }

  /** Saves a copy under another name, and goes on with the copy. */
  async saveAs(path: string): Promise<void> {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    const made = await createNotebook(withExtension(path), ipynbOf(notebook));
    await this.openFromServer(made);
  }

  /** Ends a conflict between the open notebook and its file. */
  async resolve(answer: "mine" | "theirs"): Promise<void> {
    const path = this.#link.peek()?.path.peek();
    if (path !== undefined) await actOnNotebook(path, { resolve: answer });
  }

  /** Ends a conflict with two files: the open notebook under another name, and what its file has. */
  async keepBoth(path: string): Promise<void> {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    const made = await createNotebook(withExtension(path), ipynbOf(notebook));
    await this.resolve("theirs");
    await this.openFromServer(made);
  }

  /** Changes the open notebook into a kept version; the present one is kept too, and undo brings it back. */
  async restore(text: string): Promise<void> {
    const path = this.#link.peek()?.path.peek();
    const notebook = this.session.peek()?.notebook;
    if (path === undefined || !notebook) return;
    await actOnNotebook(path, { keepVersion: true });
    notebook.replace(parseIpynb(text));
  }

  /** Downloads the notebook as a file. */
  download(): void {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    const text = `${JSON.stringify(ipynbOf(notebook), null, 1)}\n`;
    downloadFile(fileName(notebook), new Blob([text], { type: "application/x-ipynb+json" }));
  }

  /** Downloads the notebook as a script of its language, or as HTML that needs no server. */
  async export(format: "script" | "html"): Promise<void> {
    const session = this.session.peek();
    if (!session) return;
    const { notebook, language } = session;
    const cells = notebook.cells.peek().map((cell) => toCellJson(cell));
    const isScript = format === "script";
    const text = isScript ? toScript({ cells }, language.peek()) : await toHtml(notebook);
    const { extension, mimeType } = isScript
      ? scriptLanguage(language.peek())
      : { extension: "html", mimeType: "text/html" };
    const name = `${stemOf(fileName(notebook))}.${extension}`;
    downloadFile(name, new Blob([text], { type: mimeType }));
  }

  async #openAddressed(): Promise<void> {
    const { id, path } = addressed();
    const open = this.session.peek()?.notebook;
    if (id !== undefined && id === open?.id) return;
    if (path !== undefined && path === open?.serverCopy.peek()?.path) return;
    try {
      if (path !== undefined) return await this.openFromServer(path);
    } catch (error) {
      if (!open) this.create();
      this.message.value = (error as Error).message;
      return;
    }
    const wanted = id ?? await mostRecent();
    if (wanted !== undefined) await this.openStored(wanted);
    else this.create();
  }

  /** Shows a stored notebook. One that cannot be read stays in the database; a new one is opened. */
  async #showStored(stored: StoredNotebook, lock: TabLock | undefined): Promise<void> {
    const { id, title, ipynb, kernelId, executions, queued = [], revision = 0 } = stored;
    try {
      const parsed = parseIpynb(JSON.stringify(ipynb));
      for (const cell of parsed.cells) cell.executionId.value = executions[cell.id] ?? null;
      const copy = stored.serverCopy;
      // Without a base, everything here may be newer than what the server has.
      const serverCopy = copy &&
        { path: copy.path, base: copy.base === undefined ? {} : copy.base };
      await this.#show(id, title, parsed, { kernelId, serverCopy, revision, lock, queued });
    } catch (error) {
      if (this.session.peek() === null) this.create();
      this.message.value = (error as Error).message;
    }
  }

  async #open(name: string, text: string, serverCopy: ServerCopy | null = null): Promise<void> {
    try {
      const ipynb = parseIpynb(text);
      await this.#show(crypto.randomUUID(), stemOf(name), ipynb, { serverCopy });
    } catch (error) {
      this.message.value = (error as Error).message;
    }
  }

  async #show(
    id: string,
    title: string,
    ipynb: Ipynb,
    { kernelId = null, serverCopy = null, revision = 0, mode = "command", lock, queued = [] }: {
      queued?: readonly string[];
      kernelId?: string | null;
      revision?: number;
      mode?: "command" | "edit";
      serverCopy?: ServerCopy | null;
      lock?: TabLock | undefined;
    } = {},
  ): Promise<void> {
    this.#close();
    this.message.value = "";
    this.elsewhere.value = null;
    const session = new Session(
      new Notebook(id, title, ipynb, serverCopy),
      kernelId,
      this.kinds,
    );
    session.notebook.mode.value = mode;
    this.session.value = session;
    this.#address();
    this.#keeper = new Keeper(session, this.keepState, revision);
    this.#join();
    void session.resume(queued.flatMap((cell) => session.notebook.find(cell) ?? []));
    this.#lock = lock ?? await TabLock.take(id, { onWanted: () => this.#giveUp(id) });
  }

  #close(): void {
    clearTimeout(this.#creation);
    this.#creation = undefined;
    this.#stopFollowingTitle();
    this.#link.peek()?.[Symbol.dispose]();
    this.#link.value = null;
    this.#keeper?.[Symbol.dispose]();
    this.#keeper = undefined;
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
    this.session.peek()?.close();
  }

  /** Gives a notebook to the tab that wants it. */
  #giveUp(id: string): void {
    if (this.session.peek()?.notebook.id !== id || this.#link.peek()) return;
    this.#close();
    this.session.value = null;
    this.elsewhere.value = id;
  }

  /** Follows the open notebook in the server, or has the server keep it from its first edit on. */
  #join(): void {
    const session = this.session.peek();
    if (!session || !this.server.peek()?.notebooks || this.#link.peek()) return;
    const { notebook } = session;
    const copy = notebook.serverCopy.peek();
    if (copy) return this.#follow(session, copy);
    notebook.onEdit = () => {
      this.#creation ??= setTimeout(() => {
        void this.#createFile().catch((error) => this.message.value = error.message);
      }, CREATE_AFTER_MS);
    };
  }

  /** Makes the file of a new notebook. */
  async #createFile(): Promise<void> {
    const session = this.session.peek();
    if (!session || this.#link.peek() || session.notebook.serverCopy.peek()) return;
    clearTimeout(this.#creation);
    const { notebook } = session;
    notebook.onEdit = () => {};
    const base = Object.fromEntries(
      notebook.cells.peek().map(({ id, source }) => [id, source.peek()]),
    );
    try {
      const path = await createNotebook(fileName(notebook), ipynbOf(notebook));
      notebook.serverCopy.value = { path, base };
      if (this.session.peek() === session) this.#follow(session, { path, base }, true);
    } catch (error) {
      this.#creation = undefined;
      if (this.session.peek() === session) this.#join();
      throw error;
    }
  }

  #follow(session: Session, { path, base }: ServerCopy, hasOutputs = false): void {
    const { notebook } = session;
    const link = new LiveLink({
      session,
      path,
      base,
      hasOutputs,
      onMissing: () => {
        this.#link.value = null;
        link[Symbol.dispose]();
        notebook.serverCopy.value = null;
        this.message.value =
          `${path} is no longer on the server. It is kept in this browser; save it ` +
          "to write it again.";
      },
    });
    this.#link.value = link;
    this.#stopFollowingTitle = followTitle(notebook.title, link.path, async (to) => {
      try {
        await renameNotebook(link.path.peek(), to);
      } catch (error) {
        this.message.value = error instanceof ApiError && error.code === "already_exists"
          ? `There is a notebook ${to} already: use another name`
          : (error as Error).message;
        notebook.title.value = stemOf(link.path.peek());
      }
    }, () => this.#address());
  }

  /** Names the open notebook in the address, by its path if others can open it by that. */
  #address(): void {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    const path = this.#link.peek()?.path.peek();
    const place = path === undefined ? `n/${notebook.id}` : `f/${encodeURI(path)}`;
    // Going back leaves the page.
    history.replaceState(null, "", `#/${place}`);
  }
}

/** Returns the notebook that the address names: by its id in the browser, or by its path on the server. */
function addressed(): { id?: string; path?: string } {
  const [, id] = /^#\/n\/([\w-]+)$/.exec(location.hash) ?? [];
  if (id !== undefined) return { id };
  const [, path] = /^#\/f\/(.+)$/.exec(location.hash) ?? [];
  return path === undefined ? {} : { path: decodeURIComponent(path) };
}

/** Returns the id of the notebook that was changed last; undefined if the browser has none. */
async function mostRecent(): Promise<string | undefined> {
  const known = [...await recentNotebooks(), ...listDrafts()];
  return known.sort((a, b) => b.savedAt - a.savedAt)[0]?.id;
}

function fileName(notebook: Notebook): string {
  return withExtension(notebook.title.peek().trim().replaceAll("/", "-") || "Untitled");
}

function withExtension(path: string): string {
  return path.endsWith(".ipynb") ? path : `${path}.ipynb`;
}

function ipynbOf({ metadata, cells, extra }: Notebook): Record<string, unknown> {
  return toIpynb({ metadata: metadata.peek(), extra, cells: [...cells.peek()] });
}
