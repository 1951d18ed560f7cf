import { type StreamName, type TextSink, Utf8Streams } from "../streams.ts";

/**
 * Carries a worker's output to its host through shared memory. A worker that computes cannot post a
 * message later, so a batch that it kept back would stay unseen for as long as it computes; bytes in
 * the ring are the host's to fetch at once. A full ring makes the writer wait, so that a flood never
 * grows the host.
 *
 * Layout: two counters of bytes ever written and ever read (they wrap around), then the data, a
 * sequence of frames: a 32-bit header (stream in its highest bit, length in the rest) and the bytes.
 * An empty frame is a barrier: an event was posted here, and what follows is shown after it.
 */
const WRITTEN = 0;
const READ = 1;
const COUNTERS_BYTES = 8;
const HEADER_BYTES = 4;
const STDERR_BIT = 0x8000_0000;
/** How long a writer sleeps on a full ring before it looks for an interrupt, in milliseconds. */
const FULL_WAIT_MS = 20;
/** How long a reader gathers before it looks again, in milliseconds. */
const GATHER_MS = 4;

/** A ring for about `capacity` bytes, a power of two. */
export function createRing(capacity = 256 * 1024): SharedArrayBuffer {
  return new SharedArrayBuffer(COUNTERS_BYTES + capacity);
}

/** The worker's side. */
export class RingWriter {
  readonly #counters: Int32Array;
  readonly #data: Uint8Array;
  readonly #onFull: () => void;

  /** `onFull` is called now and then while the ring is full; it may throw to give up the write. */
  constructor(ring: SharedArrayBuffer, onFull: () => void) {
    this.#counters = new Int32Array(ring, 0, 2);
    this.#data = new Uint8Array(ring, COUNTERS_BYTES);
    this.#onFull = onFull;
  }

  /** Where the output stands: messages carry it, so that what was written before is shown before. */
  get position(): number {
    return Atomics.load(this.#counters, WRITTEN);
  }

  /** Keeps what is written from now on behind the event that carries the returned position. */
  barrier(): number {
    this.#writeFrame("stdout", new Uint8Array());
    return this.position;
  }

  /** Writes it all, waiting for the reader where there is no room. */
  write(name: StreamName, bytes: Uint8Array): void {
    const most = this.#data.length / 2;
    for (let from = 0; from < bytes.length; from += most) {
      this.#writeFrame(name, bytes.subarray(from, from + most));
    }
  }

  #writeFrame(name: StreamName, bytes: Uint8Array): void {
    const needed = HEADER_BYTES + bytes.length;
    const written = Atomics.load(this.#counters, WRITTEN);
    for (;;) {
      const read = Atomics.load(this.#counters, READ);
      if (this.#data.length - ((written - read) >>> 0) >= needed) break;
      Atomics.wait(this.#counters, READ, read, FULL_WAIT_MS);
      this.#onFull();
    }
    this.#putHeader(written, bytes.length | (name === "stderr" ? STDERR_BIT : 0));
    this.#put(written + HEADER_BYTES, bytes);
    Atomics.store(this.#counters, WRITTEN, (written + needed) | 0);
    Atomics.notify(this.#counters, WRITTEN);
  }

  #putHeader(position: number, header: number): void {
    const { length } = this.#data;
    for (let byte = 0; byte < HEADER_BYTES; byte++) {
      this.#data[((position + byte) >>> 0) % length] = header >>> (24 - 8 * byte);
    }
  }

  #put(position: number, bytes: Uint8Array): void {
    const start = (position >>> 0) % this.#data.length;
    const room = this.#data.length - start;
    if (bytes.length <= room) return this.#data.set(bytes, start);
    this.#data.set(bytes.subarray(0, room), start);
    this.#data.set(bytes.subarray(room), 0);
  }
}

/** The host's side. What it reads was written by a worker that may be hostile: it trusts no number. */
export class RingReader {
  readonly #counters: Int32Array;
  readonly #data: Uint8Array;
  readonly #text: Utf8Streams;
  readonly #onCorrupt: (reason: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Hands on text as it arrives; `onCorrupt` is called once if the ring makes no sense. */
  constructor(ring: SharedArrayBuffer, sink: TextSink, onCorrupt: (reason: string) => void) {
    this.#counters = new Int32Array(ring, 0, 2);
    this.#data = new Uint8Array(ring, COUNTERS_BYTES);
    this.#text = new Utf8Streams(sink);
    this.#onCorrupt = onCorrupt;
    this.#watch();
  }

  /** Hands on what was written up to a writer's `position`. */
  drainTo(position: number): void {
    if (this.#closed) return;
    const read = Atomics.load(this.#counters, READ);
    const available = (Atomics.load(this.#counters, WRITTEN) - read) >>> 0;
    const wanted = (position - read) >>> 0;
    // A position that lies behind was drained already.
    if (wanted <= available) this.#read(read, wanted, true);
    this.#text.flush();
  }

  /** Stops looking. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    Atomics.notify(this.#counters, WRITTEN);
  }

  #watch(): void {
    const seen = Atomics.load(this.#counters, READ);
    const change = Atomics.waitAsync(this.#counters, WRITTEN, seen);
    if (change.async) void change.value.then(() => this.#gather());
    else this.#gather();
  }

  /** Hands on what is there at once, then lets more gather, so that many prints become one event. */
  #gather(): void {
    if (this.#closed) return;
    const read = Atomics.load(this.#counters, READ);
    const length = (Atomics.load(this.#counters, WRITTEN) - read) >>> 0;
    this.#read(read, length, false);
    this.#text.flush();
    if (this.#closed) return;
    // A writer that fills the ring waits for this side.
    const isFlood = length > this.#data.length / 4;
    this.#timer = setTimeout(() => this.#watch(), isFlood ? 0 : GATHER_MS);
  }

  #read(from: number, length: number, pastBarriers: boolean): void {
    if (length > this.#data.length) return this.#fail("it holds more than it can");
    const bytes = this.#copyOut(from, length);
    const headers = new DataView(bytes.buffer);
    let position = 0;
    // Frames of one stream are moved together, so that their text is made at once.
    let stream: StreamName = "stdout";
    let packed = 0;
    const unpack = () => {
      if (packed > 0) this.#text.write(stream, bytes.subarray(0, packed));
      packed = 0;
    };
    while (position < length) {
      if (length - position < HEADER_BYTES) return this.#fail("it ends within a header");
      const header = headers.getUint32(position);
      const size = (header & ~STDERR_BIT) >>> 0;
      const start = position + HEADER_BYTES;
      if (size > length - start) return this.#fail("a frame is longer than what was written");
      if (size === 0 && !pastBarriers) break;
      const name = header & STDERR_BIT ? "stderr" : "stdout";
      if (name !== stream) unpack();
      stream = name;
      bytes.copyWithin(packed, start, start + size);
      packed += size;
      position = start + size;
    }
    unpack();
    Atomics.store(this.#counters, READ, (from + position) | 0);
    Atomics.notify(this.#counters, READ);
  }

  #copyOut(position: number, length: number): Uint8Array {
    const start = (position >>> 0) % this.#data.length;
    const bytes = new Uint8Array(length);
    const first = Math.min(length, this.#data.length - start);
    bytes.set(this.#data.subarray(start, start + first));
    bytes.set(this.#data.subarray(0, length - first), first);
    return bytes;
  }

  #fail(reason: string): void {
    this.close();
    this.#onCorrupt(`its output ring is damaged: ${reason}`);
  }
}
