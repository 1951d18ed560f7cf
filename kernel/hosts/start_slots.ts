import { type Clock, systemClock } from "../clock.ts";
import { KernelError } from "../errors.ts";

/** The time that a start may wait for its turn, in milliseconds. */
const DEADLINE_MS = 120_000;

/**
 * Lets a number of starts go on at a time; the others wait, in order. Starts that share the processors all
 * end late; in turns the first kernels are there soon, and all of them hardly later.
 */
export class StartSlots {
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;
  #free: number;

  /** `count` is the number of starts that may go on at a time. */
  constructor(count: number, clock: Clock = systemClock) {
    this.#free = count;
    this.#clock = clock;
  }

  /**
   * Resolves when it is this start's turn; disposing the slot ends it. Gives up when `abandoned` settles.
   *
   * @throws {KernelError} `timeout` when the turn does not come, `kernel_dead` when it is abandoned.
   */
  async take(abandoned: Promise<unknown>): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(abandoned);
    return { [Symbol.dispose]: () => this.#release() };
  }

  async #turn(abandoned: Promise<unknown>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const giveUp = (error: KernelError) => {
      // A start that has its turn already keeps it.
      if (this.#waiting.delete(resolve)) reject(error);
    };
    using _timer = this.#clock.after(
      DEADLINE_MS,
      () => giveUp(new KernelError("timeout", `Too many starts: none for ${DEADLINE_MS / 1000} s`)),
    );
    void abandoned.then(() =>
      giveUp(new KernelError("kernel_dead", "It was ended before its start"))
    );
    await promise;
  }

  #release(): void {
    const [next] = this.#waiting;
    if (!next) return void this.#free++;
    this.#waiting.delete(next);
    next();
  }
}
