import type { DisplayDataEvent } from "../../../kernel/mod.ts";
import type { ExecutionEvent, Output } from "../api/types.ts";

/**
 * The outputs of a cell as its events arrive. Text is gathered in pieces and joined when it is looked
 * at, so that a cell that prints a lot does not copy what it has printed with every line.
 */
export class OutputList {
  #outputs: Output[];
  #pieces: string[] = [];
  #clearBeforeNext = false;

  constructor(outputs: readonly Output[] = []) {
    this.#outputs = [...outputs];
  }

  /** What is to be shown now. */
  get outputs(): Output[] {
    this.#join();
    return [...this.#outputs];
  }

  /** Takes in an event; false when it shows nothing. */
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
          ...(event.transient.display_id !== undefined && { transient: event.transient }),
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

  #push(output: Output): void {
    if (this.#clearBeforeNext) this.#clear();
    this.#join();
    this.#outputs.push(output);
  }

  /** A new object each time: views compare by identity. */
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

type DisplayUpdate = Pick<DisplayDataEvent, "data" | "metadata" | "transient">;

/** Outputs with a display replaced by its new version; the same array when it is not among them. */
export function updateDisplay(outputs: Output[], event: DisplayUpdate): Output[] {
  const id = event.transient.display_id;
  const isMeant = (it: Output) =>
    it.output_type === "display_data" && id !== undefined && it.transient?.display_id === id;
  if (!outputs.some(isMeant)) return outputs;
  return outputs.map((it) =>
    isMeant(it) ? { ...it, data: event.data, metadata: event.metadata } as Output : it
  );
}
