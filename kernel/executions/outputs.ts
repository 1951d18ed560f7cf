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

/** The most stream text that a result keeps, in UTF-16 code units; the events carry all of it. */
const MAX_STREAM_LENGTH = 8 * 1024 * 1024;

/** Gathers the events of one execution into the outputs that a notebook would show. */
export class OutputCollector {
  #outputs: Output[] = [];
  #clearBeforeNext = false;
  #streamLength = 0;
  #truncated = false;

  /** Adds an event; one that shows nothing changes nothing. */
  add(event: KernelEvent): void {
    switch (event.type) {
      case "stream":
        return this.#addStream(event.name, event.text);
      case "display_data":
        return this.#add(withBundles({
          output_type: "display_data",
          ...(event.transient.display_id !== undefined && { transient: event.transient }),
        }, event));
      case "update_display_data":
        return this.#update(event);
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

  #update(event: DisplayDataEvent): void {
    const { display_id: id } = event.transient;
    for (const output of this.#outputs) {
      if (output.output_type === "display_data" && id && output.transient?.display_id === id) {
        copyMembers(output, event, BUNDLES);
      }
    }
  }

  #clear(): void {
    this.#outputs = [];
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
