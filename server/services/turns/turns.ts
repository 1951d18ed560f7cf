/** Runs asynchronous tasks one after the other for each key, in the order in which they are given. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a task after the earlier ones of its key, whatever became of them; settles as the task does. */
  take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(task);
    const ended = turn.then(() => {}, () => {}).then(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    });
    this.#last.set(key, ended);
    return turn;
  }

  /** Resolves when the tasks that were given so far have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
