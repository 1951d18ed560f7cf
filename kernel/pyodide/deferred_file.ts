/** A file whose bytes are read into memory only when a kernel wants them, which most never do. */
export interface DeferredFile {
  /** The memory for the bytes, which are not there before `state` says so. Untouched memory costs nothing. */
  bytes: Uint8Array<SharedArrayBuffer>;
  /** One number, which both sides wait for. */
  state: Int32Array<SharedArrayBuffer>;
  /** True when other kernels have the same bytes, so that each has to make a copy. */
  shared: boolean;
}

const UNWANTED = 0;
const WANTED = 1;
const THERE = 2;
const UNREADABLE = 3;
/** The time that a kernel waits for the thread that reads, in milliseconds. */
const DEADLINE_MS = 30_000;
const CHUNK_BYTES = 256 * 1024;

/** Taken before user code could replace them. */
const { compareExchange, load, notify, wait } = Atomics;
const Bytes = Uint8Array;

/** Makes a file of bytes that are in memory already, for several kernels. */
export function sharedFile(bytes: Uint8Array<SharedArrayBuffer>): DeferredFile {
  return { bytes, state: stateOf(THERE), shared: true };
}

/**
 * Makes a file for one kernel, which this thread reads when that kernel wants it. The file is opened now:
 * this process may become another user, who may not open it.
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

/** Returns the bytes for one kernel alone, blocking until they are there; undefined when they cannot be read. */
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

/** Reads a file and closes it; returns true when it had all of the bytes. */
function readInto(source: Deno.FsFile, bytes: Uint8Array): boolean {
  using _closed = source;
  const chunk = new Uint8Array(CHUNK_BYTES); // Deno cannot read into shared memory.
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
