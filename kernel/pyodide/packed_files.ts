import { builtinZlib } from "../builtin_zlib.ts";
import { EIO, ENOSPC } from "../files/errnos.ts";
import { REGULAR } from "../files/file_kinds.ts";
import type { EmscriptenFs, EmscriptenModule, MemoryNode } from "./emscripten.ts";

/** The contents of a file as they are in an archive. */
export interface PackedContents {
  /** A part of the archive. */
  packed: Uint8Array;
  /** The size of the file, in bytes. */
  size: number;
  /** True when the part is deflated (RFC 1951); otherwise it is the contents. */
  deflated: boolean;
}

/** About the size of a file besides its contents. */
const NODE_BYTES = 512;
/** The mode of a file that an installer makes. */
const MODE = REGULAR | 0o644;
/** The unpacked contents that are kept, in bytes. */
const KEPT_BYTES = 16 * 2 ** 20;
/** The smallest pieces that zlib makes. */
const LEAST_CHUNK = 64;
const NO_BYTES = new Uint8Array(0);

/** Taken before user code could replace it. */
const { defineProperty } = Object;

/** An archive of which some files are there. */
interface Held {
  bytes: number;
  files: number;
}

/**
 * The files of installed packages. They stay packed until they are read, and the contents that were not read
 * for long are packed again. They do not count as files of the user: they have a bound of their own.
 */
export class PackedFiles {
  readonly #fs: EmscriptenFs;
  readonly #createNode: (parent: MemoryNode, name: string) => MemoryNode;
  readonly #archives = new WeakMap<MemoryNode, Held>();
  /** The unpacked contents; those that were read last come last. */
  readonly #unpacked = new Map<MemoryNode, Uint8Array>();
  #unpackedBytes = 0;
  #free: number;

  /** The files take at most `bytes`, as they are packed. It must be made before the user's files are limited. */
  constructor({ FS }: Pick<EmscriptenModule, "FS">, bytes: number) {
    this.#fs = FS;
    this.#free = bytes;
    const { MEMFS } = FS.filesystems;
    const { createNode } = MEMFS;
    this.#createNode = (parent, name) => createNode.call(MEMFS, parent, name, MODE, 0);
  }

  /** The bytes that more archives may take. */
  get free(): number {
    return this.#free;
  }

  /** Returns true when the contents of a file are those of its archive. */
  has(node: MemoryNode): boolean {
    return this.#archives.has(node);
  }

  /** Returns true when contents have a checksum (CRC-32). */
  isWhole(contents: PackedContents, checksum: number): boolean {
    try {
      return builtinZlib().crc32(this.unpack(contents)) === checksum;
    } catch {
      return false;
    }
  }

  /**
   * Adds the files of an archive by their paths, and makes directories for them. A path that is taken gets the
   * contents as a file of the user. `bytes` is the size of the archive.
   *
   * @throws `ErrnoError` with ENOSPC when there is no room.
   */
  add(bytes: number, files: Iterable<[path: string, contents: PackedContents]>): void {
    const archive: Held = { bytes: 0, files: 1 };
    this.#hold(archive, bytes);
    const directories = new Map<string, MemoryNode>();
    try {
      for (const [path, contents] of files) this.#addFile(archive, directories, path, contents);
    } finally {
      this.#drop(archive);
    }
  }

  /** Returns the contents; throws when they are not as long as their archive says. */
  unpack({ packed, size, deflated }: PackedContents): Uint8Array {
    if (!deflated) return packed.slice();
    if (size === 0) return NO_BYTES;
    // One piece, so that a large file is not copied. Without a byte to spare there would be a second one.
    const chunkSize = Math.max(size + 1, LEAST_CHUNK);
    const { buffer, byteOffset, length } = builtinZlib().inflateRawSync(packed, {
      ...{ maxOutputLength: size, chunkSize },
    });
    if (length !== size) throw new RangeError(`${length} bytes instead of ${size}`);
    return new Uint8Array(buffer, byteOffset, length);
  }

  /** Makes the contents of a file its own, so that they can be written. */
  own(node: MemoryNode): void {
    if (this.has(node)) node.contents = node.contents.slice();
  }

  /** Gives the packed contents of a removed file back. */
  forget(node: MemoryNode): void {
    const archive = this.#archives.get(node);
    if (!archive) return;
    this.#archives.delete(node);
    this.#pack(node);
    this.#free += NODE_BYTES;
    this.#drop(archive);
  }

  #addFile(
    archive: Held,
    directories: Map<string, MemoryNode>,
    path: string,
    contents: PackedContents,
  ): void {
    const end = path.lastIndexOf("/");
    const [directory, name] = [path.slice(0, end), path.slice(end + 1)];
    const parent = directories.get(directory) ?? this.#directory(directory);
    directories.set(directory, parent);
    if (parent.mount !== this.#fs.root.mount || this.#isTaken(parent, name)) {
      return this.#fs.writeFile(path, this.unpack(contents));
    }
    this.#hold(archive, NODE_BYTES);
    archive.bytes -= NODE_BYTES; // The node is given back with its file.
    archive.files++;
    const node = this.#createNode(parent, name);
    node.usedBytes = contents.size;
    this.#archives.set(node, archive);
    defineProperty(node, "contents", {
      get: () => this.#contents(node, contents),
      set: (value: Uint8Array) => {
        defineProperty(node, "contents", { value, writable: true, configurable: true });
        this.forget(node);
      },
      configurable: true,
    });
  }

  #directory(path: string): MemoryNode {
    this.#fs.mkdirTree(path);
    return this.#fs.lookupPath(path, { follow: true }).node as MemoryNode;
  }

  #isTaken(parent: MemoryNode, name: string): boolean {
    try {
      this.#fs.lookupNode(parent, name);
      return true;
    } catch {
      return false;
    }
  }

  #contents(node: MemoryNode, packed: PackedContents): Uint8Array {
    const contents = this.#unpacked.get(node) ?? this.#unpackNode(packed);
    this.#pack(node);
    this.#unpacked.set(node, contents);
    this.#unpackedBytes += contents.length;
    for (const oldest of this.#unpacked.keys()) {
      if (this.#unpackedBytes <= KEPT_BYTES || oldest === node) break;
      this.#pack(oldest);
    }
    return contents;
  }

  #unpackNode(packed: PackedContents): Uint8Array {
    // A large file needs room of its own while it is read.
    if (packed.size > KEPT_BYTES && packed.size > this.#free) throw new this.#fs.ErrnoError(ENOSPC);
    try {
      return this.unpack(packed);
    } catch {
      throw new this.#fs.ErrnoError(EIO);
    }
  }

  #pack(node: MemoryNode): void {
    this.#unpackedBytes -= this.#unpacked.get(node)?.length ?? 0;
    this.#unpacked.delete(node);
  }

  #hold(archive: Held, bytes: number): void {
    if (bytes > this.#free) throw new this.#fs.ErrnoError(ENOSPC);
    this.#free -= bytes;
    archive.bytes += bytes;
  }

  /** Takes one file from an archive, whose bytes go with the last. */
  #drop(archive: Held): void {
    if (--archive.files > 0) return;
    this.#free += archive.bytes;
    archive.bytes = 0;
  }
}
