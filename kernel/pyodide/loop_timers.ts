import { clearImmediate, setImmediate } from "node:timers";

/** The timers of Python's event loop, by Python's own numbers. */
export class LoopTimers {
  readonly #fire: (id: number) => Promise<unknown>;
  readonly #onError: (error: unknown) => void;
  readonly #timers = new Map<number, Disposable>();
  #running = 0;

  /** `fire` runs the callback of a timer, which may suspend; a rejection of it goes to `onError`. */
  constructor(fire: (id: number) => Promise<unknown>, onError: (error: unknown) => void) {
    this.#fire = fire;
    this.#onError = onError;
  }

  /** The number of timers that are set. */
  get size(): number {
    return this.#timers.size;
  }

  /** The number of callbacks that run, or wait. */
  get running(): number {
    return this.#running;
  }

  /** Sets the timer of that number. */
  set(id: number, delayMs: number): void {
    const run = () => {
      this.#timers.delete(id);
      this.#running++;
      this.#fire(id).catch(this.#onError).finally(() => this.#running--);
    };
    this.#timers.set(id, startTimer(run, delayMs));
  }

  /** Takes a timer back, if there is one of that number. */
  clear(id: number): void {
    this.#timers.get(id)?.[Symbol.dispose]();
    this.#timers.delete(id);
  }

  /** Takes all timers back. */
  clearAll(): void {
    for (const id of [...this.#timers.keys()]) this.clear(id);
  }
}

/** Starts a timer. Most callbacks are due at once, and a real timer would delay them by a millisecond. */
function startTimer(callback: () => void, delayMs: number): Disposable {
  if (delayMs <= 0) {
    const immediate = setImmediate(callback);
    return { [Symbol.dispose]: () => clearImmediate(immediate) };
  }
  const timer = setTimeout(callback, delayMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
