import type { CallKernel } from "./calls.ts";
import { KernelError } from "../errors.ts";

/** A file or directory inside a kernel. */
export interface FileEntry {
  /** The last part of its path. */
  name: string;
  /** Absolute, inside the kernel. */
  path: string;
  /** What it is, or what a link leads to; `link`: one that leads nowhere. */
  type: "file" | "directory" | "link" | "other";
  /** In bytes. */
  size: number;
  /** When it was last changed, ISO 8601. */
  modified: string;
  /** Whether it may be written. */
  writable: boolean;
}

/** A file that is being read. */
export interface FileContent {
  /** As it was when reading began. */
  entry: FileEntry;
  /** Its bytes, read as they are asked for. */
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Options for {@linkcode KernelFiles.write}. */
export interface WriteOptions {
  /** Refuses more bytes. @default any number */
  maxBytes?: number;
  /** Gives up, and leaves nothing behind. */
  signal?: AbortSignal;
}

/** How much of a file is fetched at a time, in bytes. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The files that a kernel sees: its own, and those of its mounts. Paths are absolute or from Python's
 * working directory. While the kernel computes, every operation waits.
 */
export class KernelFiles {
  readonly #call: CallKernel;

  /** Made by the kernel. */
  constructor(call: CallKernel) {
    this.#call = call;
  }

  /**
   * A file or directory at a glance.
   *
   * @throws {KernelError} `not_found`.
   */
  async stat(path: string): Promise<FileEntry> {
    return await this.#call("fileStat", { path });
  }

  /**
   * What is in a directory: directories first, each by name.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` when it is none.
   */
  async list(path: string): Promise<FileEntry[]> {
    return (await this.#call("fileList", { path })).entries;
  }

  /**
   * A file's content, read as it is asked for.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` when it is not a file.
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
        const { bytes } = length === 0
          ? { bytes: new Uint8Array() }
          : await this.#call("fileRead", { path: entry.path, offset, length });
        if (bytes.length > length) {
          throw new KernelError("protocol_violation", `Cannot read "${path}": it sent too much`);
        }
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
   * Writes a file, parent directories included. Readers see the old one or the new one, never half of
   * it; what fails leaves nothing behind.
   *
   * @throws {KernelError} `permission_denied`, `limit_exceeded`, or `invalid_argument` for a directory.
   */
  async write(
    path: string,
    content: ReadableStream<Uint8Array> | Uint8Array,
    { maxBytes = Infinity, signal }: WriteOptions = {},
  ): Promise<FileEntry & { created: boolean }> {
    const { temporary, exists } = await this.#call("fileCreate", { path });
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
      const entry = await this.#call("fileRename", renamed);
      return { ...entry, created: !exists };
    } catch (error) {
      // The kernel may have ended, which removes it as well.
      await this.#call("fileRemove", { path: temporary, recursive: false }).catch(() => {});
      throw error;
    }
  }

  /**
   * Makes a directory and its parents.
   *
   * @throws {KernelError} `already_exists`.
   */
  async makeDirectory(path: string): Promise<FileEntry> {
    return await this.#call("fileMakeDirectory", { path });
  }

  /**
   * Renames or moves a file or directory.
   *
   * @throws {KernelError} `not_found`, or `already_exists` when there is something at `to`.
   */
  async rename(from: string, to: string): Promise<FileEntry> {
    return await this.#call("fileRename", { from, to, replace: false });
  }

  /**
   * Removes a file or directory.
   *
   * @throws {KernelError} `not_found`, or `invalid_argument` for a directory with something in it.
   */
  async remove(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    await this.#call("fileRemove", { path, recursive });
  }
}
