/** The number of times in a row that a kernel is started again. */
const MAX_RESTARTS = 5;
/** A kernel that has lived for this long, in milliseconds, begins a new row of deaths. */
const STABLE_MS = 10_000;

/** Counts the deaths of one kernel and says when restarting it has become pointless. */
export class AutoRestart {
  readonly #now: () => number;
  #restarts = 0;
  #last = -Infinity;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a death; true when the kernel should be started again. */
  allowed(): boolean {
    const now = this.#now();
    if (now - this.#last > STABLE_MS) this.#restarts = 0;
    this.#last = now;
    return ++this.#restarts <= MAX_RESTARTS;
  }
}
