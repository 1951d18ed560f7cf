import type { KernelEvent } from "../../../kernel/mod.ts";
import { doneJson, eventJson } from "./json.ts";
import type { ExecutionSummary } from "./record.ts";

/** The last event of every execution. */
export interface DoneEvent {
  type: "done";
  kernelId: string;
  executionId: string;
  /** The final record, without the outputs. */
  execution: ExecutionSummary;
}

/** An event of an execution with its number; numbers start at 1 and leave nothing out. */
export type NumberedEvent = (KernelEvent | DoneEvent) & { seq: number };

/** Says that the events between two numbers are no longer kept. */
export interface GapEvent {
  type: "gap";
  /** The number of the last event before the gap. */
  after: number;
  /** The number of the next event. */
  resumesAt: number;
}

/** Says that the connection is alive although no event came for a while. */
export interface KeepaliveEvent {
  type: "keepalive";
}

/** An event that a client receives which follows an execution. */
export type FollowedEvent = NumberedEvent | GapEvent | KeepaliveEvent;

/** Options for {@linkcode EventLog.follow}. */
export interface FollowOptions {
  /** The number of the last event that the reader has. @default 0 */
  after?: number;
  /** Ends the reading. */
  signal?: AbortSignal;
  /** A keepalive is due after this many milliseconds without an event. @default 5000 */
  keepaliveMs?: number;
}

/** An event as JSON, with its number if it has one. */
export interface FollowedLine {
  seq?: number;
  json: string;
  /** Marks a line that says nothing but that the connection is alive. */
  keepalive?: true;
}

/** The events of one execution, as JSON. */
export interface ExecutionEvents {
  /** The events so far that are kept. */
  readonly lines: readonly string[];
  /** Yields each event after a number, those to come too, until the execution is done. */
  follow(options?: FollowOptions): AsyncGenerator<FollowedLine>;
}

/** The most JSON that one execution's log keeps, in characters; the oldest events go first. */
const MAX_LENGTH = 8 * 1024 * 1024;

const KEEPALIVE: FollowedLine = {
  json: JSON.stringify({ type: "keepalive" } satisfies KeepaliveEvent),
  keepalive: true,
};

/**
 * The numbered events of one execution. Readers follow the log at their own pace: a reader that is
 * slower than the log forgets is told of the gap, so that nobody has to wait and nothing grows.
 */
export class EventLog implements ExecutionEvents {
  /** Each event as JSON, made once however many read it. */
  readonly #lines: string[] = [];
  readonly #maxLength: number;
  #first = 1;
  #length = 0;
  #closed = false;
  #waiting = Promise.withResolvers<void>();

  constructor(maxLength = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** Makes a closed log of lines that were kept; the first line has the number `first`. */
  static of(lines: readonly string[], first: number): EventLog {
    const log = new EventLog(Infinity);
    log.#lines.push(...lines);
    log.#first = first;
    log.#closed = true;
    return log;
  }

  /** Makes a log that takes further events after lines that were kept. */
  static reopened(lines: readonly string[], first: number): EventLog {
    const log = new EventLog();
    log.#first = first;
    for (const line of lines) log.#add(line);
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

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Adds an event. */
  append(event: KernelEvent): void {
    this.#add(eventJson(this.last + 1, event));
  }

  /** Adds the last event of an execution, and closes the log; `summary` is JSON. */
  finish(execution: Pick<ExecutionSummary, "id" | "kernelId">, summary: string): void {
    this.#add(doneJson(this.last + 1, execution, summary));
    this.close();
  }

  /** Closes the log: no event will follow. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

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

  #add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#length > this.#maxLength && this.#lines.length > 1) {
      this.#length -= this.#lines.shift()!.length;
      this.#first++;
    }
    this.#wake();
  }

  /** Resolves with true when something has changed or the signal aborts, with false after `ms`. */
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
