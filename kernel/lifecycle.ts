import type { Clock } from "./clock.ts";
import { delay } from "./deadline.ts";
import { messageOf } from "./errors.ts";
import type { KernelStatus } from "./events.ts";
import type { HostEvent, KernelHost } from "./host.ts";

/** Options for {@linkcode Lifecycle}. */
export interface LifecycleOptions {
  /** Makes the host of a new interpreter. */
  createHost: (
    onEvent: (event: HostEvent) => void,
    onReachable: (reachable: boolean) => void,
  ) => KernelHost;
  /** Receives the events of the interpreter that is up, and of no earlier one. */
  onEvent: (event: HostEvent) => void;
  /** Called when the interpreter cannot be reached for the moment, and when it can be reached again. */
  onReachable: (reachable: boolean) => void;
  /** Called when the interpreter is being replaced, starts, is up, or is gone. */
  onStatus: (status: KernelStatus) => void;
  /** Called when the interpreter is gone or about to be: executions that wait will not run in it. */
  onLoss: () => void;
  /** Called when there will be no interpreter until somebody asks for one. */
  onEnd: (reason: string, threadLeaked: boolean) => void;
  /** Measures the pause before an interpreter that has ended is replaced. */
  clock: Clock;
}

/** The most interpreters in a row that end by themselves within a minute and are replaced. */
const MAX_RECOVERIES = 5;
const RECOVERY_WINDOW_MS = 60_000;

/** Owns the interpreter of one kernel: starts it, replaces it, and notices or causes its end. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  #host: KernelHost | undefined;
  /** The host that is being started. */
  #booting: KernelHost | undefined;
  /** The host that was ended for another one, which is not being started yet. */
  #replaced: KernelHost | undefined;
  #ready: Promise<void> = Promise.resolve();
  #endReason = "it was never started";
  #endCause: unknown;
  /** The reason of each interpreter's end: another one may be there, or gone, when somebody asks. */
  readonly #endReasons = new WeakMap<KernelHost, string>();
  #terminated = false;
  readonly #ending = new AbortController();
  /** The moments of the last recoveries, by the clock. */
  #recoveries: number[] = [];
  #termination: Promise<void> | undefined;
  /** True once the end was told. */
  #dead = false;

  /** Starts nothing yet. */
  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** The host of the interpreter that is up, if one is. */
  get host(): KernelHost | undefined {
    return this.#host;
  }

  /** Settles, without an error, when the start, replacement or end under way is over. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** The reason why there is no interpreter, or why the last one was replaced. */
  get endReason(): string {
    return this.#endReason;
  }

  /** Returns the reason why an interpreter has ended. */
  endReasonOf(host: KernelHost): string {
    return this.#endReasons.get(host) ?? this.#endReason;
  }

  /** The error that made the last start fail. */
  get endCause(): unknown {
    return this.#endCause;
  }

  /** True when the kernel was ended for good. */
  get terminated(): boolean {
    return this.#terminated;
  }

  /** Starts the first interpreter; afterwards `host` is undefined when it did not come up. */
  start(): Promise<void> {
    return this.#ready = this.#boot();
  }

  /** Ends the interpreter and starts another, after a pause if one is named; afterwards `host` is undefined when it did not come up. */
  replace(reason: string, delayMs = 0): Promise<void> {
    const before = this.#ready;
    this.#endReason = reason;
    this.#options.onStatus("restarting");
    const replaced = (async () => {
      await this.#dropHost(reason, true);
      await before;
      // A start that was under way has brought another one up meanwhile.
      await this.#dropHost(reason, true);
      if (delayMs > 0) {
        await delay(delayMs, { signal: this.#ending.signal, clock: this.#options.clock });
      }
      await this.#boot();
    })();
    this.#ready = replaced;
    this.#options.onLoss();
    return replaced;
  }

  /** Ends the interpreter for good, even one that starts. Idempotent. */
  terminate(reason: string): Promise<void> {
    return this.#termination ??= this.#terminate(reason);
  }

  async #terminate(reason: string): Promise<void> {
    this.#terminated = true;
    this.#ending.abort();
    this.#endReason = reason;
    const dropped = this.#dropHost(reason);
    this.#options.onLoss();
    await this.#booting?.terminate(reason);
    // It has left something for its successor, which will not come.
    await this.#replaced?.terminate(reason);
    const leaked = await dropped;
    await this.#ready;
    this.#tellEnd(reason, leaked);
  }

  async #boot(): Promise<void> {
    if (this.#terminated) return;
    this.#dead = false;
    this.#options.onStatus("starting");
    const host = this.#options.createHost(
      (event) => host === this.#host && this.#options.onEvent(event),
      (reachable) => host === this.#host && this.#options.onReachable(reachable),
    );
    this.#booting = host;
    this.#replaced = undefined;
    try {
      await host.start();
    } catch (error) {
      await host.terminate("it did not start");
      if (this.#terminated) return;
      this.#endReason = messageOf(error);
      this.#endCause = error;
      return this.#tellEnd(this.#endReason, false);
    } finally {
      this.#booting = undefined;
    }
    if (this.#terminated) return void await host.terminate(this.#endReason);
    this.#host = host;
    void host.exited.then((reason) => this.#lose(host, reason));
    this.#options.onStatus("idle");
  }

  /** Handles the end of an interpreter that ended by itself. */
  #lose(host: KernelHost, reason: string): void {
    if (host !== this.#host) return;
    if (host.recovery && this.#mayRecover()) {
      return void this.replace(reason, host.recovery.delayMs);
    }
    this.#endReason = reason;
    this.#ready = this.#dropHost(reason).then(() => {});
    this.#options.onLoss();
    this.#tellEnd(reason, false);
  }

  /** False when interpreters of this kernel end one after the other. */
  #mayRecover(): boolean {
    const now = this.#options.clock.now();
    this.#recoveries = [...this.#recoveries, now].filter((it) => it > now - RECOVERY_WINDOW_MS);
    return this.#recoveries.length <= MAX_RECOVERIES;
  }

  /** Ends the host; resolves with true when its thread was left behind. */
  async #dropHost(reason: string, replacing = false): Promise<boolean> {
    const host = this.#host;
    this.#host = undefined;
    if (host) this.#endReasons.set(host, reason);
    if (replacing) this.#replaced = host ?? this.#replaced;
    return (await host?.terminate(reason, { replacing }))?.leaked ?? false;
  }

  #tellEnd(reason: string, threadLeaked: boolean): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#options.onStatus("dead");
    this.#options.onEnd(reason, threadLeaked);
  }
}
