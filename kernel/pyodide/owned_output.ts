import { OutputLimits } from "../limits/output_limits.ts";
import type { RuntimeSink } from "../runtime.ts";
import type { StreamName } from "../streams.ts";

/**
 * The output that is let through beyond the limit, so that the host, which enforces it, sees that there was
 * more. The rest of a flood is dropped here, where it costs least.
 */
const OUTPUT_SLACK_BYTES = 64 * 1024;

/**
 * The output of one interpreter on its way to the sink: counted against the limit of the execution whose
 * code has its turn, and marked as that execution's.
 */
export class OwnedOutput {
  readonly #sink: Pick<RuntimeSink, "stream" | "own">;
  readonly #limits: OutputLimits;
  #current: string | null = null;
  #owner: string | null = null;
  /** The owner that the sink knows. It is told when there is text, since code takes turns often. */
  #told: string | null = null;

  /** Each execution may show so many bytes. */
  constructor(sink: Pick<RuntimeSink, "stream" | "own">, outputBytes: number) {
    this.#sink = sink;
    this.#limits = new OutputLimits(outputBytes + OUTPUT_SLACK_BYTES);
  }

  /** Begins to count the output of an execution. */
  begin(executionId: string): void {
    this.#current = executionId;
    this.#limits.begin(executionId);
  }

  /** Makes output from here on an execution's; null: that of the one that was begun last. */
  own(executionId: string | null): void {
    this.#owner = executionId;
  }

  /** Counts an event, and returns true when it may be shown. */
  admits(bytes: number): boolean {
    return this.#limit.admits(bytes);
  }

  /** Writes the part that the limit admits, in whole characters. */
  write(name: StreamName, bytes: Uint8Array): void {
    let shown = this.#limit.take(bytes.length);
    if (shown < bytes.length) { while (shown > 0 && (bytes[shown]! & 0xc0) === 0x80) shown--; }
    if (shown === 0) return;
    // Named also when it was begun last: the host may have begun the next one already.
    const owner = this.#owner ?? this.#current;
    if (owner !== this.#told) {
      this.#told = owner;
      this.#sink.own(owner);
    }
    this.#sink.stream(name, shown < bytes.length ? bytes.subarray(0, shown) : bytes);
  }

  /** Returns the bytes of an execution that were dropped. */
  droppedOf(executionId: string): number {
    return this.#limits.of(executionId).dropped;
  }

  /** Counts all output from zero. */
  reset(): void {
    this.#limits.reset();
  }

  get #limit() {
    return this.#limits.of(this.#owner ?? this.#current);
  }
}
