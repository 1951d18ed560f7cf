import type { Clock } from "../../kernel/mod.ts";

interface Timer {
  due: number;
  callback: () => void;
}

/** A clock whose time passes when a test advances it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #waiters = new Set<() => void>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = { due: this.#now + ms, callback };
    this.#timers.add(timer);
    for (const wake of this.#waiters) wake();
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** The number of timers that have not fired. */
  get size(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass: timers fire in order, and the effects of one settle before the next fires. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Waits for a timer with that delay, and then lets the delay pass. */
  async pass(ms: number): Promise<void> {
    const has = () => [...this.#timers].some(({ due }) => due === this.#now + ms);
    while (!has()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.add(resolve);
      await promise;
      this.#waiters.delete(resolve);
    }
    await this.advance(ms);
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end);
    return due.toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Resolves when no promise that can settle is left. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
