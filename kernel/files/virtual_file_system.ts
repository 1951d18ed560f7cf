import { resolve } from "node:path/posix";
import type { Mount } from "../mounts.ts";
import { EBADF, EMFILE, ENOENT, ENOSPC, ENOTDIR, EPERM, EXDEV } from "./errnos.ts";
import { ErrnoError } from "./errno_error.ts";
import { FileAccount, type FileLimits } from "./file_account.ts";
import { DIRECTORY, FORMAT, LINK, REGULAR } from "./file_kinds.ts";
import type { FileStat, FileStream, FileSystem } from "./file_system.ts";
import type { File } from "./memory_nodes.ts";
import { MemoryTree, type Place } from "./memory_tree.ts";
import { MountedFiles } from "./mounted_files.ts";
import { O_ACCMODE, O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY } from "./open_flags.ts";

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
  readonly #limits: FileLimits;
  readonly #account: FileAccount;
  readonly #memory: MemoryTree;
  readonly #mounted: MountedFiles;
  #cwd = "/";
  /** The number of open files. */
  #open = 0;

  /** Makes a tree with `/tmp`, `/dev/null` and the mounts. */
  constructor(limits: FileLimits, mounts: readonly Mount[]) {
    this.#limits = limits;
    this.#account = new FileAccount(limits.bytes, () => new ErrnoError(ENOSPC));
    this.#memory = new MemoryTree(this.#account);
    this.#mounted = new MountedFiles(this.#account);
    this.mkdirTree("/tmp");
    this.chmod("/tmp", 0o1777);
    this.mkdirTree("/dev");
    const device = this.#place("/dev/null", true);
    if (!("mount" in device)) this.#memory.makeDevice(device);
    for (const mount of mounts) {
      this.mkdirTree(mount.mountPoint);
      const place = this.#place(mount.mountPoint, true);
      if ("mount" in place) throw new Error(`"${mount.mountPoint}" is below another mount`);
      this.#memory.mount(place, mount);
      this.#mounted.add(mount);
    }
  }

  /** The size of the files in memory and of additions to mounts, in bytes. */
  get usedBytes(): number {
    return this.#account.bytes - this.#account.free;
  }

  cwd(): string {
    return this.#cwd;
  }

  chdir(path: string): void {
    if (!this.isDir(this.stat(path).mode)) throw new ErrnoError(ENOTDIR);
    this.#cwd = resolve(this.#cwd, path);
  }

  isDir(mode: number): boolean {
    return (mode & FORMAT) === DIRECTORY;
  }

  isFile(mode: number): boolean {
    return (mode & FORMAT) === REGULAR;
  }

  isLink(mode: number): boolean {
    return (mode & FORMAT) === LINK;
  }

  stat(path: string): FileStat {
    const place = this.#place(path, true);
    return "mount" in place ? this.#mounted.stat(place) : this.#memory.stat(place);
  }

  lstat(path: string): FileStat {
    const place = this.#place(path, false);
    return "mount" in place ? this.#mounted.lstat(place.hostPath) : this.#memory.stat(place);
  }

  lookupPath(path: string, { follow }: { follow: boolean }) {
    const place = this.#place(path, follow);
    const opts = "mount" in place ? { access: place.mount.access } : {};
    return { node: { mount: { opts } } };
  }

  readdir(path: string): string[] {
    const place = this.#place(path, true);
    return "mount" in place ? this.#mounted.list(place.hostPath) : this.#memory.list(place);
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
    if ("mount" in place) this.#mounted.makeDirectory(place.hostPath);
    else this.#memory.makeDirectory(place);
  }

  rmdir(path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) this.#mounted.removeDirectory(place);
    else this.#memory.removeDirectory(place);
  }

  unlink(path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) this.#mounted.unlink(place.hostPath);
    else this.#memory.unlink(place);
  }

  rename(from: string, to: string): void {
    const source = this.#place(from, false);
    const target = this.#place(to, false);
    if ("mount" in source && "mount" in target) this.#mounted.rename(source, target);
    else if ("mount" in source || "mount" in target) throw new ErrnoError(EXDEV);
    else this.#memory.rename(source, target);
  }

  symlink(target: string, path: string): void {
    const place = this.#place(path, false);
    if ("mount" in place) throw new ErrnoError(EPERM);
    this.#memory.makeLink(place, target);
  }

  readlink(path: string): string {
    const place = this.#place(path, false);
    return "mount" in place ? this.#mounted.readLink(place.hostPath) : this.#memory.readLink(place);
  }

  chmod(path: string, mode: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) this.#mounted.chmod(place.hostPath, mode);
    else this.#memory.chmod(place, mode);
  }

  utime(path: string, atime: number, mtime: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) this.#mounted.setTimes(place.hostPath, atime, mtime);
    else this.#memory.setTime(place, mtime);
  }

  truncate(path: string, size: number): void {
    const place = this.#place(path, true);
    if ("mount" in place) this.#mounted.truncate(place.hostPath, size);
    else this.#memory.truncate(place, size);
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
    content: Uint8Array | string,
    { flags = O_WRONLY | O_CREAT | O_TRUNC }: { flags?: number } = {},
  ): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
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
      stream.fd = this.#mounted.open(place.hostPath, flags);
    } else {
      const file = this.#memory.open(place, flags);
      if (file) stream.file = file;
    }
    this.#open++;
    return stream;
  }

  close(stream: FileStream): void {
    const own = openStream(stream);
    own.closed = true;
    this.#open--;
    if (own.fd !== undefined) this.#mounted.close(own.fd);
    else if (own.file) this.#memory.close(own.file);
  }

  read(stream: FileStream, into: Uint8Array, at: number, length: number, position: number): number {
    const { fd, file } = openStream(stream);
    if (fd !== undefined) return this.#mounted.read(fd, into.subarray(at, at + length), position);
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
    const { fd, file, flags } = openStream(stream);
    if ((flags & O_ACCMODE) === O_RDONLY) throw new ErrnoError(EBADF);
    const bytes = from.subarray(at, at + length);
    if (fd !== undefined) return this.#mounted.write(fd, bytes, position);
    if (file) this.#memory.write(file, bytes, position);
    return length;
  }

  #place(path: string, follow: boolean): Place {
    return this.#memory.find(resolve(this.#cwd, path), follow);
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
}

/** Returns a stream as one of a {@linkcode VirtualFileSystem}. Throws EBADF when it is closed. */
function openStream(stream: FileStream): Stream {
  const own = stream as Stream;
  if (own.closed) throw new ErrnoError(EBADF);
  return own;
}
