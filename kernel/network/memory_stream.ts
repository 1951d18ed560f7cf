import { ByteQueue, type ByteStream, Notice, type Readiness } from "./byte_stream.ts";

/** The most bytes that were written and not taken. */
const MAX_BUFFERED = 512 * 1024;

/** A connection whose bytes somebody else carries. */
export class MemoryStream implements ByteStream {
  readonly #incoming = new ByteQueue();
  readonly #outgoing = new ByteQueue();
  readonly #changed = new Notice();
  #ended = false;

  get readiness(): Readiness {
    return {
      readable: this.#ended || this.#incoming.bytes > 0,
      available: this.#incoming.bytes,
      writable: this.#outgoing.bytes < MAX_BUFFERED,
      hungUp: this.#ended,
    };
  }

  /** Takes bytes that have come from the other side. */
  feed(bytes: Uint8Array): void {
    this.#incoming.push(bytes);
    this.#changed.give();
  }

  /** Takes note that the other side has ended. */
  feedEnd(): void {
    this.#ended = true;
    this.#changed.give();
  }

  /** Removes and returns the bytes that are for the other side. */
  takeOutgoing(): Uint8Array {
    const taken = this.#outgoing.take(this.#outgoing.bytes);
    this.#changed.give();
    return taken;
  }

  read(max: number, peeking = false): Uint8Array | null | undefined {
    if (this.#incoming.bytes > 0) return this.#incoming.take(max, peeking);
    return this.#ended ? null : undefined;
  }

  write(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, Math.max(0, MAX_BUFFERED - this.#outgoing.bytes));
    this.#outgoing.push(bytes.slice(0, taken));
    return taken;
  }

  /** Does nothing: whoever carries the bytes ends the connection. */
  endWriting(): void {}

  close(): void {
    this.feedEnd();
  }

  changed(): Promise<void> {
    return this.#changed.wait();
  }
}
