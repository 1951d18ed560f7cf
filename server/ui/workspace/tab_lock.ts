/** The longest time that another tab has to write what it has, in milliseconds. */
const HAND_OVER_MS = 2_000;

const channel = new BroadcastChannel("deno-code-interpreter-notebooks");

/**
 * A `TabLock` says that this tab has a notebook of the browser open: two tabs that keep one notebook would
 * overwrite each other.
 */
export class TabLock implements Disposable {
  readonly #release: () => void;
  readonly #onMessage: (event: MessageEvent) => void;

  private constructor(id: string, release: () => void, onWanted: () => void) {
    this.#release = release;
    this.#onMessage = ({ data }) => {
      if (data === id) onWanted();
    };
    channel.addEventListener("message", this.#onMessage);
  }

  /**
   * Takes the lock of a notebook; undefined if another tab has it. With `takeOver`, the other tab is asked
   * to give it up first. `onWanted` is called when another tab asks for it.
   */
  static async take(
    id: string,
    { takeOver = false, onWanted }: { takeOver?: boolean; onWanted: () => void },
  ): Promise<TabLock | undefined> {
    // Browsers have locks only for pages of this machine and pages over TLS.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) return new TabLock(id, () => {}, onWanted);
    if (takeOver) channel.postMessage(id);
    const name = `notebook:${id}`;
    const request = (options: LockOptions) => {
      const { promise: held, resolve: release } = Promise.withResolvers<void>();
      const { promise, resolve } = Promise.withResolvers<TabLock | undefined>();
      locks.request(name, options, (lock) => {
        if (!lock) return resolve(undefined);
        resolve(new TabLock(id, release, onWanted));
        return held;
        // A lock that another tab has stolen, or that did not come in time.
      }).catch(() => resolve(undefined));
      return promise;
    };
    if (!takeOver) return await request({ ifAvailable: true });
    return await request({ signal: AbortSignal.timeout(HAND_OVER_MS) }) ??
      await request({ steal: true });
  }

  [Symbol.dispose](): void {
    channel.removeEventListener("message", this.#onMessage);
    this.#release();
  }
}
