/** Calls back when nothing has happened for a time that may be changed while it runs. */
export class IdleTimer implements Disposable {
  readonly #onIdle: () => void;
  #timeoutMs: number;
  #idleSince: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts paused; a `timeoutMs` of 0 never calls back. */
  constructor(timeoutMs: number, onIdle: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
  }

  /** In milliseconds; setting it counts from when the idling began. */
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
    return Math.max(0, this.#idleSince + this.#timeoutMs - performance.now());
  }

  /** Work began: no call until `resume`. */
  pause(): void {
    this.#idleSince = undefined;
    this.#arm();
  }

  /** Work ended: the time counts from now. */
  resume(): void {
    this.#idleSince = performance.now();
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.pause();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const remaining = this.remainingMs;
    this.#timer = remaining === undefined ? undefined : setTimeout(this.#onIdle, remaining);
  }
}
