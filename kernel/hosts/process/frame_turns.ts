import { setImmediate } from "node:timers/promises";

/** The size from which a frame has to wait for its turn, in bytes. */
const LARGE_BYTES = 256 * 1024;

/**
 * Lets the frames of all processes be read in turns. Parsing a large frame blocks this thread for a moment;
 * between two large frames the thread does its other work, however many processes send such frames.
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
