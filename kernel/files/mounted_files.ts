import { dirname, resolve } from "node:path/posix";
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
import { ErrnoError } from "./errno_error.ts";
import type { FileAccount } from "./file_account.ts";
import { FORMAT, LINK, REGULAR } from "./file_kinds.ts";
import type { FileStat } from "./file_system.ts";
import { HostFiles, type HostStat } from "./host_files.ts";
import type { MountedPlace } from "./memory_tree.ts";
import { O_TRUNC } from "./open_flags.ts";
import { MAX_LINKS } from "./real_path.ts";

/** Taken before the worker's globals are reduced. */
const { NotCapable } = Deno.errors;

/** The numbers of the errors of the host's files, by Node's names. */
const ERRNOS: Readonly<Record<string, number>> = {
  ...{ EACCES, EBADF, EBUSY, EEXIST, EINVAL, EISDIR, ELOOP, EMFILE, ENOENT, ENOSPC },
  ...{ ENOTDIR, ENOTEMPTY, EPERM, EROFS, EXDEV },
};

/** The files of the mounted directories of one interpreter. Errors have errnos, and what is added is counted. */
export class MountedFiles {
  readonly #files = new HostFiles();
  readonly #account: FileAccount;
  /** The number of descriptors that are open. */
  #open = 0;

  constructor(account: FileAccount) {
    this.#account = account;
  }

  /** Allows the paths of a mounted directory from now on. */
  add(mount: Mount): void {
    this.#files.add(mount);
  }

  stat(place: MountedPlace): FileStat {
    return this.lstat(this.#followed(place));
  }

  lstat(path: string): FileStat {
    const { mode, size, mtimeMs } = this.#facts(path);
    return { mode, size, mtime: new Date(mtimeMs) };
  }

  list(path: string): string[] {
    return this.#call("readdirSync", path) as string[];
  }

  makeDirectory(path: string): void {
    this.#call("mkdirSync", path);
  }

  removeDirectory({ mount, hostPath }: MountedPlace): void {
    if (hostPath === mount.root) throw new ErrnoError(EBUSY);
    this.#call("rmdirSync", hostPath);
  }

  unlink(path: string): void {
    const freed = this.#freedBy(path);
    this.#call("unlinkSync", path);
    this.#account.addToMount(-freed);
  }

  rename(source: MountedPlace, target: MountedPlace): void {
    if (source.mount !== target.mount) throw new ErrnoError(EXDEV);
    this.#call("renameSync", source.hostPath, target.hostPath);
  }

  readLink(path: string): string {
    return this.#call("readlinkSync", path) as string;
  }

  chmod(path: string, mode: number): void {
    this.#call("chmodSync", path, mode);
  }

  /** Sets the times of a file, in milliseconds since 1970. */
  setTimes(path: string, atime: number, mtime: number): void {
    this.#call("utimesSync", path, atime / 1_000, mtime / 1_000);
  }

  truncate(path: string, size: number): void {
    this.#account.addToMount(size - this.#facts(path).size);
    this.#call("truncateSync", path, size);
  }

  /** Opens a file; returns its descriptor. */
  open(path: string, flags: number): number {
    const emptied = flags & O_TRUNC ? this.#sizeOf(path) : 0;
    const fd = this.#call("openSync", path, flags) as number;
    this.#open++;
    this.#account.addToMount(-emptied);
    return fd;
  }

  close(fd: number): void {
    this.#open--;
    this.#call("closeSync", fd);
  }

  /** Reads bytes from a position; returns how many there were. */
  read(fd: number, into: Uint8Array, position: number): number {
    return this.#call("readSync", fd, into, 0, into.length, position) as number;
  }

  /** Writes bytes at a position; returns how many were written. */
  write(fd: number, bytes: Uint8Array, position: number): number {
    const { size } = this.#call("fstatSync", fd) as HostStat;
    this.#account.addToMount(Math.max(0, position + bytes.length - size));
    return this.#call("writeSync", fd, bytes, 0, bytes.length, position) as number;
  }

  /** Follows a link in a mount to another place in it. */
  #followed({ mount, hostPath }: MountedPlace): string {
    let path = hostPath;
    for (let links = 0; links < MAX_LINKS; links++) {
      const { mode } = this.#facts(path);
      if ((mode & FORMAT) !== LINK) return path;
      path = resolve(dirname(path), this.readLink(path));
      if (path !== mount.root && !path.startsWith(`${mount.root}/`)) {
        throw new ErrnoError(EACCES);
      }
    }
    throw new ErrnoError(ELOOP);
  }

  /** Returns the bytes that go with the name of a file: none while something may keep them. */
  #freedBy(path: string): number {
    return this.#open > 0 || this.#facts(path).links !== 1 ? 0 : this.#sizeOf(path);
  }

  /** Returns the size of a file; 0 when there is none. */
  #sizeOf(path: string): number {
    try {
      const { mode, size } = this.#facts(path);
      return (mode & FORMAT) === REGULAR ? size : 0;
    } catch {
      return 0;
    }
  }

  #facts(path: string): HostStat {
    return withErrno(() => this.#files.lstat(path));
  }

  #call(name: string, ...args: (string | number | Uint8Array)[]): unknown {
    return withErrno(() => this.#files.functions[name]!(...args as never[]));
  }
}

/** Calls a function of the host's files; its errors become errnos. */
function withErrno<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof NotCapable) throw new ErrnoError(EACCES);
    const { code } = error as { code?: string };
    throw new ErrnoError(ERRNOS[code ?? ""] ?? EIO);
  }
}
