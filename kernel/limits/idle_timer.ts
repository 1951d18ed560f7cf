import { type Clock, systemClock } from "../clock.ts";

/** Calls back when nothing has happened for a time, which may be changed while it runs. */
export class IdleTimer implements Disposable {
  readonly #onIdle: () => void;
  readonly #clock: Clock;
  #timeoutMs: number;
  #idleSince: number | undefined;
  #timer: Disposable | undefined;

  /** Starts paused; a `timeoutMs` of 0 never calls back. */
  constructor(timeoutMs: number, onIdle: () => void, clock: Clock = systemClock) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
    this.#clock = clock;
  }

  /** The time in milliseconds; a new one counts from the beginning of the idle time. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  set timeoutMs(value: number) {
    this.#timeoutMs = value;
    this.#arm();
  }

  /** Milliseconds until the call; undefined while paused or when it never comes. */
  get remainingMs(): number | undefined {
    if (this.#idleSince === undefined || this.#timeoutMs === 0) return undefined;
    return Math.max(0, this.#idleSince + this.#timeoutMs - this.#clock.now());
  }

  /** Work began: no call until `resume`. */
  pause(): void {
    this.#idleSince = undefined;
    this.#arm();
  }

  /** Work ended: the time counts from now. */
  resume(): void {
    this.#idleSince = this.#clock.now();
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.pause();
  }

  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    const remaining = this.remainingMs;
    this.#timer = remaining === undefined
      ? undefined
      : this.#clock.after(remaining, () => this.#onIdle());
  }
}
