import type { StreamName } from "../streams.ts";
import type { EmscriptenModule, Pyodide, StreamWriter } from "./emscripten.ts";
import { EIO } from "../files/errnos.ts";

/** Receives bytes that Python wrote; they are only valid during the call. */
export type WriteOutput = (name: StreamName, bytes: Uint8Array) => void;

/**
 * WASI's `fd_write`: writes the bytes that `count` pairs of an address and a length name, stores the
 * number of bytes written at the address `written`, and returns an errno.
 */
export type FdWrite = (fd: number, vectors: number, count: number, written: number) => number;

/** The flags of an open file that allow writing. */
const WRITABLE = 3;

/** The device behind stdout or stderr. */
class OutputDevice implements StreamWriter {
  readonly isatty = false;
  readonly #name: StreamName;
  readonly #output: WriteOutput;

  constructor(name: StreamName, output: WriteOutput) {
    this.#name = name;
    this.#output = output;
  }

  write(bytes: Uint8Array): number {
    this.#output(this.#name, bytes);
    return bytes.length;
  }
}

/**
 * Python's stdin, stdout and stderr. Python writes every line at once, so that it is seen while the cell
 * goes on. The way through Emscripten's file system to a device costs as much as making the line, so a
 * descriptor that stands for such a device is written to directly.
 */
export class StandardStreams {
  readonly #stdout: OutputDevice;
  readonly #stderr: OutputDevice;
  #module: EmscriptenModule | undefined;

  constructor(output: WriteOutput) {
    this.#stdout = new OutputDevice("stdout", output);
    this.#stderr = new OutputDevice("stderr", output);
  }

  /** Makes the function with which the interpreter writes to all files, around the stock one. */
  around(stock: FdWrite): FdWrite {
    return (fd, vectors, count, written) => {
      const module = this.#module;
      const stream = module?.FS.streams[fd];
      const device = stream?.devops;
      if (!module || !stream || !(device instanceof OutputDevice) || !(stream.flags & WRITABLE)) {
        return stock(fd, vectors, count, written);
      }
      const { HEAPU8, HEAPU32 } = module;
      let size = 0;
      try {
        for (let pair = vectors >>> 2; count > 0; pair += 2, count--) {
          const from = HEAPU32[pair]!;
          const length = HEAPU32[pair + 1]!;
          if (length > 0) size += device.write(HEAPU8.subarray(from, from + length));
        }
      } catch {
        return EIO;
      }
      HEAPU32[written >>> 2] = size;
      return 0;
    };
  }

  /** Begins to hand on output. There is no input to read. */
  connect(module: EmscriptenModule, pyodide: Pyodide): void {
    pyodide.setStdin({ error: true });
    pyodide.setStdout(this.#stdout);
    pyodide.setStderr(this.#stderr);
    this.#module = module;
  }
}
