import { effect, type Signal } from "@preact/signals";
import { toIpynb } from "../notebook/ipynb.ts";
import { removeDraft, writeDraft } from "../notebook/drafts.ts";
import type { Session } from "../session/session.ts";
import { storeNotebook } from "../notebook/storage.ts";

/** The longest time between a change of text and the write of the draft, in milliseconds. */
const DRAFT_AFTER_MS = 100;

/** The shortest time between a change and the write of the whole notebook, in milliseconds. */
const STORE_AFTER_MS = 400;

/** While outputs arrive, at most one part in so many of the time goes into writing the notebook. */
const STORE_SHARE = 10;

/**
 * `kept`: the browser's database has every change; `changed`: a write is due; `failed`: the last write
 * failed.
 */
export type KeepState = "kept" | "changed" | "failed";

/**
 * A `Keeper` keeps an open notebook in the browser: the text at once as a draft, and everything,
 * outputs included, in the browser's database. No change delays a write that is already due.
 */
export class Keeper implements Disposable {
  readonly #session: Session;
  readonly #state: Signal<KeepState>;
  readonly #stops: (() => void)[];
  #revision: number;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #storeTimer: ReturnType<typeof setTimeout> | undefined;
  #storeAfterMs = STORE_AFTER_MS;
  #isDisposed = false;

  /** `revision` is the number of the version that was opened; `state` is set from now on. */
  constructor(session: Session, state: Signal<KeepState>, revision: number) {
    this.#session = session;
    this.#state = state;
    this.#revision = revision;
    this.#stops = [
      effect(() => {
        readOutputs(session);
        this.#changed();
      }),
      effect(() => {
        readText(session);
        this.#changed();
        this.#draftTimer ??= setTimeout(() => this.#writeDraft(), DRAFT_AFTER_MS);
      }),
    ];
  }

  /** Writes what is due: the draft before this returns, the whole notebook as soon as possible. */
  flush(): void {
    if (this.#draftTimer !== undefined) this.#writeDraft();
    if (this.#storeTimer !== undefined) void this.#store();
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#isDisposed = true;
    for (const stop of this.#stops) stop();
  }

  #changed(): void {
    this.#revision++;
    this.#setState("changed");
    this.#storeTimer ??= setTimeout(() => void this.#store(), this.#storeAfterMs);
  }

  #writeDraft(): void {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    const { notebook } = this.#session;
    writeDraft({
      ...commonOf(this.#session),
      revision: this.#revision,
      cells: notebook.cells.peek().map(({ id, type, source }) => ({
        id,
        type: type.peek(),
        source: source.peek(),
      })),
    });
  }

  async #store(): Promise<void> {
    clearTimeout(this.#storeTimer);
    this.#storeTimer = undefined;
    const { notebook } = this.#session;
    const { cells, extra, id } = notebook;
    const metadata = notebook.metadata.peek();
    const revision = this.#revision;
    const started = performance.now();
    try {
      await storeNotebook({
        ...commonOf(this.#session),
        revision,
        ipynb: toIpynb({ metadata, extra, cells: [...cells.peek()] }, { hiddenOutputs: true }),
      });
    } catch {
      this.#setState("failed");
      return;
    }
    const tookMs = performance.now() - started;
    this.#storeAfterMs = Math.max(STORE_AFTER_MS, tookMs * STORE_SHARE);
    if (this.#revision !== revision) return;
    // A draft that is due would have nothing that is not stored.
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    removeDraft(id);
    this.#setState("kept");
  }

  /** After its end the state is that of another notebook. */
  #setState(state: KeepState): void {
    if (!this.#isDisposed) this.#state.value = state;
  }
}

/** Returns the fields that a draft and a stored notebook have in common. */
function commonOf({ notebook, kernelId }: Session) {
  const running = notebook.cells.peek().flatMap((cell) => {
    const id = cell.executionId.peek();
    return id === null ? [] : [[cell.id, id]];
  });
  return {
    id: notebook.id,
    title: notebook.title.peek(),
    kernelId: kernelId.peek(),
    executions: Object.fromEntries(running) as Record<string, string>,
    // The server has the queue of a notebook that it keeps.
    queued: notebook.serverCopy.peek() ? [] : notebook.cells.peek()
      .filter(({ state, executionId, runsAgain }) =>
        runsAgain.peek() || state.peek() === "queued" && executionId.peek() === null
      )
      .map(({ id }) => id),
    serverCopy: notebook.serverCopy.peek() && { ...notebook.serverCopy.peek()! },
    savedAt: Date.now(),
  };
}

/** Reads every signal that a draft is made from, so that the calling effect runs when one changes. */
function readText({ notebook, kernelId }: Session): void {
  void [kernelId.value, notebook.title.value, notebook.serverCopy.value];
  for (const cell of notebook.cells.value) {
    void [cell.source.value, cell.type.value, cell.executionId.value, cell.state.value];
    void cell.runsAgain.value;
  }
}

/** Reads every other signal that is stored. */
function readOutputs({ notebook }: Session): void {
  void notebook.metadata.value;
  for (const cell of notebook.cells.value) {
    void [
      cell.outputs.value,
      cell.executionCount.value,
      cell.outputsCollapsed.value,
      cell.language.value,
      cell.attachments.value,
    ];
  }
}
