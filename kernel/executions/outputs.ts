import type { DisplayDataEvent, KernelEvent, MimeBundle } from "../events.ts";
import { copyMembers } from "../json_members.ts";

/** One output of a cell, in the shape of the notebook format. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | {
    output_type: "display_data";
    data: MimeBundle;
    metadata: Record<string, unknown>;
    transient?: { display_id?: string };
  }
  | {
    output_type: "execute_result";
    data: MimeBundle;
    metadata: Record<string, unknown>;
    execution_count: number;
  }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

type DisplayOutput = Extract<Output, { output_type: "display_data" }>;

/** The most stream text that a result keeps, in UTF-16 code units; the events carry all of it. */
const MAX_STREAM_LENGTH = 8 * 1024 * 1024;

/** Gathers the events of one execution into the outputs that a notebook would show. */
export class OutputCollector {
  #outputs: Output[];
  /** The displays of each id: looking through all outputs for each update would be quadratic. */
  readonly #displays = new Map<string, DisplayOutput[]>();
  #clearBeforeNext = false;
  #streamLength = 0;
  #truncated = false;

  /** Goes on after the outputs that an execution has shown. */
  constructor(outputs: readonly Output[] = []) {
    this.#outputs = outputs.map(copyOf);
    for (const output of this.#outputs) {
      if (output.output_type === "stream") this.#streamLength += output.text.length;
      else if (output.output_type === "display_data") this.#register(output);
    }
  }

  /** Adds an event; one that shows nothing changes nothing. */
  add(event: KernelEvent): void {
    switch (event.type) {
      case "stream":
        return this.#addStream(event.name, event.text);
      case "display_data":
        return this.#addDisplay(event);
      case "update_display_data":
        for (const output of this.#displaysOf(event)) copyMembers(output, event, BUNDLES);
        return;
      case "execute_result":
        return this.#add(withBundles({
          output_type: "execute_result",
          execution_count: event.executionCount,
        }, event));
      case "execute_error": {
        const { ename, evalue, traceback } = event;
        return this.#add({ output_type: "error", ename, evalue, traceback });
      }
      case "clear_output":
        if (event.wait) this.#clearBeforeNext = true;
        else this.#clear();
    }
  }

  /** The outputs so far. */
  get outputs(): Output[] {
    return this.#outputs.map(copyOf);
  }

  /** True when text was left out because there was more than a result keeps. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Returns the number of outputs that will have the content of an event. */
  copiesOf(event: KernelEvent): number {
    return event.type === "update_display_data" ? Math.max(this.#displaysOf(event).length, 1) : 1;
  }

  #addStream(name: "stdout" | "stderr", text: string): void {
    const room = MAX_STREAM_LENGTH - (this.#clearBeforeNext ? 0 : this.#streamLength);
    const kept = text.slice(0, room);
    if (kept.length < text.length) this.#truncated = true;
    if (kept === "") return;
    const last = this.#outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name && !this.#clearBeforeNext) {
      last.text += kept;
    } else {
      this.#add({ output_type: "stream", name, text: kept });
    }
    this.#streamLength += kept.length;
  }

  #add(output: Output): void {
    if (this.#clearBeforeNext) this.#clear();
    this.#outputs.push(output);
  }

  #addDisplay(event: DisplayDataEvent): void {
    const { transient } = event;
    const { display_id: id } = transient;
    const output = withBundles({
      output_type: "display_data" as const,
      ...(id !== undefined && { transient }),
    }, event);
    this.#add(output);
    this.#register(output);
  }

  #register(output: DisplayOutput): void {
    const id = output.transient?.display_id;
    if (!id) return;
    const others = this.#displays.get(id);
    if (others) others.push(output);
    else this.#displays.set(id, [output]);
  }

  #displaysOf({ transient: { display_id: id } }: DisplayDataEvent): readonly DisplayOutput[] {
    return this.#displays.get(id ?? "") ?? [];
  }

  #clear(): void {
    this.#outputs = [];
    this.#displays.clear();
    this.#clearBeforeNext = false;
    this.#streamLength = 0;
  }
}

const BUNDLES = ["data", "metadata"] as const;

type Bundles = Pick<DisplayDataEvent, "data" | "metadata">;

/** Gives an output the bundles of an event, as they are: most are passed on without being read. */
function withBundles<T extends object>(output: T, event: Bundles): T & Bundles {
  copyMembers(output, event, BUNDLES);
  return output as T & Bundles;
}

function copyOf(output: Output): Output {
  if (!("data" in output)) return { ...output };
  const copy = {};
  copyMembers(copy, output, Object.keys(output) as (keyof typeof output)[]);
  return copy as Output;
}
