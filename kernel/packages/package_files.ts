import { KernelError } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import type { PackageCache } from "./package_cache.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Download = () => Promise<Bytes>;

/** A file whose SHA-256 is known before it is downloaded. */
export interface PinnedFile {
  /** In hexadecimal digits. */
  sha256: string;
  /** The file's name or address, for messages. */
  file: string;
  /** The list that the hash is from, for messages. */
  list: string;
}

/**
 * Gives the files of packages: from a cache, or by one download for all who ask for the same at a time,
 * in this process and in others that share the cache.
 */
export class PackageFiles {
  readonly #cache: PackageCache | undefined;
  readonly #pending = new Map<string, Promise<Bytes>>();

  /** Without a cache nothing is kept. */
  constructor(cache: PackageCache | undefined) {
    this.#cache = cache;
  }

  /**
   * Returns a file by its hash.
   *
   * @throws {KernelError} `protocol_violation` when the download has another hash.
   */
  async pinned({ sha256: name, file, list }: PinnedFile, download: Download): Promise<Bytes> {
    return await this.#once(name, () => this.#cache?.read(name), async () => {
      const bytes = await download();
      if (await sha256(bytes) !== name) {
        throw new KernelError(
          "protocol_violation",
          `Cannot use "${file}": its content is not what ${list} says (sha256)`,
        );
      }
      await this.keep(bytes);
      return bytes;
    });
  }

  /**
   * Returns a file of which only the address is known: what is there now, or what was there before if the
   * server cannot be reached.
   */
  async unpinned(address: string, download: Download): Promise<Bytes> {
    return await this.#once(address, () => undefined, async () => {
      try {
        const bytes = await download();
        await this.keep(bytes, address);
        return bytes;
      } catch (error) {
        if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
        const kept = await this.recall(address);
        if (!kept) throw error;
        console.warn(`${error.message}; using what was there before`);
        return kept;
      }
    });
  }

  /** Keeps a file, also by its address if one is given. A failure only costs the next download. */
  async keep(bytes: Bytes, address?: string): Promise<void> {
    try {
      const name = await this.#cache?.write(bytes);
      if (name === undefined || address === undefined) return;
      await this.#cache?.remember(address, { sha256: name, contentType: "" });
    } catch (error) {
      console.warn(`Cannot keep a package: ${error}`);
    }
  }

  /** Returns the file that was kept by an address. */
  async recall(address: string): Promise<Bytes | undefined> {
    const found = await this.#cache?.resolve(address);
    return found && await this.#cache?.read(found.sha256);
  }

  async #once(
    key: string,
    find: () => Promise<Bytes | undefined> | undefined,
    obtain: Download,
  ): Promise<Bytes> {
    const kept = await find();
    if (kept) return kept;
    const pending = this.#pending.get(key);
    if (pending) return await pending;
    // Another process may have downloaded it while this one waited for the lock.
    const body = async () => await find() ?? await obtain();
    const obtained = this.#cache ? this.#cache.exclusively(key, body) : body();
    this.#pending.set(key, obtained);
    try {
      return await obtained;
    } finally {
      this.#pending.delete(key);
    }
  }
}
