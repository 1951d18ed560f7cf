import type { KernelEvent } from "../../../kernel/mod.ts";
import type { ExecutionSummary } from "../../apis/native/schemas/execution.ts";

/** An event of an execution with its number; numbers start at 1 and leave nothing out. */
export type NumberedEvent = (KernelEvent | DoneEvent) & { seq: number };

/** The last event of every execution. */
export interface DoneEvent {
  type: "done";
  kernelId: string;
  executionId: string;
  /** How it ended. */
  execution: ExecutionSummary;
}

/** Says that the events between two numbers are no longer kept. */
export interface GapEvent {
  type: "gap";
  /** The number after which they are missing. */
  after: number;
  /** The number of the next event. */
  resumesAt: number;
}

/** Nothing happened for a while; the connection is alive. */
export interface KeepaliveEvent {
  type: "keepalive";
}

/** What a client that follows an execution receives. */
export type FollowedEvent = NumberedEvent | GapEvent | KeepaliveEvent;

/** Options for {@linkcode EventLog.follow}. */
export interface FollowOptions {
  /** The number of the last event that the reader has. @default 0 */
  after?: number;
  /** Ends it. */
  signal?: AbortSignal;
  /** A keepalive is due after this many milliseconds without an event. @default 5000 */
  keepaliveMs?: number;
}

/** The most JSON that one execution's log keeps, in characters; the oldest events go first. */
const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * The events of one execution by number. Readers follow it at their own pace: one that is slower
 * than the log forgets is told of the gap, so that nobody has to wait and nothing grows.
 */
export class EventLog {
  /** As JSON: made once, however many read it. */
  readonly #lines: string[] = [];
  readonly #maxLength: number;
  #first = 1;
  #length = 0;
  #closed = false;
  #waiting = Promise.withResolvers<void>();

  constructor(maxLength = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** A log of lines that were written before, the first of which has the number `first`. */
  static of(lines: readonly string[], first: number): EventLog {
    const log = new EventLog(Infinity);
    log.#lines.push(...lines);
    log.#first = first;
    log.#closed = true;
    return log;
  }

  /** The number of the newest event; 0: there is none. */
  get last(): number {
    return this.#first + this.#lines.length - 1;
  }

  /** The number of the oldest event that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The events that are kept, as JSON. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Adds an event. */
  append(event: KernelEvent | DoneEvent): void {
    const line = eventJson({ seq: this.last + 1, ...event });
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#length > this.#maxLength && this.#lines.length > 1) {
      this.#length -= this.#lines.shift()!.length;
      this.#first++;
    }
    this.#wake();
  }

  /** No event will follow. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Each event after a number as JSON, those to come too, until the log is closed. */
  async *follow(options: FollowOptions = {}): AsyncGenerator<FollowedLine> {
    const { after = 0, signal, keepaliveMs = 5_000 } = options;
    let next = after + 1;
    while (!signal?.aborted) {
      if (next < this.#first) {
        const gap: GapEvent = { type: "gap", after: next - 1, resumesAt: this.#first };
        next = this.#first;
        yield { json: JSON.stringify(gap) };
      }
      const json = this.#lines[next - this.#first];
      if (json !== undefined) yield { seq: next++, json };
      else if (this.#closed) return;
      else if (!(await this.#moved(keepaliveMs, signal))) yield KEEPALIVE;
    }
  }

  /** Resolves with true when something was added, with false after `ms`. */
  async #moved(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    const stop = () => resolve(true);
    signal?.addEventListener("abort", stop, { once: true });
    void this.#waiting.promise.then(stop);
    const moved = await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    return moved;
  }

  #wake(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
  }
}

/** An event as JSON, and its number if it has one. */
export interface FollowedLine {
  seq?: number;
  json: string;
  /** Nothing happened; it only shows that the connection is alive. */
  keepalive?: true;
}

const KEEPALIVE: FollowedLine = {
  json: JSON.stringify({ type: "keepalive" } satisfies KeepaliveEvent),
  keepalive: true,
};

/** An event as JSON; the bytes that comms carry become Base64. */
export function eventJson(event: { type: string } & Record<string, unknown>): string {
  return JSON.stringify(event, event.type.startsWith("comm_") ? bytesAsBase64 : undefined);
}

function bytesAsBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? value.toBase64() : value;
}
