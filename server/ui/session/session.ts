import { codeToRun } from "../../services/notebooks/format/cell_language.ts";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import {
  kindFor,
  languageOf,
  missingKind,
  type NotebookKind,
} from "../../services/notebooks/format/notebook_kind.ts";
import { ApiError } from "../api/client.ts";
import { answerInput, cancelExecution, submitExecution } from "../api/executions.ts";
import { createKernel, deleteKernel, interruptKernel, listKinds } from "../api/kernels.ts";
import type { KernelChoice } from "../api/types.ts";
import type { KernelComms } from "../comms/kernel_comms.ts";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { CapturedOutputs } from "./captured_outputs.ts";
import { LateOutputs } from "./late_outputs.ts";
import { PageRuns } from "./page_runs.ts";
import { Reactive } from "./reactive.ts";
import { clearRun, RunFollower } from "./run_follower.ts";
import { type LiveRuns, settle } from "./runs.ts";
import { ServerRuns } from "./server_runs.ts";
import { SessionKernel, type SessionStatus } from "./session_kernel.ts";
import { Staleness } from "./staleness.ts";

/** A `Session` connects a notebook with its kernel and runs cells in the order of their requests. */
export class Session {
  readonly notebook: Notebook;
  /** The text that a cell has asked to show beside the notebook; null if there is none. */
  readonly pager = signal<string | null>(null);
  /** The message of the last failure; null if the reader has closed it. */
  readonly problem = signal<string | null>(null);
  /** A counter that grows whenever the kernel's variables and files may have changed. */
  readonly activity = signal(0);
  readonly isBusy: ReadonlySignal<boolean>;
  readonly staleness: Staleness;
  /** Runs stale cells by itself, if the notebook asks for that. */
  readonly reactive: Reactive;
  /** The outputs that cells have printed into widgets. */
  readonly captured = new CapturedOutputs();
  /** The kind of kernel that runs the cells; undefined while the server has not said its kinds. */
  readonly kind: ReadonlySignal<NotebookKind | undefined>;
  /** The kind that the notebook asks for when the server does not have it; another one runs its cells. */
  readonly missingKind: ReadonlySignal<string | undefined>;
  /** The language of the code. */
  readonly language: ReadonlySignal<string>;
  /** The server's queue; null when this page runs the cells by itself. */
  live: LiveRuns | null = null;
  readonly #kernel: SessionKernel;
  readonly #late: LateOutputs;
  readonly #follower: RunFollower;
  readonly #pageRuns: PageRuns;
  readonly #serverRuns: ServerRuns;

  constructor(
    notebook: Notebook,
    kernelId: string | null,
    kinds: ReadonlySignal<readonly NotebookKind[]>,
  ) {
    this.notebook = notebook;
    this.kind = computed(() => kindFor(notebook.metadata.value, kinds.value));
    this.missingKind = computed(() =>
      kinds.value.length > 0 ? missingKind(notebook.metadata.value, kinds.value) : undefined
    );
    this.language = computed(() =>
      this.kind.value?.language ?? languageOf(notebook.metadata.value)
    );
    this.#late = new LateOutputs(notebook, this.captured);
    this.#kernel = new SessionKernel({
      id: kernelId,
      // The page may not have heard the kinds yet: another kernel than the notebook's must not start.
      kind: async () => kindFor(notebook.metadata.peek(), await listKinds()),
      onNew: () => this.#onNewInterpreter(),
      onOpen: () => {
        this.#late.open();
        // Runs and answers of the kernel may have been missed before.
        this.activity.value++;
      },
      onComm: (event) => this.#late.takeComm(event),
      onOutput: (execution, event) => this.#late.take(execution, event),
      onExecutionEnd: (execution) => this.#late.endEvents(execution),
      report: (error) => this.#report(error),
    });
    this.#follower = new RunFollower({
      notebook,
      captured: this.captured,
      late: this.#late,
      isLive: () => this.live !== null,
      isOwn: (cell) => this.live === null || this.#pageRuns.has(cell),
      isRestarting: () => this.#kernel.isRestarting,
      setConnected: (connected) => this.connected.value = connected,
      page: (text) => this.pager.value = text,
      report: (error) => this.#report(error),
      onEnd: (cell, succeeded) => this.#onRunEnd(cell, succeeded),
    });
    this.#pageRuns = new PageRuns({
      execute: (cell) => this.#execute(cell),
      ended: (cell) => this.#follower.ended(cell),
    });
    this.#serverRuns = new ServerRuns((error) => this.#report(error));
    this.staleness = new Staleness(notebook.cells, this.language);
    this.isBusy = computed(() => notebook.cells.value.some(({ state }) => state.value !== "idle"));
    this.reactive = new Reactive(this);
  }

  /** The id of the kernel; null before the first one is started. */
  get kernelId(): Signal<string | null> {
    return this.#kernel.id;
  }

  get status(): Signal<SessionStatus> {
    return this.#kernel.status;
  }

  /** False while the server cannot be reached. */
  get connected(): Signal<boolean> {
    return this.#kernel.connected;
  }

  /** The time at which the kernel began to start, in milliseconds since the epoch; null if it is not starting. */
  get startingSince(): Signal<number | null> {
    return this.#kernel.startingSince;
  }

  /** Resolves when the events of the kernel have begun to come. */
  get opened(): Promise<void> {
    return this.#kernel.opened;
  }

  get comms(): KernelComms {
    return this.#kernel.comms;
  }

  /**
   * Reconnects to the kernel and to the running executions of an earlier visit; `queued` are the cells that
   * waited then.
   */
  async resume(queued: readonly Cell[] = []): Promise<void> {
    const id = this.kernelId.peek();
    const runs = this.notebook.cells.peek().flatMap((cell) => {
      const execution = cell.executionId.peek();
      return execution === null ? [] : [this.#follower.follow(cell, execution)];
    });
    void this.#pageRuns.resume(runs, queued);
    if (id !== null) await this.#kernel.attach(id);
  }

  /**
   * Runs a cell after those that wait, after starting a kernel if there is none; resolves with true if
   * it succeeded. A cell that runs already runs once more. When a cell fails, those that wait do not run.
   */
  run(cell: Cell): Promise<boolean> {
    if (cell.type.peek() === "markdown") cell.editing.value = false;
    if (cell.type.peek() !== "code" || cell.source.peek().trim() === "") {
      if (cell.state.peek() === "idle") clearRun(cell);
      return Promise.resolve(true);
    }
    this.problem.value = null;
    if (!this.live) return this.#pageRuns.run(cell);
    return this.#serverRuns.run(cell, this.live, (request) => this.#requestLive(request));
  }

  /** Follows the execution that fills a cell, unless it has been followed already. */
  follow(cell: Cell, execution: string): void {
    void this.#follower.follow(cell, execution);
  }

  /** Takes in that a cell waits in the server's queue, or that it does not. */
  setWaiting(cell: Cell, isWaiting: boolean): void {
    if (cell.executionId.peek() !== null || this.#pageRuns.has(cell)) return;
    this.#serverRuns.setWaiting(cell, isWaiting);
  }

  /** Takes a kernel that runs already, such as that of the server's notebook. */
  attachKernel(id: string): void {
    this.#kernel.take(id);
  }

  /** Runs cells one after the other until one fails. The cells after it do not run. */
  async runAll(cells: readonly Cell[] = this.notebook.cells.peek()): Promise<void> {
    await Promise.all(cells.map((cell) => this.run(cell)));
  }

  /** Runs the cells that are out of date, each after those that it needs. */
  async runStale(): Promise<void> {
    const ids = this.staleness.stale.peek();
    await this.runAll(ids.flatMap((id) => this.notebook.find(id) ?? []));
  }

  /** Raises KeyboardInterrupt in the running cell and cancels the queued cells. */
  async interrupt(): Promise<void> {
    const id = this.kernelId.peek();
    if (id === null) return;
    const cells = this.notebook.cells.peek();
    const queued = cells.filter((it) => it.state.peek() === "queued");
    try {
      await this.live?.dropWaiting();
      for (const cell of cells) cell.runsAgain.value = false;
      await Promise.all(queued.map(async (cell) => {
        const execution = cell.executionId.peek();
        if (execution !== null) await cancelExecution(execution).catch(() => {});
        else if (!this.live) cell.state.value = "idle";
      }));
      await interruptKernel(id);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Restarts the kernel: its variables are lost. */
  async restart(): Promise<void> {
    this.problem.value = null;
    if (this.#kernel.isMissing) return await this.startNew();
    try {
      await this.#kernel.restart(this.kernelId.peek()!);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return await this.startNew();
      this.status.value = "dead";
      this.#report(error);
    }
  }

  /** Starts a new kernel in place of one that is gone. */
  async startNew(): Promise<void> {
    this.#kernel.forget();
    this.problem.value = null;
    try {
      if (this.live) await this.live.startKernel();
      else await this.#kernel.ensure();
    } catch (error) {
      this.#report(error);
    }
  }

  /**
   * Starts a kernel of a kind and ends the present one, whose variables are lost. The cells keep their code and
   * outputs. When the kernel cannot be started, nothing has changed.
   */
  async changeKind(kind: NotebookKind, choice?: KernelChoice): Promise<void> {
    await this.#changeKernel(async () => {
      const { id, status } = await createKernel(kind.name, choice);
      // One that is starting would take the place of the new one.
      await this.#kernel.settled();
      try {
        // The server may have taken the notebook meanwhile: its session has to learn of the change.
        if (this.live) return await this.live.changeKernel(id, kind);
      } catch (error) {
        await deleteKernel(id).catch(() => {});
        throw error;
      }
      this.#dropQueue();
      this.notebook.setKind(kind);
      await this.#kernel.exchange(id, status);
    });
  }

  /**
   * Goes on with a kernel that runs already. The present one keeps running, unless the server keeps the
   * notebook: then it ends.
   */
  async changeTo(id: string): Promise<void> {
    const { live } = this;
    if (!live) return this.attachKernel(id);
    await this.#changeKernel(() => live.changeKernel(id));
  }

  /** Gives the notebook another kernel by a task. When that fails, the present one stays. */
  async #changeKernel(task: () => Promise<void>): Promise<void> {
    this.problem.value = null;
    // The end of the present kernel is no news.
    this.#kernel.leave();
    try {
      await this.#kernel.starting(task);
    } catch (error) {
      this.#report(error);
      const id = this.kernelId.peek();
      if (id === null) this.status.value = "none";
      else await this.#kernel.attach(id);
    }
  }

  /** Ends the kernel. */
  async shutDown(): Promise<void> {
    await this.#kernel.shutDown();
  }

  /** Answers a cell's `input()`; null ends the input. */
  async answer(cell: Cell, value: string | null): Promise<void> {
    const request = cell.inputRequest.peek();
    const execution = cell.executionId.peek();
    if (!request || execution === null) return;
    cell.inputRequest.value = null;
    try {
      const shown = request.password ? "········" : value ?? "";
      const text = `${request.prompt}${shown}\n`;
      this.#follower.add(cell, { type: "stream", name: "stdout", text });
      await answerInput(execution, request.requestId, value);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Stops following the kernel's events. The kernel keeps running. */
  close(): void {
    this.reactive[Symbol.dispose]();
    this.staleness[Symbol.dispose]();
    this.#kernel.leave();
  }

  /** The present interpreter has run nothing. */
  #onNewInterpreter(): void {
    for (const cell of this.notebook.cells.peek()) cell.lastRun.value = null;
    this.activity.value++;
  }

  #dropQueue(): void {
    for (const cell of this.notebook.cells.peek()) {
      cell.runsAgain.value = false;
      if (cell.state.peek() === "queued") cell.state.value = "idle";
    }
  }

  #onRunEnd(cell: Cell, succeeded: boolean): void {
    this.activity.value++;
    settle(cell);
    this.#serverRuns.end(cell, succeeded);
    // The server may have said before this that the cell does not wait any more.
    if (cell.state.peek() === "queued") this.live?.refresh([cell]);
  }

  /** Sends a request for runs to the server, which starts the notebook's kernel for it. */
  async #requestLive(request: () => Promise<void>): Promise<void> {
    if (!this.#kernel.isMissing) return await request();
    try {
      await this.#kernel.starting(request);
    } catch (error) {
      this.status.value = "none";
      throw error;
    }
  }

  /** Submits a queued cell to the kernel; resolves with true if it succeeded. */
  async #execute(cell: Cell): Promise<boolean> {
    try {
      const kernel = await this.#kernel.ensure();
      // An interrupt has taken the cell out of the queue while the kernel started.
      if (cell.state.peek() !== "queued") return false;
      // The page chooses the id: one that is closed before the server answers can follow it later.
      const id = crypto.randomUUID();
      cell.executionId.value = id;
      const code = codeToRun(cell.source.peek(), cell.language.peek(), this.language.peek());
      await submitExecution(kernel, code, id).catch((error) => {
        // The request may have reached the server although the response did not come back.
        if (!(error instanceof ApiError) || error.status !== 0) throw error;
      });
      const succeeded = await this.#follower.follow(cell, id);
      // The server does not know what this page has run by itself.
      this.notebook.onEdit();
      return succeeded;
    } catch (error) {
      cell.executionId.value = null;
      cell.state.value = "idle";
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#report(error);
      return false;
    }
  }

  #report(error: unknown): void {
    this.problem.value = error instanceof Error ? error.message : String(error);
  }
}
