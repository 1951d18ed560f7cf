/**
 * The contents of the files of an image, one after the other: in shared memory, or read for one kernel by
 * the thread that has the archive open.
 */
export type FileArchive =
  | { kind: "shared"; bytes: Uint8Array<SharedArrayBuffer> }
  | { kind: "asked"; desk: Int32Array<SharedArrayBuffer>; chunk: Uint8Array<SharedArrayBuffer> };

/** The fields of the desk: the state, and the place and size of what is asked for. */
const STATE = 0;
const OFFSET = 1;
const LENGTH = 2;
const FIELDS = 3;
/** Zero means that nothing was asked yet. */
const ASKED = 1;
const ANSWERED = 2;
const FAILED = 3;
/** The time that a kernel waits for the thread that reads, in milliseconds. */
const DEADLINE_MS = 30_000;
const CHUNK_BYTES = 256 * 1024;

/** Taken before user code could replace them. */
const { load, store, notify, wait } = Atomics;
const Bytes = Uint8Array;
const { min } = Math;

/** Returns a part of an archive, blocking until it is there; undefined when it cannot be read. */
export function readArchive(
  archive: FileArchive,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Bytes(length);
  if (archive.kind === "shared") {
    bytes.set(archive.bytes.subarray(offset, offset + length));
    return bytes;
  }
  const { desk, chunk } = archive;
  for (let at = 0; at < length; at += chunk.length) {
    const size = min(chunk.length, length - at);
    store(desk, OFFSET, offset + at);
    store(desk, LENGTH, size);
    store(desk, STATE, ASKED);
    notify(desk, STATE);
    wait(desk, STATE, ASKED, DEADLINE_MS);
    if (load(desk, STATE) !== ANSWERED) return undefined;
    bytes.set(chunk.subarray(0, size), at);
  }
  return bytes;
}

/**
 * Makes an archive that this thread reads when the kernel asks, from `offset` of an open file on. The kernel
 * has no permission to read the file, and the file stays open as long as this thread lives.
 */
export function serveArchive(file: Deno.FsFile, offset: number, size: number): FileArchive {
  const desk = new Int32Array(new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT));
  const chunk = new Uint8Array(new SharedArrayBuffer(CHUNK_BYTES));
  const own = new Uint8Array(CHUNK_BYTES); // Deno cannot read into shared memory.

  function answer(): boolean {
    const [at, length] = [Atomics.load(desk, OFFSET), Atomics.load(desk, LENGTH)];
    if (at < 0 || length < 0 || length > chunk.length || at + length > size) return false;
    try {
      file.seekSync(offset + at, Deno.SeekMode.Start);
      for (let done = 0; done < length;) {
        const read = file.readSync(own.subarray(done, length));
        if (read === null) return false;
        done += read;
      }
    } catch {
      return false;
    }
    chunk.set(own.subarray(0, length));
    return true;
  }

  void (async () => {
    for (;;) {
      const state = Atomics.load(desk, STATE);
      if (state === ASKED) {
        Atomics.store(desk, STATE, answer() ? ANSWERED : FAILED);
        Atomics.notify(desk, STATE);
      } else await Atomics.waitAsync(desk, STATE, state).value;
    }
  })();
  return { kind: "asked", desk, chunk };
}
