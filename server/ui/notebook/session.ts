import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
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
  restartKernel,
} from "../api/kernels.ts";
import type { ExecutionEvent } from "../api/types.ts";
import type { Cell } from "./cell.ts";
import type { Notebook } from "./notebook.ts";
import { OutputList, updateDisplay } from "./outputs.ts";

/** What a notebook's kernel is doing; `none`: there is none, `gone`: there was one. */
export type SessionStatus = "none" | "starting" | "idle" | "busy" | "restarting" | "dead" | "gone";

/** A notebook and its kernel: runs cells, in the order in which they were asked for. */
export class Session {
  readonly notebook: Notebook;
  readonly kernelId: Signal<string | null>;
  readonly status = signal<SessionStatus>("none");
  readonly connected = signal(true);
  /** When the kernel began to start, in milliseconds since the epoch; null: it does not. */
  readonly startingSince = signal<number | null>(null);
  /** What went wrong last, for the reader. */
  readonly problem = signal<string | null>(null);
  /** Grows with everything that may have changed the kernel's variables and files. */
  readonly activity = signal(0);
  readonly isBusy: ReadonlySignal<boolean>;
  #starting: Promise<string> | undefined;
  #following = new AbortController();

  constructor(notebook: Notebook, kernelId: string | null) {
    this.notebook = notebook;
    this.kernelId = signal(kernelId);
    this.isBusy = computed(() =>
      this.notebook.cells.value.some((cell) => cell.state.value !== "idle")
    );
  }

  /** Finds the kernel and the executions of an earlier visit again. */
  async resume(): Promise<void> {
    const id = this.kernelId.peek();
    for (const cell of this.notebook.cells.peek()) {
      if (cell.executionId.peek() !== null) void this.#follow(cell, cell.executionId.peek()!);
    }
    if (id === null) return;
    try {
      const { status } = await getKernel(id);
      this.status.value = status;
      this.#followKernel(id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#report(error);
    }
  }

  /** Runs a cell's code, starting a kernel if there is none; resolves with whether it succeeded. */
  async run(cell: Cell): Promise<boolean> {
    if (!this.#enqueue(cell)) return true;
    return await this.#execute(cell);
  }

  /** Runs cells one after the other until one fails; those behind it do not run. */
  async runAll(cells: readonly Cell[] = this.notebook.cells.peek()): Promise<void> {
    const waiting = cells.filter((cell) => this.#enqueue(cell));
    for (const cell of waiting) {
      // Sent one by one: the kernel would go on after one that fails.
      if (cell.state.peek() === "queued" && await this.#execute(cell)) continue;
      for (const rest of waiting) if (rest.executionId.peek() === null) rest.state.value = "idle";
      return;
    }
  }

  /** Raises KeyboardInterrupt in what runs, and takes what waits out of the queue. */
  async interrupt(): Promise<void> {
    const id = this.kernelId.peek();
    if (id === null) return;
    const queued = this.notebook.cells.peek().filter((it) => it.state.peek() === "queued");
    try {
      await Promise.all(queued.map(async (cell) => {
        const execution = cell.executionId.peek();
        if (execution !== null) await cancelExecution(execution).catch(() => {});
        else cell.state.value = "idle";
      }));
      await interruptKernel(id);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Gives the kernel a fresh interpreter; variables are lost. */
  async restart(): Promise<void> {
    const id = this.kernelId.peek();
    this.problem.value = null;
    if (id === null || this.status.peek() === "gone") return await this.startNew();
    try {
      this.status.value = "restarting";
      this.status.value = (await restartKernel(id)).status;
      this.activity.value++;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return await this.startNew();
      this.status.value = "dead";
      this.#report(error);
    }
  }

  /** Starts a kernel in place of one that is gone. */
  async startNew(): Promise<void> {
    this.kernelId.value = null;
    this.problem.value = null;
    try {
      await this.#ensureKernel();
    } catch (error) {
      this.#report(error);
    }
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
      await answerInput(execution, request.requestId, value);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Follows nothing any more; the kernel lives on. */
  close(): void {
    this.#following.abort();
  }

  /** Makes a cell wait for its turn; false when there is nothing to run. */
  #enqueue(cell: Cell): boolean {
    if (cell.type.peek() === "markdown") cell.editing.value = false;
    if (cell.type.peek() !== "code" || cell.state.peek() !== "idle") return false;
    this.problem.value = null;
    cell.outputs.value = [];
    cell.executionCount.value = null;
    cell.duration.value = null;
    if (cell.source.peek().trim() === "") return false;
    cell.state.value = "queued";
    return true;
  }

  /** Sends a cell that waits to the kernel; resolves with whether it succeeded. */
  async #execute(cell: Cell): Promise<boolean> {
    try {
      const { id } = await submitExecution(await this.#ensureKernel(), cell.source.peek());
      cell.executionId.value = id;
      return await this.#follow(cell, id);
    } catch (error) {
      cell.state.value = "idle";
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#report(error);
      return false;
    }
  }

  /** The kernel's id, once there is one. */
  async #ensureKernel(): Promise<string> {
    const id = this.kernelId.peek();
    if (id !== null && this.status.peek() !== "gone") return id;
    return await (this.#starting ??= this.#start().finally(() => this.#starting = undefined));
  }

  async #start(): Promise<string> {
    this.status.value = "starting";
    this.startingSince.value = Date.now();
    try {
      const { id, status } = await createKernel();
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
    const setStatus = (status: SessionStatus) => {
      if (this.kernelId.peek() === id) this.status.value = status;
    };
    followKernel(id, {
      // What the server calls so is known here; anything else would be shown as it is.
      onStatus: (status) => setStatus(status as SessionStatus),
      onConnected: (connected) => this.connected.value = connected,
      onGone: () => setStatus("gone"),
    }, this.#following.signal);
  }

  /** Shows an execution's events in its cell to the end; resolves with whether it succeeded. */
  async #follow(cell: Cell, execution: string): Promise<boolean> {
    const list = new OutputList();
    let succeeded = false;
    let shown = true;
    let heard = false;
    const show = () => {
      shown = true;
      cell.outputs.value = list.outputs;
    };
    // A resumed execution tells everything again: from here on only what it says counts.
    const onEvent = (event: ExecutionEvent) => {
      heard = true;
      if (list.add(event) && shown) {
        shown = false;
        requestAnimationFrame(show);
      }
      if (event.type === "done") {
        succeeded = event.execution.status === "ok";
        cell.executionCount.value = event.execution.executionCount;
        cell.duration.value = event.execution.usage?.wallMs ?? null;
        const { status, error, kernel } = event.execution;
        if (status !== "ok" && status !== "error") this.#explain(list, status, error, kernel);
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
    // An execution that the server has forgotten leaves what was kept of it.
    if (heard) show();
    cell.state.value = "idle";
    cell.inputRequest.value = null;
    cell.installing.value = [];
    cell.executionId.value = null;
    this.activity.value++;
    return succeeded;
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
    if (event.type === "update_display_data") {
      for (const other of this.notebook.cells.peek()) {
        if (other !== cell) other.outputs.value = updateDisplay(other.outputs.peek(), event);
      }
    }
  }

  /** An execution that did not end by itself says why, as an error among its outputs. */
  #explain(
    list: OutputList,
    status: string,
    error: { ename: string; evalue: string } | null,
    kernel: { reason: string | null },
  ): void {
    const evalue = error?.evalue || kernel.reason || `It ended as "${status}"`;
    list.add({
      type: "execute_error",
      kernelId: "",
      seq: 0,
      ename: error?.ename ?? status,
      evalue,
      traceback: [],
    });
  }

  #report(error: unknown): void {
    this.problem.value = error instanceof Error ? error.message : String(error);
  }
}
