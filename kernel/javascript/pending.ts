/** The things that a program waits for: its timers, requests and other work that goes on without it. */
import type { ModuleExports } from "./modules.ts";

/** Taken before the globals are reduced and user code runs. */
const { setTimeout: startTimer, clearTimeout: stopTimer, crypto: ownCrypto, fetch: ownFetch } =
  globalThis;
const { Response: OwnResponse, WebAssembly: OwnWebAssembly } = globalThis;

/** The time between two looks for a stop while a program waits, in milliseconds. */
const LOOK_MS = 20;
/** The turns of the event loop in which the promises and streams of a program come to rest. */
const QUIET_TURNS = 4;

type Callback = (...args: unknown[]) => void;

/** Options for {@linkcode Pending}. */
export interface PendingOptions {
  /** Returns true when nothing is to be waited for any more. */
  isStopped(): boolean;
  /** Receives what a callback has thrown. */
  onError(error: unknown): void;
}

/** A timer, as Node's functions return it. */
class Timer {
  readonly id: number;
  readonly #pending: Pending;
  isRef = true;

  constructor(id: number, pending: Pending) {
    this.id = id;
    this.#pending = pending;
  }

  ref(): this {
    this.isRef = true;
    return this;
  }

  unref(): this {
    this.isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.isRef;
  }

  refresh(): this {
    this.#pending.refresh(this);
    return this;
  }

  close(): this {
    this.#pending.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

/** Counts what one program waits for. */
export class Pending {
  readonly #options: PendingOptions;
  readonly #timers = new Map<number, { timer: Timer; start(): void; stop(): void }>();
  #work = 0;
  #nextId = 1;
  /** True while the program is being executed or waited for. */
  running = false;

  constructor(options: PendingOptions) {
    this.#options = options;
  }

  /** Executes code and waits until nothing is left; then, or when it is to stop, its timers end. */
  async settle(work: () => Promise<void>): Promise<void> {
    this.running = true;
    let outcome: { error: unknown } | "done" | undefined;
    try {
      work().then(() => outcome = "done", (error) => outcome = { error })
        .finally(() => this.#wake?.());
      for (let quiet = 0; quiet < QUIET_TURNS;) {
        if (this.#options.isStopped()) break;
        const busy = outcome === undefined || this.#work > 0 ||
          [...this.#timers.values()].some(({ timer }) => timer.isRef);
        if (typeof outcome === "object") throw outcome.error;
        quiet = busy ? 0 : quiet + 1;
        await this.#turn(busy);
      }
    } finally {
      this.running = false;
      for (const { stop } of this.#timers.values()) stop();
      this.#timers.clear();
    }
  }

  /** Notes that a promise is waited for. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#work++;
    return promise.finally(() => {
      this.#work--;
      this.#wake?.();
    });
  }

  refresh(timer: Timer): void {
    const known = this.#timers.get(timer.id);
    known?.stop();
    known?.start();
  }

  clear(timer: unknown): void {
    const id = timer instanceof Timer ? timer.id : Number(timer);
    this.#timers.get(id)?.stop();
    this.#timers.delete(id);
    this.#wake?.();
  }

  /** The globals by which a program begins what it waits for. */
  globals(networked: boolean): Record<string, unknown> {
    const clear = (timer: unknown) => this.clear(timer);
    return {
      setTimeout: (run: Callback, ms?: number, ...args: unknown[]) =>
        this.#timer(run, ms, args, false),
      setInterval: (run: Callback, ms?: number, ...args: unknown[]) =>
        this.#timer(run, ms, args, true),
      setImmediate: (run: Callback, ...args: unknown[]) => this.#timer(run, 0, args, false),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
      queueMicrotask: (run: Callback) => void Promise.resolve().then(() => this.#call(run, [])),
      crypto: this.#trackedObject(ownCrypto, { subtle: this.#trackedObject(ownCrypto.subtle) }),
      WebAssembly: this.#trackedObject(OwnWebAssembly),
      ...(networked && {
        fetch: (...args: Parameters<typeof fetch>) => this.track(fetchWhole(...args)),
      }),
    };
  }

  /** The modules of Node with the same functions. */
  get modules(): Record<string, ModuleExports> {
    const { setTimeout, setInterval, setImmediate, clearTimeout } = this.globals(false);
    const timers = { setTimeout, setInterval, setImmediate, clearTimeout };
    const all = { ...timers, clearInterval: clearTimeout, clearImmediate: clearTimeout };
    const later = (ms?: number, value?: unknown) =>
      new Promise((resolve) => this.#timer(() => resolve(value), ms, [], false));
    const promises = {
      setTimeout: later,
      setImmediate: (value?: unknown) => later(0, value),
      scheduler: { wait: later, yield: () => later(0) },
    };
    return {
      "timers": { ...all, promises, default: { ...all, promises } },
      "timers/promises": { ...promises, default: promises },
    };
  }

  #wake: (() => void) | undefined;

  #timer(run: Callback, ms: unknown, args: unknown[], repeats: boolean): Timer {
    const id = this.#nextId++;
    const timer = new Timer(id, this);
    const delay = Math.max(repeats ? 1 : 0, Number(ms) || 0);
    let handle: ReturnType<typeof startTimer>;
    const start = () => {
      handle = startTimer(() => {
        if (repeats) start();
        else this.#timers.delete(id);
        this.#call(run, args);
        this.#wake?.();
      }, delay);
    };
    this.#timers.set(id, { timer, start, stop: () => stopTimer(handle) });
    start();
    return timer;
  }

  #call(run: Callback, args: unknown[]): void {
    try {
      run(...args);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Waits for the next thing to happen, or for one turn of the event loop. */
  async #turn(busy: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = startTimer(resolve, busy ? LOOK_MS : 0);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    stopTimer(timer);
  }

  /** Makes an object like another one whose promises are waited for. */
  #trackedObject<T extends object>(target: T, own: Record<string, unknown> = {}): T {
    return new Proxy(target, {
      get: (_, name) => {
        if (typeof name === "string" && Object.hasOwn(own, name)) return own[name];
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function" || /^[A-Z]/.test(String(name))) return value;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, args);
          return result instanceof Promise ? this.track(result) : result;
        };
      },
    });
  }
}

/** Fetches an answer with its whole body, so that nothing of it is still on its way. */
async function fetchWhole(...args: Parameters<typeof fetch>): Promise<Response> {
  const answer = await ownFetch(...args);
  const { status, statusText, headers, url, redirected } = answer;
  const bytes = await answer.arrayBuffer();
  const empty = [101, 204, 205, 304].includes(status);
  const whole = new OwnResponse(empty ? null : bytes, { status, statusText, headers });
  return Object.defineProperties(whole, { url: { value: url }, redirected: { value: redirected } });
}
