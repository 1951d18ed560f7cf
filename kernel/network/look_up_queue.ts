/** Runs look-ups, some of them at a time; the others wait, in order. */
export class LookUpQueue {
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #free: number;
  #failure: Error | undefined;

  /** `count` is the number of look-ups that run at a time. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs a look-up when it is its turn. Rejects when the queue has ended. */
  async run<T>(lookUp: () => Promise<T>): Promise<T> {
    if (this.#failure) throw this.#failure;
    if (this.#free > 0) this.#free--;
    else await this.#turn();
    try {
      return await lookUp();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.resolve();
      else this.#free++;
    }
  }

  /** Refuses the look-ups that wait, and all later ones. */
  end(failure: Error): void {
    this.#failure = failure;
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }

  #turn(): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    return turn.promise;
  }
}
