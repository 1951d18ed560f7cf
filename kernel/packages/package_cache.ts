import { join } from "node:path";
import { z } from "npm:zod@4.6.7";
import { sha256, writeWhole } from "../whole_file.ts";

/** The names of files: their SHA-256. A file of another content is removed, so no other name may be used. */
const CONTENT_NAME = /^[0-9a-f]{64}$/;

/** The content that an address had. */
const reference = z.object({ sha256: z.string().regex(CONTENT_NAME), contentType: z.string() });

/** The content that an address had when it was fetched. */
export type CachedReference = z.infer<typeof reference>;

/** Limits of a {@linkcode PackageCache}, besides its size. */
export interface PackageCacheLimits {
  /** The most files. @default 20,000 */
  files?: number;
  /** The most addresses that are remembered. @default 50,000 */
  addresses?: number;
  /** The number of writes after which old files are removed. @default 200 */
  writes?: number;
}

/**
 * A `PackageCache` keeps files by the SHA-256 of their content, in a directory that several servers may
 * share. Files are verified when they are read, never half written, and the least recently used ones are
 * evicted when there are too many.
 */
export class PackageCache {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #limits: Required<PackageCacheLimits>;
  #evicted = false;
  /** The writes since the last eviction. */
  #writes = 0;
  #writtenBytes = 0;

  /** Creates no directory before something is written. Kernels choose how many pages are kept. */
  constructor(dir: string, maxBytes: number, limits: PackageCacheLimits = {}) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
    this.#limits = { files: 20_000, addresses: 50_000, writes: 200, ...limits };
  }

  /** Returns a file by its hash; undefined when there is none, or it was damaged and is removed. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = this.#file(name);
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) return undefined;
    if (await sha256(bytes) === name) {
      await Deno.utime(path, new Date(), new Date()).catch(() => {}); // Marks it as used.
      return bytes;
    }
    await Deno.remove(path).catch(() => {});
    return undefined;
  }

  /** Returns true when there is a file of that hash; it may be damaged. */
  async has(name: string): Promise<boolean> {
    return await Deno.stat(this.#file(name)).then(() => true, () => false);
  }

  /** Writes a file; returns its SHA-256. */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const name = await sha256(bytes);
    await this.#write(this.#file(name), bytes);
    await this.#evictSometimes(name, bytes.length);
    return name;
  }

  /** Returns the content that an address had; undefined when that is not known. */
  async resolve(url: string): Promise<CachedReference | undefined> {
    try {
      return reference.parse(JSON.parse(await Deno.readTextFile(await this.#reference(url))));
    } catch {
      return undefined;
    }
  }

  /** Remembers the content of an address. */
  async remember(url: string, found: CachedReference): Promise<void> {
    const text = new TextEncoder().encode(JSON.stringify(found));
    await this.#write(await this.#reference(url), text);
  }

  /**
   * Runs `body` while no other process that shares the directory runs one for the same key. Where no
   * lock can be had, as in a directory that cannot be written to, it runs without.
   */
  async exclusively<T>(key: string, body: () => Promise<T>): Promise<T> {
    using _lock = await this.#lock(key).catch(() => undefined);
    return await body();
  }

  /** Locks a file for a key; disposing it unlocks it. */
  async #lock(key: string): Promise<Deno.FsFile> {
    const directory = join(this.#dir, "locks");
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    const name = (await sha256(new TextEncoder().encode(key))).slice(0, 2);
    const file = await Deno.open(join(directory, name), { create: true, write: true });
    await file.lock(true);
    return file;
  }

  #file(name: string): string {
    if (!CONTENT_NAME.test(name)) throw new Error(`"${name}" names no content`);
    return join(this.#dir, "files", name);
  }

  async #reference(url: string): Promise<string> {
    return join(this.#dir, "addresses", await sha256(new TextEncoder().encode(url)));
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await Deno.mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
    await writeWhole(path, bytes, { mode: 0o600 });
  }

  /** Evicts old files, but not after each write, because that lists the directories. */
  async #evictSometimes(justWritten: string, size: number): Promise<void> {
    this.#writes++;
    this.#writtenBytes += size;
    const { files, addresses, writes } = this.#limits;
    const isDue = this.#writes >= writes || this.#writtenBytes >= this.#maxBytes / 20;
    if (this.#evicted && !isDue) return;
    this.#evicted = true;
    this.#writes = this.#writtenBytes = 0;
    await this.#evict("files", this.#maxBytes, files, justWritten);
    await this.#evict("addresses", Infinity, addresses);
  }

  /** Removes the oldest files of a folder beyond the limits, and drafts that a killed server has left. */
  async #evict(folder: string, maxBytes: number, maxFiles: number, kept?: string): Promise<void> {
    const files: { path: string; size: number; time: number }[] = [];
    for await (const { name } of readDirectory(join(this.#dir, folder))) {
      const path = join(this.#dir, folder, name);
      const info = await Deno.stat(path).catch(() => undefined);
      if (!info) continue;
      const time = name === kept ? Infinity : info.mtime?.getTime() ?? 0;
      if (name.endsWith(".tmp") && Date.now() - time > ABANDONED_MS) {
        await Deno.remove(path).catch(() => {});
      } else files.push({ path, size: info.size, time });
    }
    files.sort((a, b) => b.time - a.time);
    let total = 0;
    for (const [index, { path, size }] of files.entries()) {
      total += size;
      // The file that was just written stays, however large it is.
      if (index > 0 && (total > maxBytes || index >= maxFiles)) {
        await Deno.remove(path).catch(() => {});
      }
    }
  }
}

/** Lists a directory; nothing when it is not there. */
async function* readDirectory(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The age at which a half-written file is abandoned, in milliseconds. */
const ABANDONED_MS = 3_600_000;
