import type { RuntimeSignals } from "../pyodide/runtime.ts";

/**
 * The memory that a host and its worker share for stopping Python.
 *
 * There are two ways to Python. A posted call reaches a worker whose event loop is free: Python waits
 * there, and what it waits for is cancelled. A signal reaches Python that computes: the interpreter
 * looks for it between bytecodes. The host cannot know which one will arrive, so an interrupt is
 * offered to both, and whoever takes it takes it alone. The call gets a little time for itself first:
 * what computes may be a background task, beside a cell that waits.
 *
 * One cell holds the interrupt's number and its phase, so that a call that comes late takes no other
 * interrupt than its own.
 */
const STATE = 0;
const KILLED = 1;
const CELLS = 2;
const SIGINT = 2;

/** Nobody can take it any more: it was taken by the call, or withdrawn. */
const OVER = 0;
/** The call may take it. */
const OFFERED = 1;
/** The interpreter may take it, too. */
const RAISED = 2;
/** The interpreter has taken it. */
const STRUCK = 3;
const PHASE_BITS = 2;
const PHASES = 0b11;

/** Memory for one worker. */
export function createInterrupts(): SharedArrayBuffer {
  return new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
}

/** The host's side. */
export class Interrupts {
  readonly #cells: Int32Array;
  #last = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
  }

  /** Begins an interrupt, which a call with its number may take. One at a time. */
  offer(): number {
    this.#last = (this.#last + 1) >>> 0;
    Atomics.store(this.#cells, STATE, state(this.#last, OFFERED));
    return this.#last;
  }

  /** Lets the interpreter take an interrupt that the call has not taken. */
  raise(number: number): void {
    replace(this.#cells, state(number, OFFERED), state(number, RAISED));
  }

  /**
   * Resolves when a raised interrupt was taken or withdrawn, or after a time in milliseconds. It is the
   * worker, not this, that keeps the program alive meanwhile.
   */
  async settled(number: number, timeoutMs: number): Promise<void> {
    await Atomics.waitAsync(this.#cells, STATE, state(number, RAISED), timeoutMs).value;
  }

  /** Takes an interrupt back; false when it was taken. */
  withdraw(number: number): boolean {
    return remove(this.#cells, number);
  }

  /** Whether it was the interpreter that took it. */
  hasStruck(number: number): boolean {
    return Atomics.load(this.#cells, STATE) === state(number, STRUCK);
  }

  /** Takes back what was not taken, as its execution is over: it would strike the next one. */
  withdrawLast(): void {
    this.withdraw(this.#last);
  }

  /** Tells the thread that it is not wanted any more. */
  kill(): void {
    Atomics.store(this.#cells, KILLED, 1);
  }
}

/** The worker's side. */
export class SignalReceiver implements RuntimeSignals {
  readonly #cells: Int32Array;
  #listening = false;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
  }

  /** Whether the thread is not wanted any more. */
  get killed(): boolean {
    return Atomics.load(this.#cells, KILLED) === 1;
  }

  /** Takes the interrupt that a call came for; false when there is nothing left to take. */
  claim(number: number): boolean {
    return remove(this.#cells, number);
  }

  /** Takes the signal that was raised; throws to stop an interpreter that is not wanted any more. */
  take(): number {
    if (this.killed) throw new Error("the kernel was terminated");
    const current = Atomics.load(this.#cells, STATE);
    if (!this.#listening || (current & PHASES) !== RAISED) return 0;
    return replace(this.#cells, current, current | STRUCK) ? SIGINT : 0;
  }

  listen(running: boolean): void {
    this.#listening = running;
  }
}

function state(number: number, phase: number): number {
  return (number << PHASE_BITS) | phase;
}

/** Answers whether it was there to be taken. */
function remove(cells: Int32Array, number: number): boolean {
  const over = state(number, OVER);
  return replace(cells, state(number, OFFERED), over) ||
    replace(cells, state(number, RAISED), over);
}

function replace(cells: Int32Array, before: number, after: number): boolean {
  if (Atomics.compareExchange(cells, STATE, before, after) !== before) return false;
  Atomics.notify(cells, STATE);
  return true;
}
