/** How many times in a row a kernel that dies is started again. */
const MAX_RESTARTS = 5;
/** A kernel that has lived this long, in milliseconds, is not dying in a row. */
const STABLE_MS = 10_000;

/** Decides whether a kernel that has died is worth another start. */
export class AutoRestart {
  #restarts = 0;
  #last = -Infinity;

  /** Whether to start it again; counts the start. */
  allowed(now = performance.now()): boolean {
    if (now - this.#last > STABLE_MS) this.#restarts = 0;
    this.#last = now;
    return ++this.#restarts <= MAX_RESTARTS;
  }
}
