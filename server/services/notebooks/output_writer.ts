import * as Y from "yjs";
import { type KernelEvent, type Output, OutputCollector } from "../../../kernel/mod.ts";
import type { InputAnswer, LiveExecution } from "../executions/live_execution.ts";
import type { ExecutionRecord } from "../executions/record.ts";
import { withAnswers } from "./answered_outputs.ts";
import { addOutputs, appendStream, setOutputs, type SharedCell } from "./shared_cell.ts";
import type { SharedDocument } from "./shared_document.ts";

/** The shortest time between two writes of outputs into the document, in milliseconds. */
const WRITE_AFTER_MS = 100;

type DisplayDataEvent = Extract<KernelEvent, { type: "update_display_data" | "display_data" }>;

/** An `OutputWriter` writes the outputs of one execution into its cell as they come. */
export class OutputWriter {
  readonly #document: SharedDocument;
  readonly #cellId: string;
  readonly #origin: unknown;
  readonly #isRestarting: (kernelId: string) => boolean;
  /** True when somebody has restarted the kernel under the execution. */
  #isRestarted = false;
  #begun = false;
  /** The number of outputs in the cell, and the length of the last one if that is a stream. */
  #count = 0;
  #lastLength = 0;
  /** True when outputs have changed that were written before. */
  #rewritten = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #execution: LiveExecution | undefined;
  /** The outputs of the execution, without those that widgets have captured. */
  readonly #collector = new OutputCollector();

  /** `isRestarting` tells whether somebody is restarting the kernel of an id. */
  constructor(
    document: SharedDocument,
    cellId: string,
    origin: unknown,
    isRestarting: (kernelId: string) => boolean,
  ) {
    this.#isRestarting = isRestarting;
    this.#document = document;
    this.#cellId = cellId;
    this.#origin = origin;
  }

  /** Removes what the last run of a cell has left. */
  static clear(cell: SharedCell): void {
    setOutputs(cell, []);
    cell.set("execution_count", null);
  }

  /** Takes in the next event of the execution that shows something in the cell. */
  add(event: KernelEvent): void {
    this.#collector.add(event);
    if (event.type === "update_display_data") this.#updateOthers(event);
    this.#rewritten ||= event.type === "update_display_data" || event.type === "clear_output";
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const execution = this.#execution;
      if (execution) this.#write(execution.record, execution.answers);
    }, WRITE_AFTER_MS);
  }

  /** Writes until the execution is done, and returns its final record. */
  async follow(execution: LiveExecution): Promise<ExecutionRecord> {
    using _attached = execution.attach();
    this.#execution = execution;
    try {
      const record = await execution.done;
      this.#isRestarted = this.#isRestarting(record.kernelId);
      this.#rewritten = true;
      this.#write(record, execution.answers);
      return record;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #write(record: ExecutionRecord, answers: readonly InputAnswer[]): void {
    // The outputs of the run before stay until this one has begun.
    if (record.startedAt === null) return;
    this.#document.transact(() => {
      const cell = this.#document.find(this.#cellId);
      if (!cell) return;
      if (!this.#begun) OutputWriter.clear(cell);
      this.#begun = true;
      const answered = { ...record, outputs: withAnswers(this.#collector.outputs, answers) };
      const outputs = this.#isRestarted ? restarted(answered) : explained(answered);
      if (this.#rewritten || !this.#append(cell, outputs)) setOutputs(cell, outputs);
      this.#rewritten = false;
      this.#count = outputs.length;
      this.#lastLength = lengthOf(outputs.at(-1));
      if (cell.get("execution_count") !== record.executionCount) {
        cell.set("execution_count", record.executionCount);
      }
    }, this.#origin);
  }

  /** Adds what is new to the cell; false when somebody else has changed its outputs. */
  #append(cell: SharedCell, outputs: readonly Output[]): boolean {
    const list = cell.get("outputs");
    if (!(list instanceof Y.Array) || list.length !== this.#count) return false;
    if (this.#count > outputs.length) return false;
    const last = this.#count - 1;
    const output = outputs[last];
    if (output?.output_type === "stream" && output.text.length > this.#lastLength) {
      if (!appendStream(cell, last, output.text.slice(this.#lastLength))) return false;
    }
    addOutputs(list, outputs.slice(this.#count));
    return true;
  }

  /** Changes the displays of other cells that an update names. */
  #updateOthers({ data, metadata, transient }: DisplayDataEvent): void {
    const { display_id: id } = transient;
    if (id === undefined) return;
    this.#document.transact(() => {
      for (const cell of this.#document.cells) {
        const outputs = cell instanceof Y.Map ? cell.get("outputs") : undefined;
        if (!(outputs instanceof Y.Array)) continue;
        for (const output of outputs) {
          if (!(output instanceof Y.Map) || displayIdOf(output) !== id) continue;
          output.set("data", data);
          output.set("metadata", metadata);
        }
      }
    }, this.#origin);
  }
}

/** Returns the outputs of a record, with the reason of an execution that did not end by itself. */
export function explained({ outputs, status, error, kernel }: ExecutionRecord): Output[] {
  if (!["aborted", "timeout", "lost"].includes(status)) return outputs;
  if (outputs.at(-1)?.output_type === "error") return outputs;
  const evalue = error?.evalue || kernel.reason || `The execution ended as "${status}"`;
  return [...outputs, {
    output_type: "error",
    ename: error?.ename ?? status,
    evalue,
    traceback: [],
  }];
}

/** A restart that somebody has asked for is no fault of the cell. */
function restarted({ outputs }: ExecutionRecord): Output[] {
  return [...outputs, {
    output_type: "stream",
    name: "stderr",
    text: "[The kernel was restarted.]\n",
  }];
}

function lengthOf(output: Output | undefined): number {
  return output?.output_type === "stream" ? output.text.length : 0;
}

function displayIdOf(output: Y.Map<unknown>): unknown {
  const transient = output.get("transient");
  return typeof transient === "object" && transient !== null && "display_id" in transient
    ? transient.display_id
    : undefined;
}
