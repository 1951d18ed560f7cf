/** The state of a stream, in the words of `poll`. */
export interface Readiness {
  /** There are bytes to read, or the other side has ended. */
  readable: boolean;
  /** The number of bytes to read. */
  available: number;
  /** There is room to write. */
  writable: boolean;
  /** Nothing can be read or written any more. */
  hungUp: boolean;
}

/** Bytes that come and go, without waiting. */
export interface ByteStream {
  readonly readiness: Readiness;
  /**
   * Removes and returns at most `max` bytes of those that have come: null when the other side has ended, and
   * undefined when there are none yet. With `peeking` they are left in place. Throws the error that has ended
   * the stream.
   */
  read(max: number, peeking?: boolean): Uint8Array | null | undefined;
  /** Returns the number of bytes that it has taken over; 0 when there is no room. Throws like `read`. */
  write(bytes: Uint8Array): number;
  /** Ends this side: no more is written. What was written before is still sent. */
  endWriting(): void;
  /** Ends both sides. */
  close(): void;
  /** Resolves at the next change of the readiness. */
  changed(): Promise<void>;
}

/** Promises that all resolve at the next notice. */
export class Notice {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next `give`. */
  wait(): Promise<void> {
    return (this.#next ??= Promise.withResolvers()).promise;
  }

  give(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}

/** Chunks of bytes that are read in any portions. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Removes and returns at most `max` bytes. With `peeking` they are left. */
  take(max: number, peeking = false): Uint8Array {
    const [first = new Uint8Array()] = this.#chunks;
    if (first.length >= max || this.#chunks.length <= 1) {
      const taken = first.subarray(0, max);
      if (!peeking) this.#drop(taken.length);
      return taken;
    }
    const taken = new Uint8Array(Math.min(max, this.#bytes));
    let at = 0;
    for (const chunk of this.#chunks) {
      if (at === taken.length) break;
      const part = chunk.subarray(0, taken.length - at);
      taken.set(part, at);
      at += part.length;
    }
    if (!peeking) this.#drop(at);
    return taken;
  }

  /** Removes the first bytes. */
  #drop(size: number): void {
    this.#bytes -= size;
    let rest = size;
    while (rest > 0 && rest >= this.#chunks[0]!.length) rest -= this.#chunks.shift()!.length;
    if (rest > 0) this.#chunks[0] = this.#chunks[0]!.subarray(rest);
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
  }
}
