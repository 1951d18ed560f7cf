/**
 * A host learns from a Web Lock that a worker's thread has ended. A worker that calls `close()`, exits or
 * is terminated tells nobody; but a Web Lock that its thread holds is released by the runtime, however
 * the thread ends, and only then.
 */
interface LockManager {
  request<T>(name: string, callback: () => T | Promise<T>): Promise<T>;
}

/** Deno has Web Locks, its types do not. */
const { locks } = navigator as unknown as { locks: LockManager };

/** Holds the lock for as long as this thread lives. */
export function holdThreadLock(name: string): void {
  void locks.request(name, () => new Promise<never>(() => {}));
}

/** Resolves when the thread that holds the lock has ended. */
export async function threadEnd(name: string): Promise<void> {
  await locks.request(name, () => {});
}
