import { clearImmediate, setImmediate } from "node:timers";
import { type StreamName, type TextSink, Utf8Streams } from "../../streams.ts";

/**
 * Carries a worker's output to its host through shared memory. A worker that computes cannot post a
 * message later, so a batch that it kept back would stay unseen for as long as it computes; bytes in
 * the ring are the host's to fetch at once. A full ring makes the writer wait, so that a flood never
 * grows the host.
 *
 * Layout: four numbers, then the data, a sequence of frames: a 32-bit header (stream in its highest
 * bit, length in the rest) and the bytes. An empty frame is a barrier: an event was posted here, and
 * what follows is shown after it. The numbers are the counts of bytes ever written and ever read, the
 * count at which the host wants to be woken (all three wrap around), and 1 once it has been.
 */
const WRITTEN = 0;
const READ = 1;
const WAKE_AT = 2;
const WOKEN = 3;
const NUMBERS = 4;
const NUMBERS_BYTES = NUMBERS * Int32Array.BYTES_PER_ELEMENT;
const HEADER_BYTES = 4;
const STDERR_BIT = 0x8000_0000;
/** The time that a writer sleeps on a full ring before it looks for an interrupt, in milliseconds. */
const FULL_WAIT_MS = 20;
/** The time for which output gathers before it is read, in milliseconds, unless the ring gets half full. */
const GATHER_MS = 4;
/** How often in a row a reader may be woken with nothing to do; a writer that is honest does so once. */
const MAX_IDLE_WAKES = 16;

/** Makes a ring for about `capacity` bytes, a power of two. */
export function createRing(capacity = 256 * 1024): SharedArrayBuffer {
  return new SharedArrayBuffer(NUMBERS_BYTES + capacity);
}

/** The worker's side. A loop that prints comes here for every line. */
export class RingWriter {
  readonly #numbers: Int32Array;
  readonly #data: Uint8Array;
  readonly #onFull: () => void;
  #written = 0;
  /** The count of bytes read, as it was when the ring last seemed full. */
  #read = 0;

  /** `onFull` is called now and then while the ring is full; it may throw to give up the write. */
  constructor(ring: SharedArrayBuffer, onFull: () => void) {
    this.#numbers = new Int32Array(ring, 0, NUMBERS);
    this.#data = new Uint8Array(ring, NUMBERS_BYTES);
    this.#onFull = onFull;
  }

  /** The count of bytes written. Messages carry it, so that earlier output is shown before them. */
  get position(): number {
    return this.#written;
  }

  /** Keeps later output behind the message that carries the returned position. */
  barrier(): number {
    this.#writeFrame("stdout", new Uint8Array());
    return this.position;
  }

  /** Writes it all, waiting for the reader where there is no room. */
  write(name: StreamName, bytes: Uint8Array): void {
    const most = this.#data.length / 2;
    if (bytes.length <= most) return this.#writeFrame(name, bytes);
    for (let from = 0; from < bytes.length; from += most) {
      this.#writeFrame(name, bytes.subarray(from, from + most));
    }
  }

  #writeFrame(name: StreamName, bytes: Uint8Array): void {
    const needed = HEADER_BYTES + bytes.length;
    if (this.#room < needed) this.#waitForRoom(needed);
    this.#putHeader(this.#written, bytes.length | (name === "stderr" ? STDERR_BIT : 0));
    this.#put(this.#written + HEADER_BYTES, bytes);
    this.#written = (this.#written + needed) | 0;
    Atomics.store(this.#numbers, WRITTEN, this.#written);
    if (((this.#written - Atomics.load(this.#numbers, WAKE_AT)) | 0) >= 0) wake(this.#numbers);
  }

  get #room(): number {
    return this.#data.length - ((this.#written - this.#read) >>> 0);
  }

  #waitForRoom(needed: number): void {
    for (;;) {
      this.#read = Atomics.load(this.#numbers, READ);
      if (this.#room >= needed) return;
      Atomics.wait(this.#numbers, READ, this.#read, FULL_WAIT_MS);
      this.#onFull();
    }
  }

  #putHeader(position: number, header: number): void {
    const mask = this.#data.length - 1;
    for (let byte = 0; byte < HEADER_BYTES; byte++) {
      this.#data[(position + byte) & mask] = header >>> (24 - 8 * byte);
    }
  }

  #put(position: number, bytes: Uint8Array): void {
    const start = position & (this.#data.length - 1);
    const room = this.#data.length - start;
    if (bytes.length <= room) return this.#data.set(bytes, start);
    this.#data.set(bytes.subarray(0, room), start);
    this.#data.set(bytes.subarray(room), 0);
  }
}

/** A reader looks again when that many bytes are there, or at that time by `performance.now()`. */
interface Alarm {
  readonly bytes: number;
  readonly at: number;
}

/** The first byte is handed on at once. */
const AT_REST: Alarm = { bytes: 1, at: Infinity };
/** Whatever is written stands behind the barrier. */
const AT_BARRIER: Alarm = { bytes: Infinity, at: Infinity };

/**
 * The host's side. What it reads was written by a worker that may be hostile: it trusts no number, keeps
 * its own position, and does no more for one look than a full ring takes.
 */
export class RingReader {
  readonly #numbers: Int32Array;
  readonly #data: Uint8Array;
  readonly #text: Utf8Streams;
  readonly #onCorrupt: (reason: string) => void;
  /** The count of bytes ever read; the ring only has a copy of it, for the writer. */
  #position = 0;
  #next: ReturnType<typeof setImmediate> | undefined;
  #alarm = AT_REST;
  #idleWakes = 0;
  #closed = false;

  /** Hands on text as it arrives; `onCorrupt` is called once when the ring is damaged. */
  constructor(ring: SharedArrayBuffer, sink: TextSink, onCorrupt: (reason: string) => void) {
    this.#numbers = new Int32Array(ring, 0, NUMBERS);
    this.#data = new Uint8Array(ring, NUMBERS_BYTES);
    this.#text = new Utf8Streams(sink);
    this.#onCorrupt = onCorrupt;
    this.#sleep(AT_REST);
  }

  /** Hands on the output up to a writer's `position`. */
  drainTo(position: number): void {
    if (this.#closed) return;
    const written = this.#written();
    if (written === undefined) return;
    const wanted = (position - this.#position) | 0;
    // A position that lies behind was drained already.
    if (wanted > written) return this.#fail("a message is ahead of what was written");
    if (wanted > 0) {
      this.#read(wanted, true);
      // What was written woke the reader, which comes too late.
      this.#idleWakes = 0;
      if (this.#alarm === AT_BARRIER) this.#resume();
    }
    this.#text.flush();
  }

  /** Stops looking. */
  close(): void {
    this.#closed = true;
    clearImmediate(this.#next);
    wake(this.#numbers);
  }

  /** How many bytes were written that are not read; undefined when the count is a lie. */
  #written(): number | undefined {
    const length = (Atomics.load(this.#numbers, WRITTEN) - this.#position) >>> 0;
    if (length <= this.#data.length) return length;
    this.#fail("it holds more than it can");
    return undefined;
  }

  #sleep(alarm: Alarm): void {
    this.#alarm = alarm;
    this.#rest();
  }

  /** Reads what stands behind a barrier. */
  #resume(): void {
    this.#alarm = { bytes: 0, at: 0 };
    wake(this.#numbers);
  }

  #rest(): void {
    const { bytes, at } = this.#alarm;
    Atomics.store(this.#numbers, WOKEN, 0);
    Atomics.store(
      this.#numbers,
      WAKE_AT,
      (this.#position + Math.min(bytes, this.#data.length + 1)) | 0,
    );
    const written = this.#written();
    if (written === undefined) return;
    if (written >= bytes) wake(this.#numbers);
    const milliseconds = Math.max(at - performance.now(), 0);
    const woken = Atomics.waitAsync(this.#numbers, WOKEN, 0, milliseconds);
    const look = () => this.#look();
    if (woken.async) void woken.value.then(look);
    else this.#next = setImmediate(look);
  }

  /** Reads if there is a reason to: whoever shares the ring can wake the reader as often as it likes. */
  #look(): void {
    if (this.#closed) return;
    const length = this.#written();
    if (length === undefined) return;
    const { bytes, at } = this.#alarm;
    // A timer may be early by a fraction of its unit.
    if (length >= bytes || performance.now() + 1 >= at) {
      this.#idleWakes = 0;
      return this.#gather(length);
    }
    this.#idleWakes++;
    if (this.#idleWakes > MAX_IDLE_WAKES) return this.#fail("it wakes its reader for nothing");
    this.#rest();
  }

  /** Hands on what is there at once, then lets more gather, so that many prints become one event. */
  #gather(length: number): void {
    const before = this.#position;
    this.#read(length, false);
    this.#text.flush();
    if (this.#closed) return;
    if (length === 0) this.#sleep(AT_REST);
    // At a barrier there is nothing to read before its event is here, which reads past it.
    else if (this.#position === before) this.#sleep(AT_BARRIER);
    else this.#sleep({ bytes: this.#data.length / 2, at: performance.now() + GATHER_MS });
  }

  #read(length: number, pastBarriers: boolean): void {
    const bytes = this.#copyOut(this.#position, length);
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
    this.#position = (this.#position + position) | 0;
    Atomics.store(this.#numbers, READ, this.#position);
    Atomics.notify(this.#numbers, READ);
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

/** Wakes the host, once for each time it sleeps: that takes a lock. */
function wake(numbers: Int32Array): void {
  if (Atomics.exchange(numbers, WOKEN, 1) === 0) Atomics.notify(numbers, WOKEN);
}
