/** The operations on files that `Deno` and `node:fs` share, on the kernel's own file system. */
import { join, resolve } from "node:path/posix";
import { fileURLToPath } from "node:url";
import * as errnos from "../files/errnos.ts";
import type { FileStat, FileSystem } from "../files/file_system.ts";
import { O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } from "../files/open_flags.ts";
import { realPath } from "../files/real_path.ts";

/** A path, or its address. */
export type PathLike = string | URL;

const MESSAGES: Readonly<Record<number, string>> = {
  [errnos.EACCES]: "Permission denied",
  [errnos.EBADF]: "Bad file descriptor",
  [errnos.EBUSY]: "Device or resource busy",
  [errnos.EEXIST]: "File exists",
  [errnos.EINVAL]: "Invalid argument",
  [errnos.EISDIR]: "Is a directory",
  [errnos.ELOOP]: "Too many levels of symbolic links",
  [errnos.EMFILE]: "Too many open files",
  [errnos.ENOENT]: "No such file or directory",
  [errnos.ENOSPC]: "No space left on device",
  [errnos.ENOTDIR]: "Not a directory",
  [errnos.ENOTEMPTY]: "Directory not empty",
  [errnos.EPERM]: "Operation not permitted",
  [errnos.EXDEV]: "Invalid cross-device link",
};
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(errnos).map(([name, errno]) => [errno, name]),
);

/** The error of an operation, before it gets the class of an interface. */
export class FileError extends Error {
  /** Node's name of the error, such as `ENOENT`. */
  readonly code: string;
  readonly path: string;
  readonly operation: string;

  constructor(errno: number, operation: string, path: string) {
    const code = NAMES.get(errno) ?? "EIO";
    super(`${MESSAGES[errno] ?? "Input/output error"}: ${operation} '${path}'`);
    this.code = code;
    this.path = path;
    this.operation = operation;
  }
}

/** The ways in which a file is written. */
export interface WriteMode {
  append?: boolean;
  create?: boolean;
  createNew?: boolean;
}

/** Operations on the kernel's files that throw a {@linkcode FileError}. */
export class FileAccess {
  readonly fs: FileSystem;

  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  /** Returns the text of a path. */
  path(path: PathLike): string {
    return typeof path === "string" ? path : fileURLToPath(path);
  }

  read(path: PathLike): Uint8Array<ArrayBuffer> {
    return this.#do("open", path, (at) => this.fs.readFile(at)) as Uint8Array<ArrayBuffer>;
  }

  write(path: PathLike, bytes: Uint8Array, mode: WriteMode = {}): void {
    const { append = false, create = true, createNew = false } = mode;
    const flags = O_WRONLY | (create || createNew ? O_CREAT : 0) | (createNew ? O_EXCL : 0) |
      (append ? O_APPEND : O_TRUNC);
    this.#do("open", path, (at) => this.fs.writeFile(at, bytes, { flags }));
  }

  stat(path: PathLike): FileStat {
    return this.#do("stat", path, (at) => this.fs.stat(at));
  }

  lstat(path: PathLike): FileStat {
    return this.#do("lstat", path, (at) => this.fs.lstat(at));
  }

  exists(path: PathLike): boolean {
    try {
      this.stat(path);
      return true;
    } catch {
      return false;
    }
  }

  list(path: PathLike): { name: string; mode: number }[] {
    const names = this.#do("readdir", path, (at) => this.fs.readdir(at))
      .filter((name) => name !== "." && name !== "..");
    return names.toSorted().map((name) => ({
      name,
      mode: this.lstat(join(this.path(path), name)).mode,
    }));
  }

  makeDirectory(path: PathLike, { recursive = false }: { recursive?: boolean } = {}): void {
    this.#do("mkdir", path, (at) => recursive ? this.fs.mkdirTree(at) : this.fs.mkdir(at));
  }

  remove(path: PathLike, { recursive = false }: { recursive?: boolean } = {}): void {
    const { mode } = this.lstat(path);
    if (!this.fs.isDir(mode)) return this.#do("remove", path, (at) => this.fs.unlink(at));
    if (recursive) {
      for (const { name } of this.list(path)) {
        this.remove(join(this.path(path), name), { recursive });
      }
    }
    this.#do("remove", path, (at) => this.fs.rmdir(at));
  }

  rename(from: PathLike, to: PathLike): void {
    this.#do("rename", from, (at) => this.fs.rename(at, this.path(to)));
  }

  copy(from: PathLike, to: PathLike): void {
    this.write(to, this.read(from));
  }

  truncate(path: PathLike, size = 0): void {
    this.#do("truncate", path, (at) => this.fs.truncate(at, size));
  }

  chmod(path: PathLike, mode: number): void {
    this.#do("chmod", path, (at) => this.fs.chmod(at, mode));
  }

  setTimes(path: PathLike, accessed: number | Date, modified: number | Date): void {
    this.#do(
      "utime",
      path,
      (at) => this.fs.utime(at, milliseconds(accessed), milliseconds(modified)),
    );
  }

  link(target: PathLike, path: PathLike): void {
    this.#do("symlink", path, (at) => this.fs.symlink(this.path(target), at));
  }

  readLink(path: PathLike): string {
    return this.#do("readlink", path, (at) => this.fs.readlink(at));
  }

  /** Returns a path without links; the file has to be there. */
  realPath(path: PathLike): string {
    const text = resolve(this.fs.cwd(), this.path(path));
    this.stat(text);
    const files = {
      isLink: (mode: number) => this.fs.isLink(mode),
      lstat: (at: string) => this.lstat(at),
      readlink: (at: string) => this.readLink(at),
    };
    return realPath(files, text);
  }

  /** Makes a file or directory with a new name. */
  makeTemporary(
    kind: "file" | "directory",
    { dir = "/tmp", prefix = "", suffix = "" }: { dir?: string; prefix?: string; suffix?: string } =
      {},
  ): string {
    const path = join(dir, `${prefix}${crypto.randomUUID().slice(0, 12)}${suffix}`);
    if (kind === "file") this.write(path, new Uint8Array(), { createNew: true });
    else this.makeDirectory(path);
    return path;
  }

  chdir(path: PathLike): void {
    this.#do("chdir", path, (at) => this.fs.chdir(at));
  }

  /** Opens a file for reading or writing at positions. */
  open(path: PathLike, flags: number): OpenFile {
    const stream = this.#do("open", path, (at) => this.fs.open(at, flags));
    const end = flags & O_APPEND ? this.stat(path).size : 0;
    return new OpenFile(this.fs, stream, this.path(path), end);
  }

  #do<T>(operation: string, path: PathLike, run: (path: string) => T): T {
    const text = this.path(path);
    try {
      return run(text);
    } catch (error) {
      if (error instanceof this.fs.ErrnoError) throw new FileError(error.errno, operation, text);
      throw error;
    }
  }
}

/** An open file with a position. */
export class OpenFile {
  readonly path: string;
  position: number;
  readonly #fs: FileSystem;
  readonly #stream: ReturnType<FileSystem["open"]>;

  constructor(
    fs: FileSystem,
    stream: ReturnType<FileSystem["open"]>,
    path: string,
    position: number,
  ) {
    this.#fs = fs;
    this.#stream = stream;
    this.path = path;
    this.position = position;
  }

  /** Reads on from the position; returns the number of bytes, 0 at the end. */
  read(into: Uint8Array): number {
    const count = this.#do(
      "read",
      () => this.#fs.read(this.#stream, into, 0, into.length, this.position),
    );
    this.position += count;
    return count;
  }

  /** Writes at the position. */
  write(bytes: Uint8Array): number {
    const count = this.#do(
      "write",
      () => this.#fs.write(this.#stream, bytes, 0, bytes.length, this.position),
    );
    this.position += count;
    return count;
  }

  close(): void {
    this.#do("close", () => this.#fs.close(this.#stream));
  }

  #do<T>(operation: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof this.#fs.ErrnoError) {
        throw new FileError(error.errno, operation, this.path);
      }
      throw error;
    }
  }
}

function milliseconds(time: number | Date): number {
  return typeof time === "number" ? time * 1_000 : time.getTime();
}
