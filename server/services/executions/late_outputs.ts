import { getLogger } from "@logtape/logtape";
import { type KernelEvent, OutputCollector } from "../../../kernel/mod.ts";
import { messageOf } from "../../errors/service_error.ts";
import { EventLog } from "./event_log.ts";
import { textsOf } from "./live_execution.ts";
import type { ExecutionRecord } from "./record.ts";
import type { ExecutionStore } from "./store.ts";

/** The least time for which late output is gathered before it is written, in milliseconds. */
const GATHER_MS = 200;
/** Writing may take this part of the time: a long record is written less often. */
const WRITING_PART = 0.05;
/** The longest JSON of a record's outputs that late output may lead to, in characters. */
const MAX_OUTPUTS_LENGTH = 32 * 2 ** 20;

/** The events that change what a cell has shown. */
const SHOWING: ReadonlySet<KernelEvent["type"]> = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "clear_output",
]);

/** The late output of one execution that is not written yet. */
interface Waiting {
  events: KernelEvent[];
  timer: ReturnType<typeof setTimeout>;
}

/** Options for {@linkcode LateOutputs}. */
export interface LateOutputsInit {
  store: ExecutionStore;
  /** Resolves when the record of an execution that has just ended is kept. */
  kept: (executionId: string) => Promise<unknown>;
}

/**
 * Adds output that tasks make after the end of their cell to the record that is kept of it. The kernel
 * bounds the output of each execution, late output included.
 */
export class LateOutputs implements AsyncDisposable {
  readonly #init: LateOutputsInit;
  readonly #waiting = new Map<string, Waiting>();
  /** The writing of each execution that is under way. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(init: LateOutputsInit) {
    this.#init = init;
  }

  /** Takes an event of an execution that has ended. */
  add(event: KernelEvent): void {
    const { executionId } = event;
    if (executionId === undefined || !SHOWING.has(event.type)) return;
    const waiting = this.#waiting.get(executionId);
    if (waiting) return void waiting.events.push(event);
    this.#wait(executionId, [event], GATHER_MS);
  }

  /** Writes what waits of an execution; never rejects. */
  async flush(executionId: string): Promise<void> {
    await this.#writing.get(executionId);
    const waiting = this.#waiting.get(executionId);
    if (waiting) await this.#write(executionId, waiting);
  }

  /** Writes everything that waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#waiting.keys(), ...this.#writing.keys()].map((it) => this.flush(it)),
    );
  }

  #wait(executionId: string, events: KernelEvent[], ms: number): void {
    const timer = setTimeout(() => void this.flush(executionId), ms);
    this.#waiting.set(executionId, { events, timer });
  }

  async #write(executionId: string, { events, timer }: Waiting): Promise<void> {
    clearTimeout(timer);
    const begun = performance.now();
    const writing = this.#amend(executionId, events).catch((error) => {
      const reason = messageOf(error);
      getLogger(["server", "executions"]).error("late output cannot be kept", { reason, error });
    });
    this.#writing.set(executionId, writing);
    // Output that comes meanwhile waits for a time that fits the length of this record.
    this.#waiting.delete(executionId);
    await writing;
    this.#writing.delete(executionId);
    const later = this.#waiting.get(executionId);
    if (!later) return;
    clearTimeout(later.timer);
    const ms = Math.max(GATHER_MS, (performance.now() - begun) / WRITING_PART);
    this.#wait(executionId, later.events, ms);
  }

  async #amend(id: string, events: readonly KernelEvent[]): Promise<void> {
    const { store, kept } = this.#init;
    await kept(id);
    // The cause may be a message to a widget, which has no record.
    const before = await store.get(id);
    const stored = before && await store.events(id);
    if (!before || !stored) return;
    const own = events.filter(({ kernelId }) => kernelId === before.kernelId);
    if (own.length === 0) return;
    const log = EventLog.reopened(stored.lines, stored.first);
    const collector = new OutputCollector(before.outputs);
    for (const event of own) {
      collector.add(event);
      log.append(event);
    }
    const { outputs, truncated } = collector;
    const record: ExecutionRecord = {
      ...before,
      outputs,
      outputsTruncated: before.outputsTruncated || truncated,
      lastEvent: log.last,
    };
    const texts = textsOf(record);
    const fits = texts !== undefined && texts.outputs.length <= MAX_OUTPUTS_LENGTH;
    if (fits) return await store.finish(texts, log);
    if (before.outputsTruncated) return;
    const cut = textsOf({ ...before, outputsTruncated: true });
    if (cut) await store.finish(cut, stored);
  }
}
