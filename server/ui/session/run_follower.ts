import type { ExecutionEvent, Payload } from "../api/event_schema.ts";
import { followExecution } from "../api/executions.ts";
import type { Cell } from "../notebook/cell.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { OutputList, updateDisplay } from "../notebook/outputs.ts";
import { type CapturedOutputs, OutputCapture } from "./captured_outputs.ts";
import type { LateOutputs } from "./late_outputs.ts";

/** The part of a session that the following of runs needs. */
export interface FollowingSession {
  readonly notebook: Notebook;
  readonly captured: CapturedOutputs;
  readonly late: LateOutputs;
  /** True if the server changes the displays of the notebook. */
  isLive(): boolean;
  /** True if this page runs a cell by itself. */
  isOwn(cell: Cell): boolean;
  /** True while the kernel restarts because somebody has asked for it. */
  isRestarting(): boolean;
  setConnected(connected: boolean): void;
  /** Shows a text that a cell wants beside the notebook. */
  page(text: string): void;
  report(error: unknown): void;
  /** Called when the run of a cell has ended. */
  onEnd(cell: Cell, succeeded: boolean): void;
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

const RESTARTED = "[The kernel was restarted.]\n";

/** A `RunFollower` fills cells with what their executions show. */
export class RunFollower {
  readonly #session: FollowingSession;
  /** The number of runs so far. */
  #runs = 0;
  /** Adds to what a cell shows that runs. */
  readonly #lists = new WeakMap<Cell, (event: ExecutionEvent) => void>();
  /** The executions that have filled cells, with their ends: none is followed twice. */
  readonly #followed = new WeakMap<Cell, { execution: string; end: Promise<boolean> }>();

  constructor(session: FollowingSession) {
    this.#session = session;
  }

  /**
   * Applies the events of an execution to its cell until it ends; resolves with true if it succeeded. One
   * that has been followed is not followed again.
   */
  follow(cell: Cell, execution: string): Promise<boolean> {
    const known = this.#followed.get(cell);
    if (known?.execution === execution) return known.end;
    cell.executionId.value = execution;
    const end = this.#follow(cell, execution);
    this.#followed.set(cell, { execution, end });
    return end;
  }

  /** Resolves when the run of a cell has ended that is being followed, or at once. */
  async ended(cell: Cell): Promise<void> {
    if (cell.executionId.peek() !== null) await this.#followed.get(cell)?.end;
  }

  /** Adds to what a cell shows that runs. */
  add(cell: Cell, event: ExecutionEvent): void {
    this.#lists.get(cell)?.(event);
  }

  async #follow(cell: Cell, execution: string): Promise<boolean> {
    const { captured, late } = this.#session;
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
    const capture = new OutputCapture(captured);
    // The server sends all events of a resumed execution again, so the list starts empty.
    const onEvent = (event: ExecutionEvent) => {
      if (!hasBegun && begins(event)) {
        hasBegun = true;
        late.begin(cell);
        clearRun(cell);
        cell.startedAt.value = Date.now();
        cell.lastRun.value = { source, order: ++this.#runs };
      }
      if (capture.take(execution, event)) return;
      if (list.add(event) && shown) {
        shown = false;
        requestAnimationFrame(show);
      }
      if (event.type !== "done") return this.#onEvent(cell, event);
      succeeded = event.execution.status === "ok";
      this.#onDone(cell, event, list, hasBegun);
    };
    if (cell.state.peek() === "idle") cell.state.value = "queued";
    try {
      await followExecution(execution, onEvent, {
        onConnected: (connected) => this.#session.setConnected(connected),
      });
    } catch (error) {
      this.#session.report(error);
    }
    // If the server has forgotten the execution, the cell keeps the outputs that were stored.
    if (hasBegun) {
      show();
      late.end(cell, execution, this.#session.isOwn(cell));
    }
    cell.inputRequest.value = null;
    cell.installing.value = [];
    cell.executionId.value = null;
    this.#session.onEnd(cell, succeeded);
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
    // The server changes the displays of an open notebook.
    if (event.type === "update_display_data" && !this.#session.isLive()) {
      for (const other of this.#session.notebook.cells.peek()) {
        if (other !== cell) other.outputs.value = updateDisplay(other.outputs.peek(), event);
      }
    }
  }

  /** Takes in the end of an execution, which has begun or not. */
  #onDone(cell: Cell, { execution }: DoneEvent, list: OutputList, hasBegun: boolean): void {
    const { status, error, kernel } = execution;
    if (hasBegun) {
      cell.executionCount.value = execution.executionCount;
      cell.duration.value = execution.usage?.wallMs ?? null;
      cell.usage.value = execution.usage;
      for (const payload of execution.payload) if (payload) this.#onPayload(cell, payload);
    }
    if (status === "ok" || status === "error") return;
    const reason = kernel.reason;
    // A restart that the reader has asked for is no fault of the cell.
    if (this.#session.isRestarting()) {
      list.add({ type: "stream", name: "stderr", text: RESTARTED });
    } else if (hasBegun) {
      const evalue = error?.evalue || reason || `The execution ended as "${status}"`;
      list.add({ type: "execute_error", ename: error?.ename ?? status, evalue, traceback: [] });
    } else if (status !== "aborted") {
      this.#session.report(`The cell did not run: ${reason ?? error?.evalue ?? status}`);
    }
  }

  /** Does what a cell asks of the page. */
  #onPayload(cell: Cell, payload: Payload): void {
    const { notebook } = this.#session;
    if (payload.source === "page") {
      const text = payload.data["text/plain"];
      if (typeof text === "string") this.#session.page(text);
    } else if (payload.replace) notebook.edit(cell, payload.text);
    else notebook.insertAfter(cell, payload.text);
  }
}

type DoneEvent = Extract<ExecutionEvent, { type: "done" }>;

function begins(event: ExecutionEvent): boolean {
  return event.type === "status" ? event.status === "busy" : BEGINS.has(event.type);
}

/** Removes what the last run of a cell has left. */
export function clearRun(cell: Cell): void {
  cell.outputs.value = [];
  cell.executionCount.value = null;
  cell.duration.value = null;
  cell.usage.value = null;
}
