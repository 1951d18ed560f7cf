/** The part of a request that decides which events it may cause. */
export interface Cause {
  /** Somebody answers its requests for input. */
  allowStdin: boolean;
  /** Its input was reported, which happens once. */
  begun?: boolean;
}

/**
 * The number of requests that are remembered. A task may print long after the cell that started it has ended,
 * and a slider that is moved sends a hundred messages in a second.
 */
const MAX_CAUSES = 100_000;

/** The requests that an interpreter was sent, by id: its events may name these as their cause, and no others. */
export class Causes {
  readonly #causes = new Map<string, Cause>();
  #forgetful = false;

  add(id: string, cause: Cause): void {
    this.#causes.delete(id);
    this.#causes.set(id, cause);
    if (this.#causes.size <= MAX_CAUSES) return;
    const [oldest] = this.#causes.keys();
    this.#causes.delete(oldest!);
    this.#forgetful = true;
  }

  /** True when a request was forgotten, so that an unknown one need not be a forgery. */
  get forgetful(): boolean {
    return this.#forgetful;
  }

  get(id: string): Cause | undefined {
    return this.#causes.get(id);
  }

  /** Forgets all: a fresh interpreter knows none of them. */
  clear(): void {
    this.#causes.clear();
    this.#forgetful = false;
  }
}
