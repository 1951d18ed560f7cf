import { setImmediate } from "node:timers/promises";

/** The size from which a frame has to wait for its turn, in bytes. */
const LARGE_BYTES = 256 * 1024;

/**
 * Lets the frames of all processes be read in turns. Reading a large one holds this thread up for a moment;
 * whatever else waits for the thread comes between two of them, however many processes send some.
 */
export class FrameTurns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when a frame of that size may be read. */
  async take(bytes: number): Promise<void> {
    if (bytes < LARGE_BYTES) return;
    const turn = this.#last.then(() => setImmediate());
    this.#last = turn;
    await turn;
  }
}
