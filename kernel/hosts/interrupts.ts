import type { RuntimeSignals } from "../pyodide/runtime.ts";

/**
 * The memory that a host and its worker share for stopping Python.
 *
 * An interrupt has two phases. First the host posts a call, which reaches a worker whose event loop is
 * free: Python waits there, and what it waits for is cancelled. If no answer comes, Python computes,
 * and the host writes the signal, which the interpreter looks at between bytecodes. The posted call is
 * then stale: it would strike whatever waits next, so the host marks it as withdrawn.
 */
const SIGNAL = 0;
const WITHDRAWN = 1;
const KILLED = 2;
const CELLS = 3;
const SIGINT = 2;

/** Memory for one worker. */
export function createInterrupts(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
}

/** Both sides' view of the memory. */
export class Interrupts {
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
  }

  /** Writes the signal for Python that computes. */
  raise(): void {
    Atomics.store(this.#cells, SIGNAL, SIGINT);
  }

  /** Whether a signal was written that Python has not taken yet. */
  get pending(): boolean {
    return Atomics.load(this.#cells, SIGNAL) === SIGINT;
  }

  /** Takes the signal back; true when Python had not taken it. */
  takeBack(): boolean {
    return Atomics.compareExchange(this.#cells, SIGNAL, SIGINT, 0) === SIGINT;
  }

  /** Marks posted interrupts up to this number as stale. */
  withdraw(number: number): void {
    Atomics.store(this.#cells, WITHDRAWN, number);
  }

  /** Whether a posted interrupt is stale. */
  isWithdrawn(number: number): boolean {
    return number <= Atomics.load(this.#cells, WITHDRAWN);
  }

  /** Tells the thread that it is not wanted any more. */
  kill(): void {
    Atomics.store(this.#cells, KILLED, 1);
  }

  /** Whether the thread is not wanted any more. */
  get killed(): boolean {
    return Atomics.load(this.#cells, KILLED) === 1;
  }
}

/** The worker's side: what its interpreter asks between bytecodes. */
export class SignalReceiver implements RuntimeSignals {
  readonly #interrupts: Interrupts;
  readonly #cells: Int32Array;
  #listening = false;

  constructor(memory: SharedArrayBuffer) {
    this.#interrupts = new Interrupts(memory);
    this.#cells = new Int32Array(memory);
  }

  /** Takes the signal that was sent; throws to stop an interpreter that is not wanted any more. */
  take(): number {
    if (this.#interrupts.killed) throw new Error("the kernel was terminated");
    return this.#listening ? Atomics.exchange(this.#cells, SIGNAL, 0) : 0;
  }

  /** Forgets a signal that came too late for the last cell. */
  listen(running: boolean): void {
    this.#listening = running;
    Atomics.store(this.#cells, SIGNAL, 0);
  }
}
