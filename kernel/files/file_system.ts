/** The permissions that new files lack when a process has said nothing else. */
export const USUAL_UMASK = 0o022;

/** A file or directory with the mount that it belongs to. */
export interface MountedNode {
  mount: { opts: { access?: "ro" | "rw" } };
}

/** Returns true for a file of a mounted directory; others are in the interpreter's own memory. */
export function isMounted({ mount }: MountedNode): boolean {
  return mount.opts.access !== undefined;
}

/**
 * The file system of one interpreter. Its methods do not wait, and have the names and error numbers of
 * Emscripten's, so that Emscripten's own file system is one.
 */
export interface FileSystem {
  ErrnoError: ErrnoErrorConstructor;
  chdir(path: string): void;
  cwd(): string;
  stat(path: string): FileStat;
  /** Describes a link itself. */
  lstat(path: string): FileStat;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isLink(mode: number): boolean;
  /** Finds the mount that a path belongs to; without an `access` it is the interpreter's own memory. */
  lookupPath(
    path: string,
    options: { follow: boolean },
  ): { node: MountedNode };
  /** Returns the names in a directory, perhaps with `.` and `..`. */
  readdir(path: string): string[];
  mkdirTree(path: string): void;
  mkdir(path: string): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  chmod(path: string, mode: number): void;
  /** Sets the times of a file, in milliseconds since 1970. */
  utime(path: string, atime: number, mtime: number): void;
  truncate(path: string, size: number): void;
  readFile(path: string): Uint8Array;
  /** Writes a whole file; `flags` are those of `open`. */
  writeFile(path: string, data: Uint8Array | string, options?: { flags?: number }): void;
  /** Opens a file with the flags of Linux. */
  open(path: string, flags: number): FileStream;
  close(stream: FileStream): void;
  read(stream: FileStream, into: Uint8Array, at: number, length: number, position: number): number;
  write(stream: FileStream, from: Uint8Array, at: number, length: number, position: number): number;
}

/** An error with an errno, which a language turns into its own kind of error. */
export interface ErrnoErrorConstructor {
  new (errno: number): Error & { errno: number };
}

/** The facts of a file. */
export interface FileStat {
  mode: number;
  size: number;
  mtime: Date;
}

/** An open file. */
export interface FileStream {
  flags: number;
}
