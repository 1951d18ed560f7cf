/** Options for {@linkcode RateGuard}. */
export interface RateGuardOptions {
  /** The most events that are allowed in one window. */
  limit: number;
  /** The length of a window, in milliseconds. */
  windowMs: number;
  /** Returns the time in milliseconds. @default performance.now */
  now?: () => number;
}

/** A `RateGuard` counts events in windows of time. */
export class RateGuard {
  readonly #options: RateGuardOptions;
  #windowStart = -Infinity;
  #count = 0;

  constructor(options: RateGuardOptions) {
    this.#options = options;
  }

  /** Counts an event; returns false if the limit of the window is exceeded. */
  allows(): boolean {
    const { limit, windowMs, now = () => performance.now() } = this.#options;
    const time = now();
    if (time - this.#windowStart >= windowMs) {
      this.#windowStart = time;
      this.#count = 0;
    }
    return ++this.#count <= limit;
  }
}
