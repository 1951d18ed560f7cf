import type { RuntimeSignals } from "../../runtime.ts";

/**
 * The memory that a host and its worker share for stopping a cell.
 *
 * There are two ways to an interpreter. A posted call reaches a worker whose event loop is free: the
 * cell waits then, and its wait is cancelled. A signal reaches a cell that computes: the interpreter
 * looks for it between instructions. The host cannot know which way is open, so it offers an interrupt to
 * both, and only one of them takes it.
 *
 * One number of the memory holds the interrupt's own number and its phase, so that a call that comes late
 * takes no other interrupt than its own.
 */
const STATE = 0;
const KILLED = 1;
/** Not zero when the interpreter should look at the other numbers. */
const ATTENTION = 2;
const CELLS = 3;
const SIGINT = 2;

/** The phase of an interrupt that the call has taken, or that was withdrawn. */
const OVER = 0;
/** The phase of an interrupt that nobody has taken yet. */
const RAISED = 1;
/** The phase of an interrupt that the interpreter has taken. */
const STRUCK = 2;
const PHASE_BITS = 2;
const PHASES = 0b11;

/** Taken before user code could replace it. */
const monotonic = performance.now.bind(performance);

/** Makes the memory for one worker. */
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

  /** Begins an interrupt and returns its number, with which a call can take it. One at a time. */
  raise(): number {
    this.#last = (this.#last + 1) >>> 0;
    Atomics.store(this.#cells, STATE, state(this.#last, RAISED));
    Atomics.store(this.#cells, ATTENTION, 1);
    return this.#last;
  }

  /**
   * Resolves when an interrupt was taken or withdrawn, which may be never. It is the worker, not this, that
   * keeps the program alive meanwhile.
   */
  async settled(number: number): Promise<void> {
    await Atomics.waitAsync(this.#cells, STATE, state(number, RAISED)).value;
  }

  /** Takes an interrupt back; false when it was taken. */
  withdraw(number: number): boolean {
    return remove(this.#cells, number);
  }

  /** Returns true when the interpreter has taken the interrupt. */
  hasStruck(number: number): boolean {
    return Atomics.load(this.#cells, STATE) === state(number, STRUCK);
  }

  /** Withdraws the last interrupt when its execution is over: it would strike the next one. */
  withdrawLast(): void {
    this.withdraw(this.#last);
  }

  /** Tells the thread that it is not wanted any more. */
  kill(): void {
    Atomics.store(this.#cells, KILLED, 1);
    Atomics.store(this.#cells, ATTENTION, 1);
  }
}

/** The worker's side. */
export class SignalReceiver implements RuntimeSignals {
  readonly attention: Int32Array;
  readonly #cells: Int32Array;
  readonly #now: () => number;
  #listening = false;
  /** The state in which an interrupt was first asked for with patience, and the time of that. */
  #seen = 0;
  #seenAt = 0;

  /** `now` returns milliseconds. */
  constructor(memory: SharedArrayBuffer, now: () => number = monotonic) {
    this.#cells = new Int32Array(memory);
    this.attention = this.#cells.subarray(ATTENTION, ATTENTION + 1);
    this.#now = now;
  }

  /** True when the thread is not wanted any more. */
  get killed(): boolean {
    return Atomics.load(this.#cells, KILLED) === 1;
  }

  /** Takes the interrupt of that number for a call; false when it is taken or withdrawn. */
  claim(number: number): boolean {
    return remove(this.#cells, number);
  }

  /** Lets the interpreter take an interrupt that was claimed, unless there is another one meanwhile. */
  giveBack(number: number): void {
    replace(this.#cells, state(number, OVER), state(number, RAISED));
  }

  get pending(): boolean {
    return this.#isForPython(Atomics.load(this.#cells, STATE));
  }

  take(patienceMs: number): number {
    if (this.killed) throw new Error("the kernel was terminated");
    const current = Atomics.load(this.#cells, STATE);
    if (!this.#isForPython(current)) return 0;
    if (patienceMs > 0) {
      if (current !== this.#seen) {
        this.#seen = current;
        this.#seenAt = this.#now();
      }
      if (this.#now() - this.#seenAt < patienceMs) return 0;
    }
    return replace(this.#cells, current, (current & ~PHASES) | STRUCK) ? SIGINT : 0;
  }

  listen(running: boolean): void {
    this.#listening = running;
  }

  #isForPython(current: number): boolean {
    return this.#listening && (current & PHASES) === RAISED;
  }
}

function state(number: number, phase: number): number {
  return (number << PHASE_BITS) | phase;
}

/** Ends an interrupt that nobody has taken; false when there is none of that number. */
function remove(cells: Int32Array, number: number): boolean {
  return replace(cells, state(number, RAISED), state(number, OVER));
}

function replace(cells: Int32Array, before: number, after: number): boolean {
  if (Atomics.compareExchange(cells, STATE, before, after) !== before) return false;
  Atomics.notify(cells, STATE);
  return true;
}
