import type { ExecutionError } from "../cell.ts";
import { KernelError } from "../errors.ts";
import type { Execution, ExecutionEnd } from "./execution.ts";
import type { OngoingExecution } from "./result.ts";

/** Runs the executions of one kernel in the order in which they came, one at a time. */
export class ExecutionQueue {
  readonly #run: (execution: Execution) => Promise<void>;
  readonly #waiting: Execution[] = [];
  #current: Execution | undefined;

  /** `run` must finish the execution that it is given; it must not reject. */
  constructor(run: (execution: Execution) => Promise<void>) {
    this.#run = run;
  }

  /** The execution that runs. */
  get current(): Execution | undefined {
    return this.#current;
  }

  get size(): number {
    return this.#waiting.length + (this.#current ? 1 : 0);
  }

  /** Adds an execution, which starts at once when nothing else is there. */
  add(execution: Execution): void {
    if (this.#current?.id === execution.id || this.#waiting.some(({ id }) => id === execution.id)) {
      throw new KernelError(
        "already_exists",
        `Cannot execute: an execution "${execution.id}" is already waiting or running`,
      );
    }
    this.#waiting.push(execution);
    void this.#drain();
  }

  /** Takes a waiting execution out of the queue; false when it does not wait. */
  cancel(id: string, error: ExecutionError): boolean {
    const index = this.#waiting.findIndex((execution) => execution.id === id);
    if (index < 0) return false;
    const [execution] = this.#waiting.splice(index, 1);
    execution?.finish({ error });
    return true;
  }

  /** Settles everything that waits. */
  abortWaiting(end: ExecutionEnd): void {
    for (const execution of this.#waiting.splice(0)) execution.finish(end);
  }

  /** Describes each, the running one first. */
  list(): OngoingExecution[] {
    return [...(this.#current ? [this.#current] : []), ...this.#waiting].map((it) => it.describe());
  }

  async #drain(): Promise<void> {
    if (this.#current) return;
    while ((this.#current = this.#waiting.shift())) await this.#run(this.#current);
  }
}
