import { dirname, join, resolve } from "node:path/posix";
import type { Mount } from "../mounts.ts";
import {
  EACCES,
  EBADF,
  EBUSY,
  EEXIST,
  EINVAL,
  EIO,
  EISDIR,
  ELOOP,
  EMFILE,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  EROFS,
  EXDEV,
} from "./errnos.ts";
import type { FileStat, FileStream, FileSystem } from "./file_system.ts";
import { HostFiles, type HostStat } from "./host_files.ts";

/** The limits of a kernel's files. */
export interface VirtualFileLimits {
  /** The size of files in memory and of additions to writable mounts, together. */
  bytes: number;
  /** The number of open files. */
  open: number;
}

const KIND = 0o170_000;
const DIRECTORY = 0o040_000;
const FILE = 0o100_000;
const LINK = 0o120_000;
const DEVICE = 0o020_000;

const O_ACCMODE = 3;
const O_RDONLY = 0;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;

/** About the size of a file besides its contents. */
const NODE_BYTES = 512;
/** The size up to which a growing file doubles; a larger one grows by an eighth. */
const DOUBLING_MAX_BYTES = 1024 * 1024;
const MAX_LINKS = 40;

/** The errors of the host's files, by Node's names. */
const HOST_ERRNOS: Readonly<Record<string, number>> = {
  ...{ EACCES, EBADF, EBUSY, EEXIST, EINVAL, EISDIR, ELOOP, EMFILE, ENOENT, ENOSPC },
  ...{ ENOTDIR, ENOTEMPTY, EPERM, EROFS, EXDEV },
};

/** Taken before the worker's globals are reduced. */
const { NotCapable } = Deno.errors;

/** The error of a file operation. */
class ErrnoError extends Error {
  override readonly name = "ErrnoError";
  readonly errno: number;

  constructor(errno: number) {
    super(`file error ${errno}`);
    this.errno = errno;
  }
}

interface Directory {
  mode: number;
  mtime: number;
  entries: Map<string, Node>;
  /** The directory of the host that covers this one. */
  mount?: Mount;
}

interface File {
  mode: number;
  mtime: number;
  /** The contents, and room to grow. */
  bytes: Uint8Array;
  size: number;
  opens: number;
  removed: boolean;
}

interface Link {
  mode: number;
  mtime: number;
  target: string;
}

interface Device {
  mode: number;
  mtime: number;
}

type Node = Directory | File | Link | Device;

/** The place of a path: in memory, where the last part need not exist, or in a mount. */
type Place =
  | { parent: Directory; name: string; node: Node | undefined }
  | { mount: Mount; hostPath: string };

/** A file that is open: one in memory, a descriptor of the host, or the device that swallows everything. */
interface Stream extends FileStream {
  file?: File;
  fd?: number;
  closed?: boolean;
}

/**
 * The files of an interpreter that has no file system of its own: a tree in memory, in which directories of
 * the host are mounted. Every operation obeys the limits, and a mount's access.
 */
export class VirtualFileSystem implements FileSystem {
  readonly ErrnoError: typeof ErrnoError = ErrnoError;
  readonly #limits: VirtualFileLimits;
  readonly #hostFiles = new HostFiles();
  readonly #root = directory();
  #cwd = "/";
  #usedBytes = 0;
  /** The bytes among them that were added to mounts. */
  #addedToMounts = 0;
  /** The number of open files of mounts. */
  #openOnHost = 0;
  #open = 0;

  /** Makes a tree with `/tmp`, `/dev/null` and the mounts. */
  constructor(limits: VirtualFileLimits, mounts: readonly Mount[]) {
    this.#limits = limits;
    this.mkdirTree("/tmp");
    this.chmod("/tmp", 0o1777);
    this.mkdirTree("/dev");
    const dev = this.#root.entries.get("dev") as Directory;
    dev.entries.set("null", { mode: DEVICE | 0o666, mtime: Date.now() });
    for (const mount of mounts) {
      this.mkdirTree(mount.mountPoint);
      const place = this.#place(mount.mountPoint, true);
      if (!("node" in place)) throw new Error(`"${mount.mountPoint}" is below another mount`);
      (place.node as Directory).mount = mount;
      this.#hostFiles.add(mount);
    }
  }

  /** The size of the files in memory, in bytes. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  cwd(): string {
    return this.#cwd;
  }

  chdir(path: string): void {
    if (!this.isDir(this.stat(path).mode)) throw new ErrnoError(ENOTDIR);
    this.#cwd = resolve(this.#cwd, path);
  }

  isDir(mode: number): boolean {
    return (mode & KIND) === DIRECTORY;
  }

  isFile(mode: number): boolean {
    return (mode & KIND) === FILE;
  }

  isLink(mode: number): boolean {
    return (mode & KIND) === LINK;
  }

  stat(path: string): FileStat {
    return this.#stat(this.#place(path, true), "stat");
  }

  lstat(path: string): FileStat {
    return this.#stat(this.#place(path, false), "lstat");
  }

  lookupPath(path: string, { follow }: { follow: boolean }) {
    const place = this.#place(path, follow);
    const opts = "mount" in place ? { access: place.mount.access } : {};
    return { node: { mount: { opts } } };
  }

  readdir(path: string): string[] {
    const place = this.#place(path, true);
    if ("mount" in place) return this.#host("readdirSync", place.hostPath) as string[];
    return [...asDirectory(this.#existing(place)).entries.keys()];
  }

  mkdirTree(path: string): void {
    const parts = resolve(this.#cwd, path).split("/").filter((part) => part !== "");
    for (let count = 1; count <= parts.length; count++) {
      const part = `/${parts.slice(0, count).join("/")}`;
      if (!this.#exists(part)) this.mkdir(part);
    }
    if (!this.isDir(this.stat(path).mode)) throw new ErrnoError(ENOTDIR);
  }

  mkdir(path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) return void this.#host("mkdirSync", place.hostPath);
    if (place.node) throw new ErrnoError(EEXIST);
    this.#add(place, directory());
  }

  rmdir(path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) {
      if (place.hostPath === place.mount.root) throw new ErrnoError(EBUSY);
      return void this.#host("rmdirSync", place.hostPath);
    }
    const node = asDirectory(this.#existing(place));
    if (node === this.#root || node.mount) throw new ErrnoError(EBUSY);
    if (node.entries.size > 0) throw new ErrnoError(ENOTEMPTY);
    this.#detach(place);
  }

  unlink(path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) {
      const freed = this.#freedBy(place.hostPath);
      this.#host("unlinkSync", place.hostPath);
      return this.#addToMount(-freed);
    }
    const node = this.#existing(place);
    if (isDirectory(node)) throw new ErrnoError(EISDIR);
    if (isDevice(node)) throw new ErrnoError(EPERM);
    this.#detach(place);
  }

  rename(from: string, to: string): void {
    const source = this.#place(from, false);
    const target = this.#place(to, false);
    if ("mount" in source !== "mount" in target) throw new ErrnoError(EXDEV);
    if ("mount" in source) {
      if (!("mount" in target) || source.mount !== target.mount) throw new ErrnoError(EXDEV);
      return void this.#host("renameSync", source.hostPath, target.hostPath);
    }
    if ("mount" in target) return;
    const node = this.#existing(source);
    if (node === target.node) return;
    if (isDevice(node) || isDirectory(node) && (node.mount || node === this.#root)) {
      throw new ErrnoError(EBUSY);
    }
    if (isDirectory(node) && contains(node, target.parent)) throw new ErrnoError(EINVAL);
    if (target.node) this.#makeWay(node, target.node);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
    source.parent.mtime = target.parent.mtime = Date.now();
  }

  symlink(target: string, path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) throw new ErrnoError(EPERM);
    if (place.node) throw new ErrnoError(EEXIST);
    this.#add(place, { mode: LINK | 0o777, mtime: Date.now(), target });
  }

  readlink(path: string): string {
    const place = this.#place(path, false);
    if ("mount" in place) return this.#host("readlinkSync", place.hostPath) as string;
    const node = this.#existing(place);
    if (!isLink(node)) throw new ErrnoError(EINVAL);
    return node.target;
  }

  chmod(path: string, mode: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) return void this.#host("chmodSync", place.hostPath, mode);
    const node = this.#existing(place);
    node.mode = (node.mode & KIND) | (mode & 0o7777);
  }

  utime(path: string, atime: number, mtime: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) {
      return void this.#host("utimesSync", place.hostPath, atime / 1_000, mtime / 1_000);
    }
    this.#existing(place).mtime = mtime;
  }

  truncate(path: string, size: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) {
      this.#addToMount(size - this.#hostStat(place.hostPath).size);
      return void this.#host("truncateSync", place.hostPath, size);
    }
    this.#resize(asFile(this.#existing(place)), size);
  }

  readFile(path: string): Uint8Array {
    const { size } = this.stat(path);
    const stream = this.open(path, O_RDONLY);
    try {
      const bytes = new Uint8Array(size);
      return bytes.subarray(0, this.read(stream, bytes, 0, size, 0));
    } finally {
      this.close(stream);
    }
  }

  writeFile(
    path: string,
    data: Uint8Array | string,
    { flags = 1 | O_CREAT | O_TRUNC }: { flags?: number } = {},
  ): void {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const stream = this.open(path, flags);
    try {
      const position = flags & O_APPEND ? this.stat(path).size : 0;
      this.write(stream, bytes, 0, bytes.length, position);
    } finally {
      this.close(stream);
    }
  }

  open(path: string, flags: number): FileStream {
    if (this.#open >= this.#limits.open) throw new ErrnoError(EMFILE);
    const place = this.#place(path, (flags & O_EXCL) === 0);
    const stream: Stream = { flags };
    if ("mount" in place) {
      const emptied = flags & O_TRUNC ? this.#fileSize(place.hostPath) : 0;
      stream.fd = this.#host("openSync", place.hostPath, flags) as number;
      this.#openOnHost++;
      this.#addToMount(-emptied);
    } else {
      const node = this.#opened(place, flags);
      if (node) {
        node.opens++;
        stream.file = node;
      }
    }
    this.#open++;
    return stream;
  }

  close(stream: FileStream): void {
    const own = this.#own(stream);
    own.closed = true;
    this.#open--;
    if (own.fd !== undefined) {
      this.#openOnHost--;
      return void this.#host("closeSync", own.fd);
    }
    if (!own.file) return;
    own.file.opens--;
    this.#free(own.file);
  }

  read(stream: FileStream, into: Uint8Array, at: number, length: number, position: number): number {
    const { fd, file } = this.#own(stream);
    if (fd !== undefined) return this.#host("readSync", fd, into, at, length, position) as number;
    if (!file) return 0;
    const count = Math.max(0, Math.min(length, file.size - position));
    into.set(file.bytes.subarray(position, position + count), at);
    return count;
  }

  write(
    stream: FileStream,
    from: Uint8Array,
    at: number,
    length: number,
    position: number,
  ): number {
    const { fd, file, flags } = this.#own(stream);
    if ((flags & O_ACCMODE) === O_RDONLY) throw new ErrnoError(EBADF);
    const end = position + length;
    if (fd !== undefined) {
      const { size } = this.#host("fstatSync", fd) as HostStat;
      this.#addToMount(Math.max(0, end - size));
      return this.#host("writeSync", fd, from, at, length, position) as number;
    }
    if (!file) return length;
    if (end > file.size) this.#resize(file, end);
    file.bytes.set(from.subarray(at, at + length), position);
    file.mtime = Date.now();
    return length;
  }

  /** Finds the node to open in memory, and makes or empties it as the flags say; undefined: the device. */
  #opened(place: Extract<Place, { parent: Directory }>, flags: number): File | undefined {
    const { node } = place;
    if (!node) {
      if (!(flags & O_CREAT)) throw new ErrnoError(ENOENT);
      const file = emptyFile();
      this.#add(place, file);
      return file;
    }
    if (flags & O_CREAT && flags & O_EXCL) throw new ErrnoError(EEXIST);
    const writes = (flags & O_ACCMODE) !== O_RDONLY;
    if (isDirectory(node)) throw new ErrnoError(EISDIR);
    if (isLink(node)) throw new ErrnoError(ELOOP);
    if (!isFile(node)) return undefined;
    if (writes && (node.mode & 0o222) === 0) throw new ErrnoError(EACCES);
    if (writes && flags & O_TRUNC) this.#resize(node, 0);
    return node;
  }

  #place(path: string, follow: boolean): Place {
    if (path.includes("\0")) throw new ErrnoError(EINVAL);
    let parts = split(resolve(this.#cwd, path));
    let links = 0;
    let parent = this.#root;
    const walked: string[] = [];
    if (this.#root.mount) return hostPlace(this.#root.mount, parts);
    if (parts.length === 0) return { parent, name: "", node: this.#root };
    for (;;) {
      const name = parts.shift()!;
      const node = parent.entries.get(name);
      const isLast = parts.length === 0;
      if (node && isLink(node) && (follow || !isLast)) {
        if (++links > MAX_LINKS) throw new ErrnoError(ELOOP);
        parts = [...split(resolve(`/${walked.join("/")}`, node.target)), ...parts];
        walked.length = 0;
        parent = this.#root;
        if (parts.length === 0) return { parent, name: "", node: this.#root };
        continue;
      }
      if (node && isDirectory(node) && node.mount) return hostPlace(node.mount, parts);
      if (isLast) return { parent, name, node };
      if (!node) throw new ErrnoError(ENOENT);
      parent = asDirectory(node);
      walked.push(name);
    }
  }

  #stat(place: Place, call: "stat" | "lstat"): FileStat {
    if ("mount" in place) {
      const path = call === "stat" ? this.#followed(place) : place.hostPath;
      const { mode, size, mtimeMs } = this.#hostStat(path);
      return { mode, size, mtime: new Date(mtimeMs) };
    }
    const node = this.#existing(place);
    const size = "size" in node ? node.size : isLink(node) ? node.target.length : 0;
    return { mode: node.mode, size, mtime: new Date(node.mtime) };
  }

  /** Follows a link in a mount to another place in it. */
  #followed({ mount, hostPath }: Extract<Place, { mount: Mount }>): string {
    let path = hostPath;
    for (let links = 0; links < MAX_LINKS; links++) {
      const { mode } = this.#hostStat(path);
      if (!this.isLink(mode)) return path;
      path = resolve(dirname(path), this.#host("readlinkSync", path) as string);
      if (path !== mount.root && !path.startsWith(`${mount.root}/`)) throw new ErrnoError(EACCES);
    }
    throw new ErrnoError(ELOOP);
  }

  #existing(place: Extract<Place, { parent: Directory }>): Node {
    if (!place.node) throw new ErrnoError(ENOENT);
    return place.node;
  }

  #exists(path: string): boolean {
    try {
      this.lstat(path);
      return true;
    } catch (error) {
      if (error instanceof ErrnoError && error.errno === ENOENT) return false;
      throw error;
    }
  }

  #add({ parent, name }: Extract<Place, { parent: Directory }>, node: Node): void {
    this.#spend(NODE_BYTES + name.length);
    parent.entries.set(name, node);
    parent.mtime = Date.now();
  }

  #detach({ parent, name, node }: Extract<Place, { parent: Directory }>): void {
    parent.entries.delete(name);
    parent.mtime = Date.now();
    this.#release(NODE_BYTES + name.length);
    if (node && isFile(node)) {
      node.removed = true;
      this.#free(node);
    }
  }

  /** Removes what is at the new name of `node`. */
  #makeWay(node: Node, old: Node): void {
    if (isDirectory(old) !== isDirectory(node)) {
      throw new ErrnoError(isDirectory(old) ? EISDIR : ENOTDIR);
    }
    if (isDevice(old)) throw new ErrnoError(EPERM);
    if (isDirectory(old) && old.mount) throw new ErrnoError(EBUSY);
    if (isDirectory(old) && old.entries.size > 0) throw new ErrnoError(ENOTEMPTY);
    if (isFile(old)) {
      old.removed = true;
      this.#free(old);
    }
    this.#release(NODE_BYTES);
  }

  /** Frees the contents of a file that has neither a name nor a reader. */
  #free(file: File): void {
    if (!file.removed || file.opens > 0) return;
    this.#release(file.bytes.length);
    file.bytes = new Uint8Array();
    file.size = 0;
  }

  #resize(file: File, size: number): void {
    const capacity = file.bytes.length;
    if (size > capacity) {
      const factor = capacity < DOUBLING_MAX_BYTES ? 2 : 1.125;
      const roomy = Math.max(size, Math.floor(capacity * factor), 256);
      const free = this.#limits.bytes - this.#usedBytes;
      const next = roomy - capacity <= free ? roomy : size;
      this.#spend(next - capacity);
      const bytes = new Uint8Array(next);
      bytes.set(file.bytes.subarray(0, file.size));
      file.bytes = bytes;
    } else if (size < file.size) {
      this.#release(capacity - size);
      file.bytes = file.bytes.slice(0, size);
    }
    file.size = size;
    file.mtime = Date.now();
  }

  /**
   * Counts a change of mounted files. Others use these files too: what is removed gives back no more than was
   * added here.
   */
  #addToMount(bytes: number): void {
    const counted = Math.max(-this.#addedToMounts, bytes);
    if (counted < 0) this.#release(-counted);
    else this.#spend(counted);
    this.#addedToMounts += counted;
  }

  /** Returns the bytes that go with the name of a mounted file: none while something may keep them. */
  #freedBy(path: string): number {
    return this.#openOnHost > 0 || this.#hostStat(path).links !== 1 ? 0 : this.#fileSize(path);
  }

  /** Returns the size of a mounted file; 0 when there is none. */
  #fileSize(path: string): number {
    try {
      const { mode, size } = this.#hostStat(path);
      return this.isFile(mode) ? size : 0;
    } catch {
      return 0;
    }
  }

  /** Takes bytes from the limit. */
  #spend(bytes: number): void {
    if (bytes <= 0) return;
    if (bytes > this.#limits.bytes - this.#usedBytes) throw new ErrnoError(ENOSPC);
    this.#usedBytes += bytes;
  }

  #release(bytes: number): void {
    this.#usedBytes = Math.max(0, this.#usedBytes - bytes);
  }

  #own(stream: FileStream): Stream {
    const own = stream as Stream;
    if (own.closed) throw new ErrnoError(EBADF);
    return own;
  }

  /** Calls a function of the host's files; its errors become errnos. */
  #host(name: string, ...args: (string | number | Uint8Array)[]): unknown {
    return this.#asked(() => this.#hostFiles.functions[name]!(...args as never[]));
  }

  #hostStat(path: string): HostStat {
    return this.#asked(() => this.#hostFiles.lstat(path));
  }

  #asked<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof NotCapable) throw new ErrnoError(EACCES);
      const { code } = error as { code?: string };
      throw new ErrnoError(HOST_ERRNOS[code ?? ""] ?? EIO);
    }
  }
}

function split(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function hostPlace(mount: Mount, rest: readonly string[]): Place {
  return { mount, hostPath: rest.length === 0 ? mount.root : join(mount.root, ...rest) };
}

function directory(): Directory {
  return { mode: DIRECTORY | 0o755, mtime: Date.now(), entries: new Map() };
}

function emptyFile(): File {
  return {
    mode: FILE | 0o644,
    mtime: Date.now(),
    bytes: new Uint8Array(),
    size: 0,
    opens: 0,
    removed: false,
  };
}

function isDirectory(node: Node): node is Directory {
  return "entries" in node;
}

function isFile(node: Node): node is File {
  return "bytes" in node;
}

function isLink(node: Node): node is Link {
  return "target" in node;
}

function isDevice(node: Node): boolean {
  return (node.mode & KIND) === DEVICE;
}

function asDirectory(node: Node): Directory {
  if (!isDirectory(node)) throw new ErrnoError(ENOTDIR);
  return node;
}

function asFile(node: Node): File {
  if (isDirectory(node)) throw new ErrnoError(EISDIR);
  if (!isFile(node)) throw new ErrnoError(EINVAL);
  return node;
}

function contains(tree: Directory, node: Directory): boolean {
  return tree === node ||
    [...tree.entries.values()].some((it) => isDirectory(it) && contains(it, node));
}
