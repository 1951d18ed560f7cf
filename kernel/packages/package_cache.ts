import { join } from "node:path";
import { z } from "npm:zod@4.6.7";
import { sha256, writeWhole } from "../whole_file.ts";

/** A SHA-256; a file that is not of its name is removed, so that no other name may be one. */
const CONTENT_NAME = /^[0-9a-f]{64}$/;

/** Where a file that was fetched from an address is. */
const reference = z.object({ sha256: z.string().regex(CONTENT_NAME), contentType: z.string() });

/** Where a file that was fetched from an address is. */
export type CachedReference = z.infer<typeof reference>;

/**
 * Files by what is in them, in a directory that several servers may share. What is read is checked; what
 * is written is whole or not there; the oldest go when it gets too large.
 */
export class PackageCache {
  readonly #dir: string;
  readonly #maxBytes: number;

  /** The directories are made when something is written. */
  constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  /** The file of that content; undefined when it is not there, or was damaged and is removed. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = this.#file(name);
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) return undefined;
    if (await sha256(bytes) === name) {
      await Deno.utime(path, new Date(), new Date()).catch(() => {}); // It is of use.
      return bytes;
    }
    await Deno.remove(path).catch(() => {});
    return undefined;
  }

  /** Whether there is a file of that name; it may be damaged. */
  async has(name: string): Promise<boolean> {
    return await Deno.stat(this.#file(name)).then(() => true, () => false);
  }

  /** Keeps a file; answers what names its content. */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const name = await sha256(bytes);
    await this.#write(this.#file(name), bytes);
    await this.#forgetOld(name);
    return name;
  }

  /** What was fetched from an address before. */
  async resolve(url: string): Promise<CachedReference | undefined> {
    try {
      return reference.parse(JSON.parse(await Deno.readTextFile(await this.#reference(url))));
    } catch {
      return undefined;
    }
  }

  /** Remembers what is at an address. */
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

  /** Also what a server left half written that was killed. */
  async #forgetOld(justWritten: string): Promise<void> {
    const files: { path: string; size: number; time: number }[] = [];
    for await (const { name } of Deno.readDir(join(this.#dir, "files"))) {
      const path = join(this.#dir, "files", name);
      const info = await Deno.stat(path).catch(() => undefined);
      if (!info || name === justWritten) continue;
      const time = info.mtime?.getTime() ?? 0;
      if (name.endsWith(".tmp") && Date.now() - time > ABANDONED_MS) {
        await Deno.remove(path).catch(() => {});
      } else files.push({ path, size: info.size, time });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((a, b) => a.time - b.time)) {
      if (total <= this.#maxBytes) return;
      await Deno.remove(path).catch(() => {});
      total -= size;
    }
  }
}

/** After how long a file that is being written is given up, in milliseconds. */
const ABANDONED_MS = 3_600_000;
