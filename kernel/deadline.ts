import { type Clock, systemClock } from "./clock.ts";

/** Options for {@linkcode within} and {@linkcode delay}. */
export interface WaitOptions {
  /** Ends the wait early. */
  signal?: AbortSignal | undefined;
  /** Measures the time. @default the machine's */
  clock?: Clock | undefined;
}

/**
 * Waits for a promise: settles as it does, resolves with undefined after `timeoutMs`, or rejects with the
 * signal's reason, whichever comes first.
 */
export async function within<T>(
  timeoutMs: number,
  promise: Promise<T>,
  { signal, clock = systemClock }: WaitOptions = {},
): Promise<T | undefined> {
  signal?.throwIfAborted();
  const ended = Promise.withResolvers<undefined>();
  const onAbort = () => ended.reject(signal!.reason);
  signal?.addEventListener("abort", onAbort);
  using _timer = Number.isFinite(timeoutMs)
    ? clock.after(timeoutMs, () => ended.resolve(undefined))
    : undefined;
  try {
    return await Promise.race([promise, ended.promise]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    promise.catch(() => {}); // It may reject when nobody waits for it any more.
  }
}

/** Settles as the promise does, or rejects with the signal's reason if that comes first. */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return await within(Infinity, promise, { signal }) as T;
}

/** Resolves after a time in milliseconds, or as soon as the signal aborts. */
export async function delay(ms: number, options: WaitOptions = {}): Promise<void> {
  if (options.signal?.aborted) return;
  await within(ms, new Promise<never>(() => {}), options).catch(() => {});
}
