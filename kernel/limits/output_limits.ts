import { OutputLimit } from "./output_limit.ts";

/** The number of executions whose output is counted apart; tasks of older ones share one limit. */
const COUNTED_APART = 64;

/**
 * The limits on the output of one kernel's executions. A task may print after its cell has ended: its
 * output counts as the cell's, so that it is bounded, and takes no room from the cell that runs.
 */
export class OutputLimits {
  readonly #bytes: number;
  readonly #byExecution = new Map<string, OutputLimit>();
  /** Counts the output of older executions, and of requests that are no executions. */
  readonly #others: OutputLimit;

  /** Each execution may have so many bytes. */
  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#others = new OutputLimit(bytes);
  }

  /** Returns the limit of an execution that begins. */
  begin(executionId: string): OutputLimit {
    this.#others.reset();
    const limit = new OutputLimit(this.#bytes);
    this.#byExecution.delete(executionId);
    this.#byExecution.set(executionId, limit);
    if (this.#byExecution.size > COUNTED_APART) {
      const [oldest] = this.#byExecution.keys();
      this.#byExecution.delete(oldest!);
    }
    return limit;
  }

  /** Returns the limit that the output of an execution counts against. */
  of(executionId: string | null | undefined): OutputLimit {
    return this.#byExecution.get(executionId ?? "") ?? this.#others;
  }

  /** Counts all output from zero: a client has asked for more of it, such as by moving a slider. */
  reset(): void {
    this.#others.reset();
    for (const limit of this.#byExecution.values()) limit.reset();
  }
}
