import { Buffer } from "node:buffer";
import type { EventBase, KernelEvent } from "../events.ts";

/** Counts the output of an execution and cuts it at a limit. One object serves one execution after the other. */
export class OutputLimit {
  readonly #limit: number;
  #shown = 0;
  #dropped = 0;
  #noticed = false;

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
  }

  /** Counts bytes that can be cut, and returns the number of them that may be shown, from the first on. */
  take(bytes: number): number {
    const taken = this.#dropped > 0 ? 0 : Math.min(bytes, this.#limit - this.#shown);
    this.#shown += taken;
    this.#dropped += bytes - taken;
    return taken;
  }

  /** Returns the part of an event that may be shown, and a notice at the first cut. */
  pass(event: KernelEvent): KernelEvent[] {
    if (event.type !== "stream") {
      const bytes = outputBytes(event);
      if (bytes === 0 || this.admits(bytes)) return [event];
      return this.notice(event);
    }
    const bytes = utf8Length(event.text);
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
}

/** Returns the size of a text in UTF-8 without encoding it. */
function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** Returns the beginning of a text that takes that many bytes in UTF-8, or a little less. */
function firstBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}

function jsonLength(value: unknown): number {
  return utf8Length(JSON.stringify(value));
}

/** Returns about the size of the output in an event, in bytes; 0 for events that show nothing. */
export function outputBytes(event: KernelEvent): number {
  switch (event.type) {
    case "stream":
      return utf8Length(event.text);
    case "display_data":
    case "update_display_data":
    case "execute_result":
      return jsonLength(event.data) + jsonLength(event.metadata);
    case "execute_error":
      return utf8Length(event.ename) + utf8Length(event.evalue) +
        event.traceback.reduce((sum, line) => sum + utf8Length(line), 0);
    case "comm_open":
    case "comm_msg":
    case "comm_close":
      return jsonLength(event.data) + jsonLength(event.metadata) +
        event.buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    default:
      return 0;
  }
}
