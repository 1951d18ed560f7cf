import { type Signal, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
import { downloadFile } from "../api/download.ts";
import { getServer } from "../api/kernels.ts";
import { readNotebook, writeNotebook } from "../api/notebooks.ts";
import type { ServerFacts } from "../api/types.ts";
import { listDrafts, readDraft, withDraft } from "./drafts.ts";
import { emptyIpynb, parseIpynb, toIpynb } from "./ipynb.ts";
import { Keeper, type KeepState } from "./keeper.ts";
import { Notebook, type ServerCopy } from "./notebook.ts";
import { Session } from "./session.ts";
import { loadNotebook, recentNotebooks } from "./storage.ts";
import type { StoredNotebook } from "./stored_notebook.ts";

/** A `Workspace` opens, keeps and saves notebooks. The page's address names the open one. */
export class Workspace {
  readonly session: Signal<Session | null> = signal(null);
  readonly keepState = signal<KeepState>("kept");
  readonly server: Signal<ServerFacts | null> = signal(null);
  /** A message for the reader; empty if there is none. */
  readonly message = signal("");
  #keeper: Keeper | undefined;

  /** Opens the notebook that the address names, else the most recent one, else a new one. */
  async start(): Promise<void> {
    addEventListener("hashchange", () => void this.#openAddressed());
    addEventListener("pagehide", () => this.#keeper?.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#keeper?.flush();
    });
    await this.#openAddressed();
    try {
      this.server.value = await getServer();
    } catch (error) {
      this.message.value = (error as Error).message;
    }
  }

  /** Opens a new notebook. */
  create(): void {
    this.#show(crypto.randomUUID(), "Untitled", emptyIpynb(), { mode: "edit" });
  }

  /** Opens a notebook file from the reader's machine. */
  async openFile(file: File): Promise<void> {
    this.#open(file.name, await file.text());
  }

  /** Opens a notebook from the server's notebook directory. */
  async openFromServer(path: string): Promise<void> {
    const { text, etag } = await readNotebook(path);
    this.#open(path.split("/").at(-1)!, text, { path, etag });
  }

  /** Opens a notebook from the browser's database; a new one if the database does not have it. */
  async openStored(id: string): Promise<void> {
    const stored = withDraft(await loadNotebook(id), readDraft(id));
    if (stored) this.#showStored(stored);
    else this.create();
  }

  /** Saves to the server's notebook directory; if the server has none, downloads the file. */
  async save(): Promise<void> {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    if (!this.server.peek()?.notebooks) return this.download();
    const copy = notebook.serverCopy.peek();
    const path = copy?.path ?? fileName(notebook);
    try {
      const etag = await writeNotebook(path, ipynbOf(notebook), copy?.etag ?? null);
      notebook.serverCopy.value = { path, etag };
      this.message.value = `Saved as ${path}`;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) {
        this.message.value = (error as Error).message;
        return;
      }
      if (!confirm(`${path} was changed by somebody else. Write over it?`)) return;
      notebook.serverCopy.value = { path, etag: "*" };
      await this.save();
    }
  }

  /** Downloads the notebook as a file. */
  download(): void {
    const notebook = this.session.peek()?.notebook;
    if (!notebook) return;
    const text = `${JSON.stringify(ipynbOf(notebook), null, 1)}\n`;
    downloadFile(fileName(notebook), new Blob([text], { type: "application/x-ipynb+json" }));
  }

  async #openAddressed(): Promise<void> {
    let id = addressed();
    if (id !== undefined && id === this.session.peek()?.notebook.id) return;
    if (id === undefined) id = await mostRecent();
    if (id !== undefined) await this.openStored(id);
    else this.create();
  }

  /** Shows a stored notebook. One that cannot be read stays in the database; a new one is opened. */
  #showStored(stored: StoredNotebook): void {
    const { id, title, ipynb, kernelId, executions, serverCopy, revision = 0 } = stored;
    try {
      const parsed = parseIpynb(JSON.stringify(ipynb));
      for (const cell of parsed.cells) cell.executionId.value = executions[cell.id] ?? null;
      this.#show(id, title, parsed, { kernelId, serverCopy, revision });
    } catch (error) {
      if (this.session.peek() === null) this.create();
      this.message.value = (error as Error).message;
    }
  }

  #open(name: string, text: string, serverCopy: ServerCopy | null = null): void {
    try {
      const title = name.replace(/\.ipynb$/, "");
      this.#show(crypto.randomUUID(), title, parseIpynb(text), { serverCopy });
    } catch (error) {
      this.message.value = (error as Error).message;
    }
  }

  #show(
    id: string,
    title: string,
    ipynb: ReturnType<typeof emptyIpynb>,
    { kernelId = null, serverCopy = null, revision = 0, mode = "command" }: {
      kernelId?: string | null;
      revision?: number;
      mode?: "command" | "edit";
      serverCopy?: ServerCopy | null;
    } = {},
  ): void {
    this.#keeper?.[Symbol.dispose]();
    this.session.peek()?.close();
    this.message.value = "";
    const session = new Session(new Notebook(id, title, ipynb, serverCopy), kernelId);
    session.notebook.mode.value = mode;
    this.session.value = session;
    // Going back leaves the page.
    history.replaceState(null, "", `#/n/${id}`);
    this.#keeper = new Keeper(session, this.keepState, revision);
    void session.resume();
  }
}

function addressed(): string | undefined {
  return /^#\/n\/([\w-]+)$/.exec(location.hash)?.[1];
}

/** Returns the id of the notebook that was changed last; undefined if the browser has none. */
async function mostRecent(): Promise<string | undefined> {
  const known = [...await recentNotebooks(), ...listDrafts()];
  return known.sort((a, b) => b.savedAt - a.savedAt)[0]?.id;
}

function fileName(notebook: Notebook): string {
  return `${notebook.title.peek().trim().replaceAll("/", "-") || "Untitled"}.ipynb`;
}

function ipynbOf({ metadata, cells }: Notebook): Record<string, unknown> {
  return toIpynb({ metadata, cells: [...cells.peek()] });
}
