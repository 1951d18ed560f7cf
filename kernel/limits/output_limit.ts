import { Buffer } from "node:buffer";
import type { DisplayDataEvent, EventBase, KernelEvent } from "../events.ts";
import { jsonOfMember } from "../json_members.ts";
import type { StreamName } from "../streams.ts";

/** The parts of an execution's output that count only their size: its events and their buffers. */
const FREE_PARTS = 1_000;
/** The least that each later one counts, in bytes: a million empty ones take memory, too. */
const LEAST_BYTES = 256;

/** The events that are never dropped: the code that has caused them would wait for ever. */
const ESSENTIAL: ReadonlySet<string> = new Set(["input_request", "tool_call"]);

/** The events that end up as outputs of their own. */
const ADDS_OUTPUT: ReadonlySet<string> = new Set([
  "display_data",
  "execute_result",
  "execute_error",
]);

/** Counts the output of an execution and cuts it at a limit. One object serves one execution after the other. */
export class OutputLimit {
  readonly #limit: number;
  #shown = 0;
  #dropped = 0;
  #noticed = false;
  #parts = 0;
  /** The stream whose text a reader joins with what it prints next. */
  #openStream: StreamName | undefined;

  /** The limit is in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The output that was shown and the output that was dropped, in bytes. */
  get produced(): number {
    return this.#shown + this.#dropped;
  }

  /** The output that was dropped, in bytes. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts from zero: the next execution begins. */
  reset(): void {
    this.#shown = this.#dropped = 0;
    this.#noticed = false;
    this.#parts = 0;
    this.#openStream = undefined;
  }

  /** Counts bytes that can be cut, and returns the number of them that may be shown, from the first on. */
  take(bytes: number): number {
    const taken = this.#dropped > 0 ? 0 : Math.min(bytes, this.#limit - this.#shown);
    this.#shown += taken;
    this.#dropped += bytes - taken;
    return taken;
  }

  /**
   * Returns the part of an event that may be shown, and a notice at the first cut. `copies` is the number of
   * outputs that will have the event's content.
   */
  pass(event: KernelEvent, copies = 1): KernelEvent[] {
    if (event.type !== "stream") {
      const bytes = copies * this.#charge(event);
      if (bytes === 0 || this.admits(bytes) || ESSENTIAL.has(event.type)) return [event];
      return this.notice(event);
    }
    const bytes = utf8Length(event.text);
    this.#chargeSwitch(event.name, bytes);
    const taken = this.take(bytes);
    if (taken === bytes) return [event];
    const text = firstBytes(event.text, taken);
    return [...(text ? [{ ...event, text }] : []), ...this.notice(event)];
  }

  /** Returns the notice that output was dropped, once for each execution. */
  notice({ kernelId, executionId }: EventBase): KernelEvent[] {
    if (this.#noticed) return [];
    this.#noticed = true;
    return [{
      type: "stream",
      kernelId,
      ...(executionId !== undefined && { executionId }),
      name: "stderr",
      text: `\n[The output is cut here: it is limited to ${this.#limit} bytes.]\n`,
    }];
  }

  /** Counts output that cannot be cut, and returns true when it may be shown. */
  admits(bytes: number): boolean {
    const fits = this.#dropped === 0 && bytes <= this.#limit - this.#shown;
    if (fits) this.#shown += bytes;
    else this.#dropped += bytes;
    return fits;
  }

  #charge(event: KernelEvent): number {
    if (ADDS_OUTPUT.has(event.type)) this.#openStream = undefined;
    const buffers = "buffers" in event ? event.buffers.length : 0;
    return Math.max(outputBytes(event), this.#least(Math.max(buffers, 1)));
  }

  /** Counts text that begins an output of its own, because the last output was something else. */
  #chargeSwitch(name: StreamName, bytes: number): void {
    if (name === this.#openStream) return;
    this.#openStream = name;
    const spare = Math.max(this.#limit - this.#shown, 0);
    this.#shown += Math.min(Math.max(this.#least(1) - bytes, 0), spare);
  }

  /** Returns the least that so many further parts count, in bytes. */
  #least(parts: number): number {
    this.#parts += parts;
    return Math.min(Math.max(this.#parts - FREE_PARTS, 0), parts) * LEAST_BYTES;
  }
}

/** Returns the size of a text in UTF-8 without encoding it. */
function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** Returns the beginning of a text that takes that many bytes in UTF-8, or a little less. */
function firstBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}

/**
 * Returns the size of an event as output, in bytes: of every text and buffer in it. Events of the library
 * count nothing, and neither does the input of a cell, of which there is one.
 */
export function outputBytes(event: KernelEvent): number {
  switch (event.type) {
    case "stream":
      return utf8Length(event.text);
    case "execute_input":
    case "status":
    case "execution_stalled":
    case "kernel_terminated":
      return 0;
    default:
      return eventBytes(event);
  }
}

/** An event that shows something, or asks for something, besides plain output. */
type RichEvent = Exclude<
  KernelEvent,
  { type: "stream" | "execute_input" | "status" | "execution_stalled" | "kernel_terminated" }
>;

function eventBytes(event: RichEvent): number {
  switch (event.type) {
    case "display_data":
    case "update_display_data":
      return bundleBytes(event) + utf8Length(event.transient.display_id ?? "");
    case "execute_result":
    case "debug_event":
      return bundleBytes(event);
    case "execute_error":
      return textBytes([event.ename, event.evalue, ...event.traceback]);
    case "comm_open":
      return bundleBytes(event) + textBytes([event.commId, event.targetName]) +
        bufferBytes(event.buffers);
    case "comm_msg":
    case "comm_close":
      return bundleBytes(event) + utf8Length(event.commId) +
        bufferBytes(event.buffers);
    case "input_request":
      return textBytes([event.requestId, event.prompt]);
    case "tool_call":
      return textBytes([event.requestId, event.name]);
    case "package_progress":
      return utf8Length(event.name);
    case "clear_output":
      return 0;
  }
}

function bundleBytes(event: Pick<DisplayDataEvent, "data" | "metadata">): number {
  return textBytes([jsonOfMember(event, "data"), jsonOfMember(event, "metadata")]);
}

function textBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + utf8Length(text), 0);
}

function bufferBytes(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
