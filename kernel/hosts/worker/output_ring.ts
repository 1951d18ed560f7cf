import { clearImmediate, setImmediate } from "node:timers";
import { type StreamName, type TextSink, Utf8Streams } from "../../streams.ts";

/**
 * Carries a worker's output to its host through shared memory. A worker that computes cannot post
 * messages by a timer, so output that it gathered would stay unseen until the computation ends; the host
 * can fetch bytes in the ring at any time. A full ring makes the writer wait, so that a flood never uses
 * up the host's memory.
 *
 * Layout: four numbers, then the data, a sequence of frames. A frame is a 32-bit header (the stream in
 * the highest bit, the length in the others) and the bytes. An empty frame is a barrier: the worker
 * posted an event at this point, and the frames behind the barrier are shown after the event. The four
 * numbers are the counts of bytes ever written and ever read, the count at which the host wants to be
 * woken (these three wrap around), and 1 once the host was woken.
 */
const WRITTEN = 0;
const READ = 1;
const WAKE_AT = 2;
const WOKEN = 3;
const NUMBERS = 4;
const NUMBERS_BYTES = NUMBERS * Int32Array.BYTES_PER_ELEMENT;
const HEADER_BYTES = 4;
const STDERR_BIT = 0x8000_0000;
/** The most events that may be on their way to the host, and the most bytes in them. */
const MAX_EVENTS = 256;
const MAX_EVENT_BYTES = 8 * 2 ** 20;
/** The time that a writer sleeps on a full ring before it looks for an interrupt, in milliseconds. */
const FULL_WAIT_MS = 20;
/** The time that a writer sleeps while many events are on their way, in milliseconds. */
const CREDIT_WAIT_MS = 1;
/** The time between two reads, in milliseconds, unless the ring gets half full before. */
const GATHER_MS = 4;
/** The most wakes in a row that bring the reader nothing to read; an honest writer causes one at most. */
const MAX_IDLE_WAKES = 16;

/** Makes a ring for about `capacity` bytes, a power of two. */
export function createRing(capacity = 256 * 1024): SharedArrayBuffer {
  return new SharedArrayBuffer(NUMBERS_BYTES + capacity);
}

/** The worker's side of a ring. A loop that prints calls `write` for every line, so `write` has to be fast. */
export class RingWriter {
  readonly #numbers: Int32Array;
  readonly #data: Uint8Array;
  readonly #onFull: () => void;
  #written = 0;
  /** The count of bytes read when the ring last seemed full. */
  #read = 0;
  /** The events that the reader had not taken when it was last looked at, the oldest first. */
  readonly #events: { position: number; bytes: number }[] = [];
  #eventBytes = 0;

  /** `onFull` is called now and then while the ring is full; it may throw to give up the write. */
  constructor(ring: SharedArrayBuffer, onFull: () => void) {
    this.#numbers = new Int32Array(ring, 0, NUMBERS);
    this.#data = new Uint8Array(ring, NUMBERS_BYTES);
    this.#onFull = onFull;
  }

  /** The count of bytes written. A message carries its position, so that earlier output is shown before it. */
  get position(): number {
    return this.#written;
  }

  /**
   * Makes later output wait for the message of so many bytes that carries the returned position. Waits itself
   * while the host has many messages to take: a port would hold any number of them.
   */
  barrier(bytes = 0): number {
    this.#waitForCredit(bytes);
    this.#writeFrame("stdout", new Uint8Array());
    const { position } = this;
    this.#events.push({ position, bytes });
    this.#eventBytes += bytes;
    return position;
  }

  /** Writes all bytes, and waits for the reader while the ring is full. */
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

  #waitForCredit(bytes: number): void {
    if (this.#hasCredit(bytes, MAX_EVENTS, MAX_EVENT_BYTES)) return;
    // Half of them have to be taken: a thread that is woken for each of them makes both sides slow.
    while (!this.#hasCredit(bytes, MAX_EVENTS / 2, MAX_EVENT_BYTES / 2)) {
      Atomics.wait(this.#numbers, WRITTEN, this.#written, CREDIT_WAIT_MS); // Nobody else changes it.
      this.#onFull();
    }
  }

  #hasCredit(bytes: number, maxEvents: number, maxBytes: number): boolean {
    const read = Atomics.load(this.#numbers, READ);
    for (let oldest; (oldest = this.#events[0]) && ((read - oldest.position) | 0) >= 0;) {
      this.#eventBytes -= oldest.bytes;
      this.#events.shift();
    }
    const { length } = this.#events;
    return length === 0 || length < maxEvents && this.#eventBytes + bytes <= maxBytes;
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

/** The condition for a reader's next look: so many bytes are there, or `performance.now()` has come to `at`. */
interface Alarm {
  readonly bytes: number;
  readonly at: number;
}

/** After a pause, the first byte is handed on at once. */
const AT_REST: Alarm = { bytes: 1, at: Infinity };
/** At a barrier the reader waits for the event: all further bytes stand behind the barrier. */
const AT_BARRIER: Alarm = { bytes: Infinity, at: Infinity };

/**
 * The host's side of a ring, whose writer may be hostile. The reader trusts no number in the ring, keeps a
 * position of its own, and reads at most a full ring in one look.
 */
export class RingReader {
  readonly #numbers: Int32Array;
  readonly #data: Uint8Array;
  readonly #text: Utf8Streams;
  readonly #onCorrupt: (reason: string) => void;
  /** The count of bytes ever read. The ring has a copy for the writer, which the reader never reads. */
  #position = 0;
  #next: ReturnType<typeof setImmediate> | undefined;
  #alarm = AT_REST;
  #idleWakes = 0;
  #closed = false;

  /** Hands text on to `sink` as it arrives; calls `onCorrupt` once when the ring is damaged. */
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
    // Output up to an earlier position was handed on already.
    if (wanted > written) return this.#fail("a message is ahead of what was written");
    if (wanted > 0) {
      this.#read(wanted, true);
      // The bytes that were just read have woken the reader, which then finds nothing: that is no idle wake.
      this.#idleWakes = 0;
      if (this.#alarm === AT_BARRIER) this.#resume();
    }
    this.#text.flush();
  }

  /** Stops reading. */
  close(): void {
    this.#closed = true;
    clearImmediate(this.#next);
    wake(this.#numbers);
  }

  /** Returns the number of unread bytes; undefined when the writer's count cannot be true. */
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

  /** Reads on behind a barrier. */
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

  /** Reads when the alarm is due, and bounds other wakes: the writer can wake the reader at any time. */
  #look(): void {
    if (this.#closed) return;
    const length = this.#written();
    if (length === undefined) return;
    const { bytes, at } = this.#alarm;
    // A timer may fire a fraction of a millisecond early.
    if (length >= bytes || performance.now() + 1 >= at) {
      this.#idleWakes = 0;
      return this.#gather(length);
    }
    this.#idleWakes++;
    if (this.#idleWakes > MAX_IDLE_WAKES) return this.#fail("it wakes its reader for nothing");
    this.#rest();
  }

  /** Hands on the unread bytes at once, then lets more gather, so that many prints become one event. */
  #gather(length: number): void {
    const before = this.#position;
    this.#read(length, false);
    this.#text.flush();
    if (this.#closed) return;
    if (length === 0) this.#sleep(AT_REST);
    // The event of a barrier reads past the barrier, by `drainTo`; until then there is nothing to read.
    else if (this.#position === before) this.#sleep(AT_BARRIER);
    else this.#sleep({ bytes: this.#data.length / 2, at: performance.now() + GATHER_MS });
  }

  #read(length: number, pastBarriers: boolean): void {
    const bytes = this.#copyOut(this.#position, length);
    const headers = new DataView(bytes.buffer);
    let position = 0;
    // The bytes of successive frames of one stream are moved together and decoded in one go.
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

/** Wakes the host, but only once for each time that it sleeps, because `Atomics.notify` takes a lock. */
function wake(numbers: Int32Array): void {
  if (Atomics.exchange(numbers, WOKEN, 1) === 0) Atomics.notify(numbers, WOKEN);
}
