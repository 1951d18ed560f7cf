/** A file whose bytes are in memory once a kernel wants them, which most never do. */
export interface DeferredFile {
  /** Not there before `state` says so; untouched memory costs nothing. */
  bytes: Uint8Array<SharedArrayBuffer>;
  /** One number. */
  state: Int32Array<SharedArrayBuffer>;
  /** Whether other kernels have the same bytes, so that each has to make a copy. */
  shared: boolean;
}

const UNWANTED = 0;
const WANTED = 1;
const THERE = 2;
const UNREADABLE = 3;
/** How long a kernel waits for the thread that reads, in milliseconds. */
const DEADLINE_MS = 30_000;
const CHUNK_BYTES = 256 * 1024;

/** Kept from before user code could replace them. */
const { compareExchange, load, notify, wait } = Atomics;
const Bytes = Uint8Array;

/** What several kernels start from, in memory already. */
export function sharedFile(bytes: Uint8Array<SharedArrayBuffer>): DeferredFile {
  return { bytes, state: stateOf(THERE), shared: true };
}

/**
 * A file for one kernel, read by this thread when that kernel asks. It is opened now: later this process
 * may be another user's.
 */
export function readWhenWanted(path: string): DeferredFile {
  const source = Deno.openSync(path);
  const bytes = new Uint8Array(new SharedArrayBuffer(source.statSync().size));
  const state = stateOf(UNWANTED);
  const wanted = Atomics.waitAsync(state, 0, UNWANTED);
  void Promise.resolve(wanted.value).then(() => {
    Atomics.store(state, 0, readInto(source, bytes) ? THERE : UNREADABLE);
    Atomics.notify(state, 0);
  });
  return { bytes, state, shared: false };
}

/** The bytes, for one kernel alone; undefined when they cannot be had. The thread waits for them. */
export function contentsOf({ bytes, state, shared }: DeferredFile): Uint8Array | undefined {
  if (compareExchange(state, 0, UNWANTED, WANTED) === UNWANTED) notify(state, 0);
  if (load(state, 0) === WANTED) wait(state, 0, WANTED, DEADLINE_MS);
  if (load(state, 0) !== THERE) return undefined;
  return shared ? new Bytes(bytes) : bytes;
}

function stateOf(value: number): Int32Array<SharedArrayBuffer> {
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  state[0] = value;
  return state;
}

/** Whether the file had all of the bytes. It is closed. */
function readInto(source: Deno.FsFile, bytes: Uint8Array): boolean {
  using _closed = source;
  const chunk = new Uint8Array(CHUNK_BYTES); // Deno does not read into shared memory.
  try {
    for (let at = 0; at < bytes.length;) {
      const size = source.readSync(chunk);
      if (size === null) return false;
      bytes.set(chunk.subarray(0, Math.min(size, bytes.length - at)), at);
      at += size;
    }
    return true;
  } catch {
    return false;
  }
}
