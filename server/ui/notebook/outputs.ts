import type { ExecutionEvent } from "../api/event_schema.ts";
import type { CellOutput } from "./output_schema.ts";

/**
 * An `OutputList` builds the outputs of a cell from the events of its execution. Text of a stream is
 * gathered in pieces and joined when `outputs` is read, so that a cell that prints a lot does not copy
 * all its text with every line.
 */
export class OutputList {
  #outputs: CellOutput[];
  #pieces: string[] = [];
  #clearBeforeNext = false;

  constructor(outputs: readonly CellOutput[] = []) {
    this.#outputs = [...outputs];
  }

  /** The outputs to show now. */
  get outputs(): CellOutput[] {
    this.#join();
    return [...this.#outputs];
  }

  /** Applies an event; returns false if the event cannot change the outputs. */
  add(event: ExecutionEvent): boolean {
    switch (event.type) {
      case "stream":
        this.#addText(event.name, event.text);
        return true;
      case "display_data":
        this.#push({
          output_type: "display_data",
          data: event.data,
          metadata: event.metadata,
          ...(event.transient.display_id !== undefined &&
            { transient: { display_id: event.transient.display_id } }),
        });
        return true;
      case "execute_result":
        this.#push({
          output_type: "execute_result",
          data: event.data,
          metadata: event.metadata,
          execution_count: event.executionCount,
        });
        return true;
      case "execute_error": {
        const { ename, evalue, traceback } = event;
        this.#push({ output_type: "error", ename, evalue, traceback });
        return true;
      }
      case "update_display_data":
        this.#join();
        this.#outputs = updateDisplay(this.#outputs, event);
        return true;
      case "clear_output":
        if (event.wait) this.#clearBeforeNext = true;
        else this.#clear();
        return true;
      case "gap":
        this.#addText("stderr", "[some output was too much to be kept]\n");
        return true;
      case "unreadable":
        this.#addText("stderr", "[an output could not be read]\n");
        return true;
      default:
        return false;
    }
  }

  #addText(name: "stdout" | "stderr", text: string): void {
    const last = this.#outputs.at(-1);
    if (!this.#clearBeforeNext && last?.output_type === "stream" && last.name === name) {
      this.#pieces.push(text);
    } else {
      this.#push({ output_type: "stream", name, text });
    }
  }

  #push(output: CellOutput): void {
    if (this.#clearBeforeNext) this.#clear();
    this.#join();
    this.#outputs.push(output);
  }

  /** Joins the pieces into a new output object, because views compare outputs by identity. */
  #join(): void {
    const last = this.#outputs.at(-1);
    if (this.#pieces.length === 0 || last?.output_type !== "stream") return;
    this.#outputs[this.#outputs.length - 1] = { ...last, text: last.text + this.#pieces.join("") };
    this.#pieces = [];
  }

  #clear(): void {
    this.#outputs = [];
    this.#pieces = [];
    this.#clearBeforeNext = false;
  }
}

type DisplayUpdate = Pick<
  Extract<ExecutionEvent, { type: "update_display_data" }>,
  "data" | "metadata" | "transient"
>;

/** Replaces the displays that an update names; returns the same array if none has its id. */
export function updateDisplay(outputs: CellOutput[], event: DisplayUpdate): CellOutput[] {
  const id = event.transient.display_id;
  const isMeant = (it: CellOutput) =>
    it.output_type === "display_data" && id !== undefined && it.transient?.display_id === id;
  if (!outputs.some(isMeant)) return outputs;
  return outputs.map((it) =>
    isMeant(it) ? { ...it, data: event.data, metadata: event.metadata } as CellOutput : it
  );
}
