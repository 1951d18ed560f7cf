import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "npm:zod@4.6.7";
import { messageOf } from "../errors.ts";
import { type ImageFacts, imageFacts } from "./image_builder.ts";
import { type PackageImage, PARTS } from "./package_image.ts";
import {
  encodeHead,
  openImageFile,
  type PackageImageHeader,
  type PartHeader,
  sharePackageImage,
} from "./package_image_file.ts";
import { parseImageRecord } from "./package_image_schema.ts";

/** The facts of an image that are known without reading it. */
export interface ShelvedFacts extends ImageFacts {
  /** The packages that it was made of, sorted. */
  set: string[];
  /** The size of its memory, in bytes. */
  memoryBytes: number;
}

/** An image on the shelf. */
export interface ShelvedImage extends ShelvedFacts {
  id: string;
  /** The size of its file, in bytes. */
  bytes: number;
}

const shelvedFacts: z.ZodType<ShelvedFacts> = z.intersection(
  imageFacts,
  z.object({ set: z.array(z.string()), memoryBytes: z.int() }),
);

const SUFFIX = ".packages";
const DRAFT = "draft-";
/** The age at which a draft is one that a killed server has left, in milliseconds. */
const ABANDONED_MS = 3_600_000;
const CHUNK_BYTES = 1024 * 1024;
/** The largest record, in bytes. */
const MAX_RECORD_BYTES = 64 * CHUNK_BYTES;
/** The most images that are in the memory of this process for kernels in workers. */
const MAX_OPEN = 2;

/** Keeps images of packages in a directory, up to a number of bytes: the least recently used ones go. */
export class ImageShelf {
  readonly #dir: string;
  readonly #maxBytes: number;
  /** The images that were found or made, and are whole. */
  readonly #known = new Map<string, ShelvedImage>();
  /** The names of files that were looked at. */
  readonly #seen = new Set<string>();
  readonly #open = new Map<string, Promise<PackageImage>>();
  #scan: Promise<void> | undefined;

  /** Creates no directory before an image is written. */
  constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  /** Returns the path of an image. */
  path(id: string): string {
    return join(this.#dir, `${id}${SUFFIX}`);
  }

  /** Returns the images that are there and whole. */
  async list(): Promise<ShelvedImage[]> {
    await (this.#scan ??= this.#look().finally(() => this.#scan = undefined));
    return [...this.#known.values()];
  }

  /** Returns an image for kernels in workers of this process; one of the last few that were asked for is there already. */
  async open(id: string): Promise<PackageImage> {
    const opening = this.#open.get(id) ?? sharePackageImage(this.path(id));
    this.#open.delete(id);
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id));
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN) this.#open.delete(oldest!);
    return await opening;
  }

  /** Marks an image as used just now. */
  async use(id: string): Promise<void> {
    const now = new Date();
    await Deno.utime(this.path(id), now, now).catch(() => {});
  }

  /** Forgets an image that is not to be used any more, and removes it. */
  async remove(id: string): Promise<void> {
    this.#forget(id);
    this.#open.delete(id);
    await Deno.remove(this.path(id)).catch(() => {});
  }

  /** Makes a directory for the parts of an image; the caller removes it. */
  async draft(): Promise<string> {
    await Deno.mkdir(this.#dir, { recursive: true, mode: 0o700 });
    return await Deno.makeTempDir({ dir: this.#dir, prefix: DRAFT });
  }

  /**
   * Puts the parts that a kernel has saved in a directory together. The kernel has ended. The image can be
   * opened by its id from then on, but is not listed before `publish`.
   *
   * @throws {Error} when the parts are not those of a sound image.
   */
  async assemble(id: string, directory: string, set: string[], facts: ImageFacts): Promise<void> {
    const [record, pages, contents] = await Promise.all(
      [PARTS.record, PARTS.pages, PARTS.contents].map((name) => measure(join(directory, name))),
    ) as [PartHeader, PartHeader, PartHeader];
    if (record.bytes > MAX_RECORD_BYTES) throw new Error("its record is too large");
    const text = await Deno.readTextFile(join(directory, PARTS.record));
    const sizes = { pages: pages.bytes, contents: contents.bytes };
    const { byteLength: memoryBytes } = parseImageRecord(text, sizes);
    const head: PackageImageHeader = {
      facts: { ...facts, set, memoryBytes } satisfies ShelvedFacts,
      record,
      pages,
      contents,
    };
    const draft = join(directory, "whole");
    const file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
    try {
      await writeAll(file, encodeHead(head));
      for (const part of [PARTS.record, PARTS.pages, PARTS.contents]) {
        for await (const chunk of chunksOf(join(directory, part))) await writeAll(file, chunk);
      }
    } finally {
      file.close();
    }
    await Deno.rename(draft, this.path(id));
    this.#seen.add(`${id}${SUFFIX}`);
  }

  /** Lists an image from now on, and makes room for it. */
  async publish(id: string): Promise<void> {
    const found = await this.#inspect(id);
    this.#known.set(id, found);
    await this.#evict(id);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#seen.delete(`${id}${SUFFIX}`);
  }

  async #look(): Promise<void> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.#dir)) names.push(name);
    } catch {
      // There is no directory yet.
    }
    for (const name of this.#seen) {
      // Another server may have removed it, and may make it again.
      if (!names.includes(name)) this.#forget(name.slice(0, -SUFFIX.length));
    }
    for (const name of names) {
      if (name.startsWith(DRAFT)) await removeAbandoned(join(this.#dir, name));
      if (!name.endsWith(SUFFIX) || this.#seen.has(name)) continue;
      this.#seen.add(name);
      const id = name.slice(0, -SUFFIX.length);
      try {
        this.#known.set(id, await this.#inspect(id));
      } catch (error) {
        console.warn(`Ignoring the image of packages "${this.path(id)}": ${messageOf(error)}`);
      }
    }
  }

  /** Reads the facts of an image, and compares the hashes of its parts. */
  async #inspect(id: string): Promise<ShelvedImage> {
    const { file, header, recordAt } = openImageFile(this.path(id));
    using _closed = file;
    const facts = shelvedFacts.parse(header.facts);
    file.seekSync(recordAt, Deno.SeekMode.Start);
    for (const { bytes, sha256 } of [header.record, header.pages, header.contents]) {
      const hash = createHash("sha256");
      const chunk = new Uint8Array(CHUNK_BYTES);
      for (let left = bytes; left > 0;) {
        const size = await file.read(chunk.subarray(0, Math.min(left, chunk.length)));
        if (size === null) throw new Error("it is not whole");
        hash.update(chunk.subarray(0, size));
        left -= size;
      }
      if (hash.digest("hex") !== sha256) throw new Error("its checksum is wrong");
    }
    return { ...facts, id, bytes: file.statSync().size };
  }

  /** Removes the least recently used images beyond the limit, but not the one that was just made. */
  async #evict(made: string): Promise<void> {
    const files = await Promise.all([...this.#known.values()].map(async ({ id, bytes }) => {
      const info = await Deno.stat(this.path(id)).catch(() => undefined);
      return { id, bytes, time: id === made ? Infinity : info?.mtime?.getTime() ?? 0 };
    }));
    let total = 0;
    for (const { id, bytes } of files.toSorted((a, b) => b.time - a.time)) {
      total += bytes;
      if (total > this.#maxBytes && id !== made) await this.remove(id);
    }
  }
}

async function removeAbandoned(directory: string): Promise<void> {
  const info = await Deno.stat(directory).catch(() => undefined);
  if (!info?.mtime || Date.now() - info.mtime.getTime() < ABANDONED_MS) return;
  await Deno.remove(directory, { recursive: true }).catch(() => {});
}

/** Returns the size and hash of a file; throws for anything but a plain file, which a link could lead away from. */
async function measure(path: string): Promise<PartHeader> {
  if (!(await Deno.lstat(path)).isFile) throw new Error("a part of it is no file");
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let size; (size = await file.read(chunk)) !== null;) yield chunk.subarray(0, size);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
