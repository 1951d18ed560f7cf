import { KernelError } from "../../../../kernel/mod.ts";

/** The most requests of a kernel's clients that wait for it, and the most bytes of theirs. */
const MAX_REQUESTS = 4_096;
const MAX_BYTES = 128 * 2 ** 20;

/** The requests to a kernel that wait for it: while a cell computes, clients could send more without an end. */
export class WaitingRequests {
  #count = 0;
  #bytes = 0;

  /**
   * Counts a request of that size until the result is disposed. The first one has room, however large it is.
   *
   * @throws {KernelError} `limit_exceeded` when too many wait.
   */
  add(bytes: number): Disposable {
    if (this.#count >= MAX_REQUESTS || (this.#count > 0 && this.#bytes + bytes > MAX_BYTES)) {
      throw new KernelError(
        "limit_exceeded",
        `Too many requests wait for the kernel (limits: ${MAX_REQUESTS} requests and ${MAX_BYTES} bytes)`,
      );
    }
    this.#count++;
    this.#bytes += bytes;
    return {
      [Symbol.dispose]: () => {
        this.#count--;
        this.#bytes -= bytes;
      },
    };
  }
}
