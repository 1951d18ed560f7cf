/**
 * Tells a host by a Web Lock that a worker's thread has ended. A worker that calls `close()`, exits or is
 * terminated sends no event, but the runtime releases the locks of a thread exactly when the thread ends.
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
