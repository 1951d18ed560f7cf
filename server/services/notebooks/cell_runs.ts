import { type KernelEvent, type Output, OutputCollector } from "../../../kernel/mod.ts";
import { messageOf } from "../../errors/service_error.ts";
import type { Executions } from "../executions/executions.ts";
import type { LiveExecution } from "../executions/live_execution.ts";
import type { ExecutionRecord, ExecutionStatus } from "../executions/record.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { codeToRun, statedCellLanguage } from "./format/cell_language.ts";
import { languageOf } from "./format/notebook_kind.ts";
import { isObject } from "./format/notebook_format.ts";
import { OutputWriter } from "./output_writer.ts";
import { outputsOf, readSharedCell, setOutputs, type SharedCell, sourceOf } from "./shared_cell.ts";
import type { SharedDocument } from "./shared_document.ts";
import { WidgetCaptures } from "./widget_captures.ts";

/** A run of cells. */
export interface RunOptions {
  /** The kernel that runs the cells. @default the notebook's own, which is started when there is none */
  kernelId?: string | undefined;
  /** True when a client answers `input()`. @default false */
  allowStdin?: boolean | undefined;
  /** Interrupts a cell after this many milliseconds of running; 0: never. */
  timeoutMs?: number | undefined;
  /** The family of APIs by which the request came. @default "native" */
  origin?: ExecutionRecord["origin"] | undefined;
  /** The name of the tool that an agent called. @default none */
  tool?: string | undefined;
}

/** The end of a cell's run. `skipped`: a cell before has failed, or there was nothing to run. */
export interface CellOutcome {
  cellId: string;
  /** Null when nothing was run. */
  executionId: string | null;
  status: ExecutionStatus | "skipped";
  /** The reason why the cell could not be run; null when it was, or when it was skipped. */
  problem: string | null;
}

/** The progress of a cell's run. */
export interface CellRunEvent extends Omit<CellOutcome, "status"> {
  type: "run";
  status: CellOutcome["status"];
}

/** Options for {@linkcode CellRuns}. */
export interface CellRunsInit {
  document: SharedDocument;
  executions: Executions;
  kernels: Pick<Kernels, "on" | "isRestarting">;
  /** Returns the id of the notebook's kernel, and starts one when there is none. */
  kernel: () => Promise<string>;
  onEvent: (event: CellRunEvent) => void;
}

/** The time for which output of tasks is gathered after the end of their cell, in milliseconds. */
const LATE_AFTER_MS = 250;

/** The events that change what a cell shows. */
const SHOWING: ReadonlySet<string> = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "clear_output",
  "execute_result",
  "execute_error",
]);

/** An execution whose tasks may show more. */
interface EndedExecution {
  cellId: string;
  /** The events that are not written yet. */
  late: KernelEvent[];
  timer?: ReturnType<typeof setTimeout>;
}

interface Waiting {
  cellId: string;
  options: RunOptions;
  resolve: (outcome: CellOutcome) => void;
}

/** The origin of the changes that runs make in a document. */
const RUN_ORIGIN = { name: "run" };

/**
 * The runs of a notebook's cells, one after the other in the order of their requests. When a cell fails,
 * those that wait do not run. Outputs go into the document whether or not anybody follows it.
 */
export class CellRuns {
  readonly #init: CellRunsInit;
  readonly #waiting: Waiting[] = [];
  /** The cell of each cell's last execution, by the execution's id: its tasks may show more. */
  readonly #ended = new Map<string, EndedExecution>();
  readonly #subscription: Disposable;
  readonly #captures = new WidgetCaptures();
  /** The execution that runs, and what writes its outputs. */
  #writing: { executionId: string; writer: OutputWriter } | undefined;
  #running: Promise<void> | undefined;

  constructor(init: CellRunsInit) {
    this.#init = init;
    this.#subscription = init.kernels.on("*", (event) => this.#onKernelEvent(event));
  }

  /** True while a cell runs or waits. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Runs cells after those that wait; resolves when the last of them has ended. */
  run(cellIds: readonly string[], options: RunOptions = {}): Promise<CellOutcome[]> {
    const outcomes = cellIds.map((cellId) => {
      const { promise, resolve } = Promise.withResolvers<CellOutcome>();
      if (this.#waiting.some((it) => it.cellId === cellId)) resolve(skipped(cellId));
      else {
        this.#waiting.push({ cellId, options, resolve });
        this.#set(cellId, { execution_state: "running" });
        this.#tell({ cellId, executionId: null, status: "queued", problem: null });
      }
      return promise;
    });
    this.#running ??= this.#runWaiting().finally(() => this.#running = undefined);
    return Promise.all(outcomes);
  }

  /** Takes the cells that wait out of the queue. The one that runs goes on. */
  dropWaiting(): void {
    for (const { cellId, resolve } of this.#waiting.splice(0)) {
      this.#set(cellId, { execution_state: "idle" });
      this.#tell(skipped(cellId));
      resolve(skipped(cellId));
    }
  }

  /** Resolves when the cell that runs has ended; those that wait do not run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.dropWaiting();
    await this.#running;
    this.#subscription[Symbol.dispose]();
    for (const { timer } of this.#ended.values()) clearTimeout(timer);
  }

  async #runWaiting(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { cellId, options, resolve } = next;
      const outcome = await this.#run(cellId, options);
      // The cell may have been asked for again while it ran.
      const waits = this.#waiting.some((it) => it.cellId === cellId);
      this.#set(cellId, { execution_state: waits ? "running" : "idle", execution_id: null });
      this.#tell(outcome);
      // Before the caller hears of the failure: what it asks for next is not dropped.
      if (outcome.status !== "ok" && outcome.status !== "skipped") this.dropWaiting();
      resolve(outcome);
    }
  }

  async #run(cellId: string, options: RunOptions): Promise<CellOutcome> {
    const { document, executions, kernel, kernels } = this.#init;
    const id = crypto.randomUUID();
    const writer = new OutputWriter(document, cellId, RUN_ORIGIN, (id) => kernels.isRestarting(id));
    let execution: LiveExecution;
    try {
      const kernelId = options.kernelId ?? await kernel();
      // The text is the one that the cell has when its turn has come.
      const cell = document.find(cellId);
      if (!cell || readSharedCell(cell)?.cell_type !== "code") return skipped(cellId);
      const source = sourceOf(cell);
      if (source.trim() === "") {
        this.#clear(cell);
        return skipped(cellId);
      }
      const { metadata } = readSharedCell(cell)!;
      const language = languageOf(document.notebook.metadata);
      const code = codeToRun(source, statedCellLanguage(metadata), language);
      const { kernelId: _, origin = "native", ...request } = options;
      this.#writing = { executionId: id, writer };
      execution = await executions.submit(kernelId, { ...request, id, code, origin });
    } catch (error) {
      this.#writing = undefined;
      return { cellId, executionId: null, status: "aborted", problem: messageOf(error) };
    }
    for (const [earlier, { cellId: of, timer }] of this.#ended) {
      if (of !== cellId) continue;
      clearTimeout(timer);
      this.#ended.delete(earlier);
    }
    this.#set(cellId, { execution_id: id });
    this.#tell({ cellId, executionId: id, status: "running", problem: null });
    const record = await writer.follow(execution);
    this.#writing = undefined;
    const begun = record.startedAt !== null;
    if (begun) this.#ended.set(id, { cellId, late: [] });
    const problem = begun ? null : record.kernel.reason ?? record.error?.evalue ?? null;
    return { cellId, executionId: id, status: record.status, problem };
  }

  #onKernelEvent(event: KernelEvent): void {
    // A widget has what it captures: the page that shows it puts it there.
    const isCaptured = this.#captures.take(event) !== undefined;
    const { executionId, type } = event;
    if (executionId === undefined || isCaptured || !SHOWING.has(type)) return;
    if (this.#writing?.executionId === executionId) return this.#writing.writer.add(event);
    const ended = this.#ended.get(executionId);
    if (!ended) return;
    ended.late.push(event);
    ended.timer ??= setTimeout(() => {
      delete ended.timer;
      this.#writeLate(ended);
    }, LATE_AFTER_MS);
  }

  /** Adds what a task has shown after the end of its cell to what the cell shows. */
  #writeLate({ cellId, late }: EndedExecution): void {
    const { document } = this.#init;
    document.transact(() => {
      const cell = document.find(cellId);
      const present = cell && outputsOf(cell);
      const events = late.splice(0);
      if (!present?.every(isOutput)) return;
      const collector = new OutputCollector(present);
      for (const event of events) collector.add(event);
      setOutputs(cell!, collector.outputs);
    }, RUN_ORIGIN);
  }

  #clear(cell: SharedCell): void {
    this.#init.document.transact(() => {
      OutputWriter.clear(cell);
    }, RUN_ORIGIN);
  }

  #set(cellId: string, members: Record<string, unknown>): void {
    const { document } = this.#init;
    document.transact(() => {
      const cell = document.find(cellId);
      if (!cell) return;
      for (const [name, value] of Object.entries(members)) cell.set(name, value);
    }, RUN_ORIGIN);
  }

  #tell(outcome: CellOutcome): void {
    this.#init.onEvent({ type: "run", ...outcome });
  }
}

/** True for what is like an output of the notebook format; others may write anything into a document. */
function isOutput(value: unknown): value is Output {
  return isObject(value) && typeof value["output_type"] === "string";
}

function skipped(cellId: string): CellOutcome {
  return { cellId, executionId: null, status: "skipped", problem: null };
}
