import type { StreamName } from "../streams.ts";
import { OutputLimit } from "./output_limit.ts";

/**
 * The output that is let through beyond the limit, so that the host, which enforces it, sees that there was
 * more. The rest of a flood is dropped here, where it costs least.
 */
const SLACK_BYTES = 64 * 1024;

/** The standard streams of an interpreter, which are cut at the limit of output. */
export class LimitedOutput {
  readonly #limit: OutputLimit;
  readonly #write: (name: StreamName, bytes: Uint8Array) => void;
  readonly #encoder = new TextEncoder();

  /** The limit is in bytes; `write` gets what the limit admits. */
  constructor(limit: number, write: (name: StreamName, bytes: Uint8Array) => void) {
    this.#limit = new OutputLimit(limit + SLACK_BYTES);
    this.#write = write;
  }

  /** The output of this execution that was dropped, in bytes. */
  get dropped(): number {
    return this.#limit.dropped;
  }

  /** Counts from zero: the next execution begins. */
  reset(): void {
    this.#limit.reset();
  }

  /** Writes a text. */
  print(name: StreamName, text: string): void {
    this.write(name, this.#encoder.encode(text));
  }

  /** Writes the part that the limit admits, in whole characters. */
  write(name: StreamName, bytes: Uint8Array): void {
    let shown = this.#limit.take(bytes.length);
    if (shown < bytes.length) { while (shown > 0 && (bytes[shown]! & 0xc0) === 0x80) shown--; }
    if (shown > 0) this.#write(name, shown < bytes.length ? bytes.subarray(0, shown) : bytes);
  }
}
