/** Options for {@linkcode TimeWindows}. */
export interface TimeWindowsOptions<T> {
  /** Makes the value of a window that begins. */
  begin: () => T;
  /** The length of a window in milliseconds. @default one minute */
  lengthMs?: number;
  /** The most clients that are remembered; beyond them the oldest windows go. @default 10000 */
  maxClients?: number;
  /** Returns the present in milliseconds. @default the system's clock */
  now?: () => number;
}

/** A `TimeWindow` holds the value of one client until the window ends. */
export interface TimeWindow<T> {
  readonly value: T;
  /** The time at which the window ends, in milliseconds by the clock `now`. */
  readonly endsAt: number;
}

/** Remembers a value for each client for a while. Its memory is bounded however many clients there are. */
export class TimeWindows<T> {
  readonly #begin: () => T;
  readonly #lengthMs: number;
  readonly #maxClients: number;
  readonly #now: () => number;
  /** The window that ends first comes first. */
  readonly #windows = new Map<string, TimeWindow<T>>();

  constructor(
    { begin, lengthMs = 60_000, maxClients = 10_000, now = Date.now }: TimeWindowsOptions<T>,
  ) {
    this.#begin = begin;
    this.#lengthMs = lengthMs;
    this.#maxClients = maxClients;
    this.#now = now;
  }

  /** The number of clients that are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  /** Returns a client's window; undefined when none has begun. */
  find(client: string): TimeWindow<T> | undefined {
    const window = this.#windows.get(client);
    return window && window.endsAt > this.#now() ? window : undefined;
  }

  /** Returns a client's window, which begins now if there is none. */
  of(client: string): TimeWindow<T> {
    const present = this.find(client);
    if (present) return present;
    const window = { value: this.#begin(), endsAt: this.#now() + this.#lengthMs };
    // Deleted first: a window that begins anew is the last to end.
    this.#windows.delete(client);
    this.#windows.set(client, window);
    for (const [oldest, { endsAt }] of this.#windows) {
      if (endsAt > this.#now() && this.#windows.size <= this.#maxClients) break;
      this.#windows.delete(oldest);
    }
    return window;
  }

  /** Returns the seconds until a window ends, as text for `Retry-After`. */
  secondsLeft({ endsAt }: TimeWindow<T>): string {
    return String(Math.max(1, Math.ceil((endsAt - this.#now()) / 1000)));
  }
}
