import { KernelError } from "../errors.ts";
import type { CallKernel } from "./methods.ts";
import type { FileEntry } from "./replies.ts";

/** A file that is being read. */
export interface FileContent {
  /** The file as it was when reading began. */
  entry: FileEntry;
  /** Its bytes; a chunk is read when the stream is asked for it. */
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Options for {@linkcode KernelFiles.write}. */
export interface WriteOptions {
  /** Refuses a longer content, in bytes. @default any length */
  maxBytes?: number;
  /** Gives up the write, which leaves nothing behind. */
  signal?: AbortSignal;
}

/** The size of the chunks in which a file is read, in bytes. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The files of a kernel: its own, and those of its mounts. Paths are absolute or relative to the
 * interpreter's working directory. Every operation waits while the kernel computes.
 */
export class KernelFiles {
  readonly #call: CallKernel;

  /** A kernel makes its own. */
  constructor(call: CallKernel) {
    this.#call = call;
  }

  /**
   * Describes a file or directory.
   *
   * @throws {KernelError} `not_found`.
   */
  async stat(path: string): Promise<FileEntry> {
    return (await this.#call("fileStat", { path })).value;
  }

  /**
   * Lists a directory: directories first, each by name.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` when the path is no directory.
   */
  async list(path: string): Promise<FileEntry[]> {
    return (await this.#call("fileList", { path })).value.entries;
  }

  /**
   * Opens a file for reading.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` when the path is no file.
   */
  async read(path: string): Promise<FileContent> {
    const entry = await this.stat(path);
    if (entry.type !== "file") {
      throw new KernelError("invalid_argument", `Cannot read "${path}": it is a ${entry.type}`);
    }
    let offset = 0;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        const length = Math.min(CHUNK_BYTES, entry.size - offset);
        const bytes = length === 0
          ? new Uint8Array()
          : await this.#read(entry.path, offset, length);
        offset += bytes.length;
        if (bytes.length > 0) return controller.enqueue(bytes);
        if (offset === entry.size) return controller.close();
        controller.error(
          new KernelError("kernel_error", `Cannot read "${path}": it became shorter meanwhile`),
        );
      },
    }, { highWaterMark: 0 });
    return { entry, stream };
  }

  /**
   * Writes a file and makes its parent directories. Readers see the old file or the new one, never a
   * part of it; a write that fails leaves nothing behind.
   *
   * @throws {KernelError} `permission_denied`, `limit_exceeded`, `files_full`, or `invalid_argument` for a directory.
   */
  async write(
    path: string,
    content: ReadableStream<Uint8Array> | Uint8Array,
    { maxBytes = Infinity, signal }: WriteOptions = {},
  ): Promise<FileEntry & { created: boolean }> {
    const { value: { temporary, exists } } = await this.#call("fileCreate", { path });
    try {
      let offset = 0;
      for await (const bytes of content instanceof Uint8Array ? [content] : content) {
        signal?.throwIfAborted();
        if (offset + bytes.length > maxBytes) {
          throw new KernelError(
            "limit_exceeded",
            `Cannot write "${path}": it is larger than ${maxBytes} bytes`,
          );
        }
        await this.#call("fileAppend", { path: temporary, offset }, [bytes]);
        offset += bytes.length;
      }
      signal?.throwIfAborted();
      const renamed = { from: temporary, to: path, replace: true };
      const { value: entry } = await this.#call("fileRename", renamed);
      return { ...entry, created: !exists };
    } catch (error) {
      // This fails when the kernel has ended, and its files with it.
      await this.#call("fileRemove", { path: temporary, recursive: false }).catch(() => {});
      if (!(error instanceof KernelError)) throw error;
      const message = error.message.replace(temporary, path);
      throw new KernelError(error.code, message, { cause: error });
    }
  }

  /**
   * Makes a directory and its parents.
   *
   * @throws {KernelError} `already_exists`.
   */
  async makeDirectory(path: string): Promise<FileEntry> {
    return (await this.#call("fileMakeDirectory", { path })).value;
  }

  /**
   * Renames or moves a file or directory.
   *
   * @throws {KernelError} `not_found`, or `already_exists` when something is at `to`.
   */
  async rename(from: string, to: string): Promise<FileEntry> {
    return (await this.#call("fileRename", { from, to, replace: false })).value;
  }

  /**
   * Removes a file or directory.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` for a directory that is not empty.
   */
  async remove(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    await this.#call("fileRemove", { path, recursive });
  }

  async #read(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const { buffers: [bytes] } = await this.#call("fileRead", { path, offset, length });
    if (bytes && bytes.length <= length) return bytes;
    throw new KernelError(
      "protocol_violation",
      `Cannot read "${path}": the kernel sent other bytes`,
    );
  }
}
