import { codeToRun } from "../../services/notebooks/format/cell_language.ts";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import {
  kindFor,
  languageOf,
  missingKind,
  type NotebookKind,
} from "../../services/notebooks/format/notebook_kind.ts";
import { ApiError } from "../api/client.ts";
import type { ExecutionEvent, Payload, ShowingEvent } from "../api/event_schema.ts";
import {
  answerInput,
  cancelExecution,
  followExecution,
  submitExecution,
} from "../api/executions.ts";
import {
  createKernel,
  deleteKernel,
  followKernel,
  getKernel,
  interruptKernel,
  listKinds,
  restartKernel,
} from "../api/kernels.ts";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { CapturedOutputs, OutputCapture } from "./captured_outputs.ts";
import { KernelComms } from "../comms/kernel_comms.ts";
import { Reactive } from "./reactive.ts";
import { Staleness } from "./staleness.ts";
import { OutputList, updateDisplay } from "../notebook/outputs.ts";

/**
 * The status of a notebook's kernel: `none` before the first one is started, `gone` when the server
 * no longer knows it.
 */
export type SessionStatus =
  | "none"
  | "starting"
  | "idle"
  | "busy"
  | "restarting"
  | "unreachable"
  | "dead"
  | "gone";

/** `LiveRuns` runs the cells of a notebook that is open in the server. */
export interface LiveRuns {
  /** Puts cells into the server's queue. */
  run(cells: readonly Cell[]): Promise<void>;
  /** Takes the cells that wait out of the server's queue. */
  dropWaiting(): Promise<void>;
  /** Starts the notebook's kernel if there is none. */
  startKernel(): Promise<void>;
  /** Starts a kernel of another kind in place of the notebook's kernel. */
  changeKernel(kind: NotebookKind): Promise<void>;
  /** Takes in again what the server says of cells. */
  refresh(cells: readonly Cell[]): void;
}

/** The events, besides the status "busy", that only a run that has begun sends. */
const BEGINS: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "execute_input",
  "stream",
  "display_data",
  "execute_result",
  "execute_error",
  "input_request",
  "gap",
]);

/**
 * A `Session` connects a notebook with its kernel and runs cells in the order of their requests.
 */
export class Session {
  readonly notebook: Notebook;
  readonly kernelId: Signal<string | null>;
  readonly status = signal<SessionStatus>("none");
  readonly connected = signal(true);
  /**
   * The time at which the kernel began to start, in milliseconds since the epoch; null if it is not
   * starting.
   */
  readonly startingSince = signal<number | null>(null);
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
  readonly comms: KernelComms;
  /** The outputs that cells have printed into widgets. */
  readonly captured = new CapturedOutputs();
  /** The kind of kernel that runs the cells; undefined while the server has not said its kinds. */
  readonly kind: ReadonlySignal<NotebookKind | undefined>;
  /** The kind that the notebook asks for when the server does not have it; another one runs its cells. */
  readonly missingKind: ReadonlySignal<string | undefined>;
  /** The language of the code. */
  readonly language: ReadonlySignal<string>;
  #starting: Promise<string> | undefined;
  /** The cells that wait for their turn. */
  readonly #waiting: { cell: Cell; resolve: (succeeded: boolean) => void }[] = [];
  /** The cells that this page runs by itself, from their request on. */
  readonly #own = new Set<Cell>();
  #isRunning = false;
  #isRestarting = false;
  /** The number of runs so far. */
  #runs = 0;
  /** The last execution of each cell that has ended: its tasks may show more. */
  readonly #ended = new WeakMap<Cell, EndedExecution>();
  /**
   * The executions whose events have all come by way of the kernel too. That way is slower than the one by
   * which a run is followed: what comes of others has been shown already.
   */
  readonly #over = new Set<string>();
  #following = new AbortController();
  /** Tells which of the outputs that come after the end of their cells belong to widgets. */
  #lateCapture = new OutputCapture(this.captured);
  /** The server's queue; null when this page runs the cells by itself. */
  live: LiveRuns | null = null;
  /** The cells that go into the server's queue together. */
  #batch: Cell[] | undefined;
  /** The cells that are on their way into the server's queue. */
  readonly #sent = new Set<Cell>();
  /** The calls of `run` that wait for a cell of the server's queue. */
  readonly #awaited = new Map<Cell, ((succeeded: boolean) => void)[]>();
  /** Adds to what a cell shows that runs. */
  readonly #lists = new WeakMap<Cell, (event: ExecutionEvent) => void>();
  /** The executions that have filled cells: none is followed twice. */
  readonly #followed = new WeakMap<Cell, string>();

  constructor(
    notebook: Notebook,
    kernelId: string | null,
    kinds: ReadonlySignal<readonly NotebookKind[]>,
  ) {
    this.notebook = notebook;
    this.kernelId = signal(kernelId);
    this.kind = computed(() => kindFor(notebook.metadata.value, kinds.value));
    this.missingKind = computed(() =>
      kinds.value.length > 0 ? missingKind(notebook.metadata.value, kinds.value) : undefined
    );
    this.language = computed(() =>
      this.kind.value?.language ?? languageOf(notebook.metadata.value)
    );
    this.comms = new KernelComms(() => this.kernelId.peek());
    this.staleness = new Staleness(notebook.cells, this.language);
    this.isBusy = computed(() =>
      this.notebook.cells.value.some((cell) => cell.state.value !== "idle")
    );
    this.reactive = new Reactive(this);
  }

  /**
   * Reconnects to the kernel and to the running executions of an earlier visit; `queued` are the cells that
   * waited then.
   */
  async resume(queued: readonly Cell[] = []): Promise<void> {
    const id = this.kernelId.peek();
    const running = this.notebook.cells.peek().filter(({ executionId }) =>
      executionId.peek() !== null
    );
    const runs = running.map((cell) => this.#follow(cell, cell.executionId.peek()!));
    void this.#resumeQueue(runs, queued);
    if (id !== null) await this.#attach(id);
  }

  /**
   * Runs a cell after those that wait, after starting a kernel if there is none; resolves with true if
   * it succeeded. When a cell fails, those that wait do not run.
   */
  run(cell: Cell): Promise<boolean> {
    if (!this.#enqueue(cell)) return Promise.resolve(true);
    if (this.live) return this.#runLive(cell, this.live);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#own.add(cell);
    this.#waiting.push({ cell, resolve });
    void this.#runWaiting();
    return promise;
  }

  /** Follows the execution that fills a cell, unless it has been followed already. */
  follow(cell: Cell, execution: string): void {
    if (this.#followed.get(cell) === execution) return;
    cell.executionId.value = execution;
    void this.#follow(cell, execution);
  }

  /** Takes in that a cell waits in the server's queue, or that it does not. */
  setWaiting(cell: Cell, isWaiting: boolean): void {
    if (cell.executionId.peek() !== null || this.#own.has(cell)) return;
    if (isWaiting) cell.state.value = "queued";
    else if (!this.#batch?.includes(cell) && !this.#sent.has(cell)) this.#settle(cell, true);
  }

  /** Takes the kernel of the server's notebook. */
  attachKernel(id: string): void {
    if (this.kernelId.peek() === id && this.status.peek() !== "gone") return;
    if (this.kernelId.peek() !== id) this.#forgetRuns();
    this.kernelId.value = id;
    this.activity.value++;
    void this.#attach(id);
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
    const queued = this.notebook.cells.peek().filter((it) => it.state.peek() === "queued");
    try {
      await this.live?.dropWaiting();
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
    const id = this.kernelId.peek();
    this.problem.value = null;
    if (id === null || this.status.peek() === "gone") return await this.startNew();
    try {
      this.status.value = "restarting";
      this.#isRestarting = true;
      this.status.value = (await restartKernel(id)).status;
      this.comms.reset();
      this.#forgetRuns();
      this.activity.value++;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return await this.startNew();
      this.status.value = "dead";
      this.#report(error);
    } finally {
      this.#isRestarting = false;
    }
  }

  /** The present kernel has run nothing. */
  #forgetRuns(): void {
    for (const cell of this.notebook.cells.peek()) cell.lastRun.value = null;
  }

  /** Starts a new kernel in place of one that is gone. */
  async startNew(): Promise<void> {
    this.kernelId.value = null;
    this.problem.value = null;
    try {
      if (this.live) await this.live.startKernel();
      else await this.#ensureKernel();
    } catch (error) {
      this.#report(error);
    }
  }

  /**
   * Starts a kernel of another kind and ends the present one, whose variables are lost. The cells keep their
   * code and outputs. When the kernel cannot be started, nothing has changed.
   */
  async changeKind(kind: NotebookKind): Promise<void> {
    this.problem.value = null;
    this.status.value = "starting";
    this.startingSince.value = Date.now();
    // The end of the present kernel is no news.
    this.#following.abort();
    try {
      if (this.live) await this.live.changeKernel(kind);
      else await this.#replaceKernel(kind);
    } catch (error) {
      this.#report(error);
      const id = this.kernelId.peek();
      if (id === null) this.status.value = "none";
      else await this.#attach(id);
    } finally {
      this.startingSince.value = null;
    }
  }

  async #replaceKernel(kind: NotebookKind): Promise<void> {
    const { id, status } = await createKernel(kind.name);
    // One that is starting would take the place of the new one.
    await this.#starting?.catch(() => {});
    if (this.live) {
      // The server has taken the notebook meanwhile: its session has to learn of the change.
      await deleteKernel(id).catch(() => {});
      return await this.live.changeKernel(kind);
    }
    const earlier = this.kernelId.peek();
    for (const cell of this.notebook.cells.peek()) {
      if (cell.state.peek() === "queued") cell.state.value = "idle";
    }
    this.notebook.setKind(kind);
    this.#forgetRuns();
    this.kernelId.value = id;
    this.status.value = status;
    this.activity.value++;
    this.#followKernel(id);
    if (earlier !== null) await deleteKernel(earlier).catch(() => {});
  }

  /** Ends the kernel. */
  async shutDown(): Promise<void> {
    const id = this.kernelId.peek();
    if (id === null) return;
    await deleteKernel(id).catch(() => {});
    this.#following.abort();
    this.kernelId.value = null;
    this.status.value = "none";
  }

  /** Answers a cell's `input()`; null ends the input. */
  async answer(cell: Cell, value: string | null): Promise<void> {
    const request = cell.inputRequest.peek();
    const execution = cell.executionId.peek();
    if (!request || execution === null) return;
    cell.inputRequest.value = null;
    try {
      const shown = request.password ? "········" : value ?? "";
      this.#lists.get(cell)?.({
        type: "stream",
        name: "stdout",
        text: `${request.prompt}${shown}\n`,
      });
      await answerInput(execution, request.requestId, value);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Stops following the kernel's events. The kernel keeps running. */
  close(): void {
    this.reactive[Symbol.dispose]();
    this.staleness[Symbol.dispose]();
    this.#following.abort();
  }

  /** Runs the cells that waited in the earlier visit, unless one before them has failed. */
  async #resumeQueue(runs: readonly Promise<boolean>[], queued: readonly Cell[]): Promise<void> {
    for (const cell of queued) {
      this.#own.add(cell);
      cell.state.value = "queued";
    }
    const succeeded = (await Promise.all(runs)).every(Boolean);
    for (const cell of queued) {
      this.#own.delete(cell);
      cell.state.value = "idle";
    }
    if (succeeded) await this.runAll(queued);
  }

  async #attach(id: string): Promise<void> {
    try {
      const { status } = await getKernel(id);
      this.status.value = status;
      this.#followKernel(id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#report(error);
    }
  }

  /** Puts a cell into the server's queue, together with those of the same moment. */
  #runLive(cell: Cell, live: LiveRuns): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#awaited.set(cell, [...this.#awaited.get(cell) ?? [], resolve]);
    if (!this.#batch) queueMicrotask(() => void this.#sendBatch(live));
    (this.#batch ??= []).push(cell);
    return promise;
  }

  async #sendBatch(live: LiveRuns): Promise<void> {
    const cells = this.#batch!;
    this.#batch = undefined;
    for (const cell of cells) this.#sent.add(cell);
    const isStarting = this.kernelId.peek() === null || this.status.peek() === "gone";
    if (isStarting) {
      this.status.value = "starting";
      this.startingSince.value = Date.now();
    }
    try {
      await live.run(cells);
    } catch (error) {
      for (const cell of cells) this.#settle(cell, false);
      if (isStarting) this.status.value = "none";
      this.#report(error);
    } finally {
      if (isStarting) this.startingSince.value = null;
      for (const cell of cells) this.#sent.delete(cell);
      live.refresh(cells);
    }
  }

  /** Ends the waiting for a cell. */
  #settle(cell: Cell, succeeded: boolean): void {
    cell.state.value = "idle";
    for (const resolve of this.#awaited.get(cell) ?? []) resolve(succeeded);
    this.#awaited.delete(cell);
  }

  /** Queues a cell; returns false if it has nothing to run. */
  #enqueue(cell: Cell): boolean {
    if (cell.type.peek() === "markdown") cell.editing.value = false;
    if (cell.state.peek() !== "idle") return false;
    this.problem.value = null;
    if (cell.type.peek() !== "code" || cell.source.peek().trim() === "") {
      clearRun(cell);
      return false;
    }
    cell.state.value = "queued";
    return true;
  }

  /** The kernel does not stop at a failed execution, so each cell is sent when the last has ended. */
  async #runWaiting(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { cell, resolve } = next;
      const succeeded = cell.state.peek() === "queued" && await this.#execute(cell);
      this.#own.delete(cell);
      resolve(succeeded);
      if (succeeded) continue;
      for (const { cell, resolve } of this.#waiting.splice(0)) {
        this.#own.delete(cell);
        cell.state.value = "idle";
        resolve(false);
      }
    }
    this.#isRunning = false;
  }

  /** Submits a queued cell to the kernel; resolves with true if it succeeded. */
  async #execute(cell: Cell): Promise<boolean> {
    try {
      const kernel = await this.#ensureKernel();
      // An interrupt has taken the cell out of the queue while the kernel started.
      if (cell.state.peek() !== "queued") return false;
      // The page chooses the id: one that is closed before the server answers can follow it later.
      const id = crypto.randomUUID();
      cell.executionId.value = id;
      const code = codeToRun(
        cell.source.peek(),
        cell.language.peek(),
        this.language.peek(),
      );
      await submitExecution(kernel, code, id).catch((error) => {
        // The request may have reached the server although the response did not come back.
        if (!(error instanceof ApiError) || error.status !== 0) throw error;
      });
      const succeeded = await this.#follow(cell, id);
      // The server does not know what this page has run by itself.
      this.notebook.onEdit();
      return succeeded;
    } catch (error) {
      cell.state.value = "idle";
      cell.executionId.value = null;
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#report(error);
      return false;
    }
  }

  /** Resolves with the id of the kernel, after starting one if there is none. */
  async #ensureKernel(): Promise<string> {
    const id = this.kernelId.peek();
    if (id !== null && this.status.peek() !== "gone") return id;
    return await (this.#starting ??= this.#start().finally(() => this.#starting = undefined));
  }

  async #start(): Promise<string> {
    this.status.value = "starting";
    this.startingSince.value = Date.now();
    try {
      // The page may not have heard the kinds yet: another kernel than the notebook's must not start.
      const kind = kindFor(this.notebook.metadata.peek(), await listKinds());
      const { id, status } = await createKernel(kind?.name);
      this.#forgetRuns();
      this.kernelId.value = id;
      this.status.value = status;
      this.activity.value++;
      this.#followKernel(id);
      return id;
    } catch (error) {
      this.status.value = "none";
      throw error;
    } finally {
      this.startingSince.value = null;
    }
  }

  #followKernel(id: string): void {
    this.#following.abort();
    this.#following = new AbortController();
    this.comms.reset();
    const setStatus = (status: SessionStatus) => {
      if (ENDS_INTERPRETER.has(status) && this.status.peek() !== status) this.comms.reset();
      if (this.kernelId.peek() === id) this.status.value = status;
    };
    followKernel(id, {
      onStatus: setStatus,
      // A run that has been followed to its end before shows only what is late.
      onOpen: () => {
        for (const cell of this.notebook.cells.peek()) {
          const ended = this.#ended.get(cell);
          if (ended) this.#over.add(ended.execution);
        }
      },
      onExecutionEnd: (execution) => this.#over.add(execution),
      onComm: (event) => {
        this.#lateCapture.take(undefined, event);
        this.comms.take(event);
      },
      onOutput: (execution, event) => this.#addLate(execution, event),
      onConnected: (connected) => this.connected.value = connected,
      onGone: () => setStatus("gone"),
    }, this.#following.signal);
  }

  /**
   * Applies the events of an execution to its cell until it ends; resolves with true if it
   * succeeded.
   */
  async #follow(cell: Cell, execution: string): Promise<boolean> {
    this.#followed.set(cell, execution);
    const source = cell.source.peek();
    const list = new OutputList();
    let succeeded = false;
    let shown = true;
    // The outputs of the run before stay until this one has begun.
    let hasBegun = false;
    const show = () => {
      shown = true;
      cell.outputs.value = list.outputs;
    };
    this.#lists.set(cell, (event) => {
      list.add(event);
      show();
    });
    const capture = new OutputCapture(this.captured);
    // The server sends all events of a resumed execution again, so the list starts empty.
    const onEvent = (event: ExecutionEvent) => {
      if (!hasBegun && begins(event)) {
        hasBegun = true;
        this.#ended.delete(cell);
        clearRun(cell);
        cell.startedAt.value = Date.now();
        cell.lastRun.value = { source, order: ++this.#runs };
      }
      if (capture.take(execution, event)) return;
      if (list.add(event) && shown) {
        shown = false;
        requestAnimationFrame(show);
      }
      if (event.type === "done") {
        succeeded = event.execution.status === "ok";
        if (hasBegun) {
          cell.executionCount.value = event.execution.executionCount;
          cell.duration.value = event.execution.usage?.wallMs ?? null;
          cell.usage.value = event.execution.usage;
          for (const payload of event.execution.payload) {
            if (payload) this.#onPayload(cell, payload);
          }
        }
        const { status, error, kernel } = event.execution;
        if (status !== "ok" && status !== "error") {
          // A restart that the reader has asked for is no fault of the cell.
          if (this.#isRestarting) list.add({ type: "stream", name: "stderr", text: RESTARTED });
          else if (hasBegun) this.#explain(list, status, error, kernel);
          else if (status !== "aborted") {
            this.problem.value = `The cell did not run: ${
              kernel.reason ?? error?.evalue ?? status
            }`;
          }
        }
      } else {
        this.#onEvent(cell, event);
      }
    };
    if (cell.state.peek() === "idle") cell.state.value = "queued";
    try {
      await followExecution(execution, onEvent, {
        onConnected: (connected) => this.connected.value = connected,
      });
    } catch (error) {
      this.#report(error);
    }
    // If the server has forgotten the execution, the cell keeps the outputs that were stored.
    if (hasBegun) {
      show();
      this.#ended.set(cell, { execution });
    }
    cell.inputRequest.value = null;
    cell.installing.value = [];
    cell.executionId.value = null;
    this.activity.value++;
    this.#settle(cell, succeeded);
    return succeeded;
  }

  /** Does what a cell asks of the page. */
  #onPayload(cell: Cell, payload: Payload): void {
    if (payload.source === "page") {
      const text = payload.data["text/plain"];
      if (typeof text === "string") this.pager.value = text;
    } else if (payload.replace) this.notebook.edit(cell, payload.text);
    else this.notebook.insertAfter(cell, payload.text);
  }

  /** Adds output that a task shows after the end of its cell to that cell. */
  #addLate(execution: string, event: ShowingEvent): void {
    if (this.#lateCapture.captures(execution)) {
      const isFollowed = this.notebook.cells.peek().some((it) =>
        it.executionId.peek() === execution
      );
      if (isFollowed || this.#lateCapture.take(execution, event)) return;
    }
    // The server adds it to an open notebook.
    if (this.live || !this.#over.has(execution)) return;
    for (const cell of this.notebook.cells.peek()) {
      const ended = this.#ended.get(cell);
      if (ended?.execution !== execution) continue;
      if (ended.drawing) {
        ended.drawing.add(event);
        continue;
      }
      // The reader may have cleared the outputs, and another cell may have updated a display.
      const list = ended.drawing = new OutputList(cell.outputs.peek());
      list.add(event);
      requestAnimationFrame(() => {
        delete ended.drawing;
        if (this.#ended.get(cell) === ended) cell.outputs.value = list.outputs;
      });
    }
  }

  #onEvent(cell: Cell, event: ExecutionEvent): void {
    if (event.type === "status" && event.status === "busy") cell.state.value = "running";
    if (event.type === "execute_input") cell.executionCount.value = event.executionCount;
    if (event.type === "input_request") {
      const { requestId, prompt, password } = event;
      cell.inputRequest.value = { requestId, prompt, password };
    }
    if (event.type === "package_progress") {
      const others = cell.installing.peek().filter((name) => name !== event.name);
      cell.installing.value = event.done ? others : [...others, event.name];
    }
    // The server changes the displays of an open notebook.
    if (event.type === "update_display_data" && !this.live) {
      for (const other of this.notebook.cells.peek()) {
        if (other !== cell) other.outputs.value = updateDisplay(other.outputs.peek(), event);
      }
    }
  }

  /** Adds an error output with the reason to an execution that did not end by itself. */
  #explain(
    list: OutputList,
    status: string,
    error: { ename: string; evalue: string } | null,
    kernel: { reason: string | null },
  ): void {
    const evalue = error?.evalue || kernel.reason || `The execution ended as "${status}"`;
    list.add({
      type: "execute_error",
      ename: error?.ename ?? status,
      evalue,
      traceback: [],
    });
  }

  #report(error: unknown): void {
    this.problem.value = error instanceof Error ? error.message : String(error);
  }
}

/** An execution that has ended, whose tasks may show more. */
interface EndedExecution {
  execution: string;
  /** The outputs of its cell with those that wait for the next frame. */
  drawing?: OutputList;
}

/** The statuses after which the kernel has another interpreter, or none. */
const ENDS_INTERPRETER: ReadonlySet<SessionStatus> = new Set(["restarting", "dead", "gone"]);

function begins(event: ExecutionEvent): boolean {
  return event.type === "status" ? event.status === "busy" : BEGINS.has(event.type);
}

const RESTARTED = "[The kernel was restarted.]\n";

/** Removes what the last run of a cell has left. */
function clearRun(cell: Cell): void {
  cell.outputs.value = [];
  cell.executionCount.value = null;
  cell.duration.value = null;
  cell.usage.value = null;
}
