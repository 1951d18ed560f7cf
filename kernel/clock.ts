/** A source of time. Tests inject one whose time passes when they say so. */
export interface Clock {
  /** Returns milliseconds since a fixed moment; it never goes back. */
  now(): number;
  /** Calls back after that many milliseconds, unless the returned timer is disposed before. */
  after(ms: number, callback: () => void): Disposable;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
