import { getLogger } from "@logtape/logtape";
import { type KernelEvent, OutputCollector } from "../../../kernel/mod.ts";
import { messageOf } from "../../errors/service_error.ts";
import { ownerOf } from "../namespaces/scope.ts";
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
  executionId: string;
  owner: string;
  events: KernelEvent[];
  timer: ReturnType<typeof setTimeout>;
}

/** Options for {@linkcode LateOutputs}. */
export interface LateOutputsInit {
  store: ExecutionStore;
  /** Resolves when the record of an execution that has just ended is kept. */
  kept: (executionId: string, owner: string) => Promise<unknown>;
}

/**
 * Adds output that tasks make after the end of their cell to the record that is kept of it. The kernel
 * bounds the output of each execution, late output included.
 */
export class LateOutputs implements AsyncDisposable {
  readonly #init: LateOutputsInit;
  /** By owner and id, like the next. */
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
    const owner = ownerOf(event.kernelId);
    const waiting = this.#waiting.get(keyOf(executionId, owner));
    if (waiting) return void waiting.events.push(event);
    this.#wait({ executionId, owner, events: [event] }, GATHER_MS);
  }

  /** Writes what waits of an execution; never rejects. */
  async flush(executionId: string, owner: string): Promise<void> {
    await this.#flush(keyOf(executionId, owner));
  }

  /** Writes everything that waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#waiting.keys(), ...this.#writing.keys()].map((it) => this.#flush(it)),
    );
  }

  async #flush(key: string): Promise<void> {
    await this.#writing.get(key);
    const waiting = this.#waiting.get(key);
    if (waiting) await this.#write(key, waiting);
  }

  #wait(output: Omit<Waiting, "timer">, ms: number): void {
    const key = keyOf(output.executionId, output.owner);
    const timer = setTimeout(() => void this.#flush(key), ms);
    this.#waiting.set(key, { ...output, timer });
  }

  async #write(key: string, waiting: Waiting): Promise<void> {
    clearTimeout(waiting.timer);
    const begun = performance.now();
    const writing = this.#amend(waiting).catch((error) => {
      const reason = messageOf(error);
      getLogger(["server", "executions"]).error("late output cannot be kept", { reason, error });
    });
    this.#writing.set(key, writing);
    // Output that comes meanwhile waits for a time that fits the length of this record.
    this.#waiting.delete(key);
    await writing;
    this.#writing.delete(key);
    const later = this.#waiting.get(key);
    if (!later) return;
    clearTimeout(later.timer);
    const ms = Math.max(GATHER_MS, (performance.now() - begun) / WRITING_PART);
    this.#wait(later, ms);
  }

  async #amend({ executionId: id, owner, events }: Waiting): Promise<void> {
    const { store, kept } = this.#init;
    await kept(id, owner);
    // The cause may be a message to a widget, which has no record.
    const before = await store.get(id, owner);
    const stored = before && await store.events(id, owner);
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

/** Returns the key of an execution; no owner's name has a slash. */
function keyOf(executionId: string, owner: string): string {
  return `${owner}/${executionId}`;
}
