import type { KernelEvent, KernelEventOf, KernelEventType } from "./events.ts";

/** Is called with each event, in order. An error that it throws is reported and stops no other listener. */
export type KernelEventListener<T extends KernelEventType = KernelEventType> = (
  event: KernelEventOf<T>,
) => void;

/** Options for {@linkcode EventBus.stream}. */
export interface EventStreamOptions {
  /** Ends the stream. */
  signal?: AbortSignal;
  /** Selects the events for which it returns true. @default all */
  filter?: (event: KernelEvent) => boolean;
}

type AnyListener = (event: KernelEvent) => void;

/**
 * Hands the events of one kernel to its listeners, synchronously and in the order in which they
 * happened.
 */
export class EventBus {
  readonly #listeners = new Map<KernelEventType | "*", Set<AnyListener>>();
  readonly #closing = new AbortController();

  /** Calls `listener` for events of `type` (`"*"`: all) until the returned subscription is disposed. */
  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable {
    // The key narrows the type: a listener is only called with events of the type that it was added for.
    const added = listener as AnyListener;
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(added));
    return { [Symbol.dispose]: () => void listeners.delete(added) };
  }

  /** Removes a listener; false when it was not there. */
  off<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): boolean {
    return this.#listeners.get(type)?.delete(listener as AnyListener) ?? false;
  }

  /** Delivers one event. */
  emit(event: KernelEvent): void {
    for (const key of [event.type, "*"] as const) {
      for (const listener of [...this.#listeners.get(key) ?? []]) {
        try {
          listener(event);
        } catch (error) {
          console.error(`Listener for "${event.type}" of kernel "${event.kernelId}" threw:`, error);
        }
      }
    }
  }

  /**
   * The events from now on, until the signal aborts, the loop is left or the bus is closed. Events
   * wait in memory for a slow reader: none is dropped, so leave the loop when you stop reading.
   */
  stream(options: EventStreamOptions = {}): AsyncIterableIterator<KernelEvent> & AsyncDisposable {
    const { filter = () => true } = options;
    const waiting: KernelEvent[] = [];
    let wake: (() => void) | undefined;
    let ended = false;
    const subscription = this.on("*", (event) => {
      if (!filter(event)) return;
      waiting.push(event);
      wake?.();
    });
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#closing.signal])
      : this.#closing.signal;
    const end = () => {
      ended = true;
      subscription[Symbol.dispose]();
      signal.removeEventListener("abort", end);
      wake?.();
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    return {
      async next() {
        while (waiting.length === 0 && !ended) {
          await new Promise<void>((resolve) => wake = resolve);
        }
        const value = waiting.shift();
        return value ? { done: false, value } : { done: true, value: undefined };
      },
      return() {
        waiting.length = 0;
        end();
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      async [Symbol.asyncDispose]() {
        await this.return!();
      },
    };
  }

  /** Ends every stream once its waiting events are read, and forgets the listeners. */
  close(): void {
    this.#closing.abort();
    this.#listeners.clear();
  }
}
