import type { Clock } from "../../../kernel/mod.ts";
import { messageOf } from "../../errors/service_error.ts";
import type { Executions } from "../executions/executions.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { codeToRun, statedCellLanguage } from "../notebooks/format/cell_language.ts";
import type { NotebookJson } from "../notebooks/format/notebook_format.ts";
import { languageOf } from "../notebooks/format/notebook_kind.ts";

/** The time for which a view without a connection is kept, for a viewer whose network is lost, in milliseconds. */
const GRACE_MS = 15_000;

/** A step of a view: a cell is run by an execution, or all have been run; `problem`: none could be run. */
export type AppStep =
  | { type: "run"; cellId: string; executionId: string }
  | { type: "end"; problem: string | null };

/** Options for {@linkcode AppView}. */
export interface AppViewInit {
  linkId: string;
  /** The name of the notebook. */
  title: string;
  notebook: NotebookJson;
  /** The viewer's kernel, which ends with the view. */
  kernelId: string;
  kernels: Pick<Kernels, "terminate">;
  executions: Executions;
  clock: Clock;
  onEnd: () => void;
}

/**
 * The view that one viewer has of a notebook: all of its cells are run in a kernel of the viewer's own, from the first
 * connection on, and the kernel ends when the viewer leaves.
 */
export class AppView implements AsyncDisposable {
  readonly id = crypto.randomUUID();
  readonly linkId: string;
  readonly title: string;
  readonly kernelId: string;
  readonly notebook: NotebookJson;
  readonly #init: AppViewInit;
  readonly #steps: AppStep[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #executionIds = new Set<string>();
  #connections = 0;
  #grace: Disposable | undefined;
  #running: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(init: AppViewInit) {
    this.linkId = init.linkId;
    this.title = init.title;
    this.kernelId = init.kernelId;
    this.notebook = init.notebook;
    this.#init = init;
    this.#leaveLater();
  }

  /** Tells whether an execution has run one of the view's cells. */
  hasExecution(id: string): boolean {
    return this.#executionIds.has(id);
  }

  /** Yields every step, those to come too, until the view ends or the signal aborts. The view stays as long. */
  async *follow(signal: AbortSignal): AsyncGenerator<AppStep> {
    using _connection = this.#connect();
    for (let at = 0; !signal.aborted && !this.#ending; at++) {
      while (at >= this.#steps.length && !signal.aborted && !this.#ending) {
        await this.#changed(signal);
      }
      const step = this.#steps[at];
      if (step) yield step;
    }
  }

  /** Ends the view and its kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#grace?.[Symbol.dispose]();
    this.#init.onEnd();
    this.#tell();
    await this.#init.kernels.terminate(this.kernelId);
  }

  #connect(): Disposable {
    this.#connections++;
    // The page follows the kernel by now: it misses nothing of the widgets that cells make.
    this.#running ??= this.#run();
    this.#grace?.[Symbol.dispose]();
    return {
      [Symbol.dispose]: () => {
        this.#connections--;
        this.#leaveLater();
      },
    };
  }

  #leaveLater(): void {
    if (this.#connections > 0 || this.#ending) return;
    this.#grace = this.#init.clock.after(GRACE_MS, () => void this[Symbol.asyncDispose]());
  }

  /** Runs the cells in their order until one fails. */
  async #run(): Promise<void> {
    const { notebook: { cells, metadata }, executions, kernelId } = this.#init;
    try {
      for (const cell of cells) {
        if (cell.cell_type !== "code" || cell.source.trim() === "" || this.#ending) continue;
        const id = crypto.randomUUID();
        this.#executionIds.add(id);
        const language = statedCellLanguage(cell.metadata);
        const execution = await executions.submit(kernelId, {
          id,
          code: codeToRun(cell.source, language, languageOf(metadata)),
          allowStdin: true,
          origin: "native",
        });
        this.#add({ type: "run", cellId: cell.id, executionId: id });
        if ((await execution.done).status !== "ok") break;
      }
      this.#add({ type: "end", problem: null });
    } catch (error) {
      this.#add({ type: "end", problem: messageOf(error) });
    }
  }

  #add(step: AppStep): void {
    this.#steps.push(step);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #changed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listeners.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    return promise.finally(() => this.#listeners.delete(resolve));
  }
}
