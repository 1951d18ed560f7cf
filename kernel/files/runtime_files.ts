import { basename, dirname, resolve } from "node:path/posix";
import { KernelError, type KernelErrorCode } from "../errors.ts";
import type { Answer, CallArguments, CallReplies, FileMethod } from "../calls/methods.ts";
import type { FileEntry } from "../calls/replies.ts";
import {
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  EROFS,
  EXDEV,
} from "./errnos.ts";
import { type FileSystem, isMounted } from "./file_system.ts";
import { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } from "./open_flags.ts";

/** The error code and the reason for each errno. */
const MEANINGS: Record<number, [KernelErrorCode, string]> = {
  [EACCES]: ["permission_denied", "it may not be changed or read"],
  [EBUSY]: ["invalid_argument", "it is in use"],
  [EEXIST]: ["already_exists", "there is one already"],
  [EINVAL]: ["invalid_argument", "it cannot be done with this kind of file"],
  [EISDIR]: ["invalid_argument", "it is a directory"],
  [ELOOP]: ["invalid_argument", "it leads in a circle of links"],
  [ENOENT]: ["not_found", "there is no such file or directory"],
  [ENOSPC]: ["kernel_error", "the disk is full"],
  [ENOTDIR]: ["invalid_argument", "a part of the path is no directory"],
  [ENOTEMPTY]: [
    "invalid_argument",
    "the directory is not empty; remove what is in it too (recursive)",
  ],
  [EPERM]: ["permission_denied", "it may not be changed"],
  [EROFS]: ["permission_denied", "it can only be read"],
  [EXDEV]: ["invalid_argument", "it would move from one mount to another; copy it instead"],
};

/** Directories that the interpreter needs unchanged. */
const RESERVED = /^\/(dev|lib|proc)(\/|$)/;

type Operations = {
  [M in Exclude<FileMethod, "fileRead">]: (
    args: CallArguments[M],
    buffers: Uint8Array[],
  ) => CallReplies[M];
};

/**
 * The kernel's files. They are read from the virtual file system and not through the language, where user
 * code may have replaced the functions that open files.
 */
export class RuntimeFiles {
  readonly #fs: FileSystem;
  readonly #limitMiB: number;
  readonly #operations: Operations = {
    fileStat: ({ path }) => this.#entry(this.#resolve(path)),
    fileList: ({ path }) => this.#list(this.#resolve(path)),
    fileCreate: ({ path }) => this.#create(this.#resolveWritable(path)),
    fileAppend: ({ path, offset }, buffers) =>
      this.#append(this.#resolveWritable(path), offset, buffers),
    fileMakeDirectory: ({ path }) => this.#makeDirectory(this.#resolveWritable(path)),
    fileRename: ({ from, to, replace }) =>
      this.#rename(this.#resolveWritable(from), this.#resolveWritable(to), replace),
    fileRemove: ({ path, recursive }) => this.#remove(this.#resolveWritable(path), recursive),
  };

  /** @param limitMiB the most that the kernel's own files may take. */
  constructor(fs: FileSystem, limitMiB: number) {
    this.#fs = fs;
    this.#limitMiB = limitMiB;
  }

  /** Returns true when the method is about files. */
  has(method: string): method is FileMethod {
    return Object.hasOwn(ACTIONS, method);
  }

  /**
   * Carries out one operation.
   *
   * @throws {KernelError} naming the operation, the path and the reason of the failure.
   */
  call<M extends FileMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[],
  ): Answer<CallReplies[M]>;
  call(
    method: FileMethod,
    args: CallArguments[FileMethod],
    buffers: Uint8Array[],
  ): Answer<unknown> {
    try {
      if (method === "fileRead") return this.#read(args as CallArguments["fileRead"]);
      // Typed by the overload: the arguments are those of the method.
      return { value: this.#operations[method](args as never, buffers), buffers: [] };
    } catch (error) {
      if (error instanceof KernelError) throw error;
      const path = "path" in args ? args.path : `${args.from}" to "${args.to}`;
      const [code, meaning] = this.#meaning(error, "path" in args ? args.path : args.to);
      throw new KernelError(code, `${ACTIONS[method]} "${path}": ${meaning}`, { cause: error });
    }
  }

  #meaning(error: unknown, path: string): [KernelErrorCode, string] {
    const errno = error instanceof this.#fs.ErrnoError ? error.errno : undefined;
    if (errno === ENOSPC && !this.#isMounted(path)) {
      const limit = `${this.#limitMiB} MiB (limits.filesMiB)`;
      return ["files_full", `the kernel's files would take more than its limit of ${limit}`];
    }
    const known = errno === undefined ? undefined : MEANINGS[errno];
    return known ?? ["kernel_error", errno === undefined ? String(error) : `error ${errno}`];
  }

  #isMounted(path: string): boolean {
    const directory = dirname(this.#resolve(path));
    try {
      return isMounted(this.#fs.lookupPath(directory, { follow: true }).node);
    } catch {
      return false;
    }
  }

  #resolve(path: string): string {
    if (path.includes("\0")) {
      throw new KernelError("invalid_argument", "Cannot use a path that contains NUL");
    }
    return resolve(this.#fs.cwd(), path);
  }

  #resolveWritable(path: string): string {
    const resolved = this.#resolve(path);
    if (!RESERVED.test(resolved) && resolved !== "/") return resolved;
    throw new KernelError(
      "permission_denied",
      `Cannot change "${resolved}": the interpreter needs it as it is`,
    );
  }

  #entry(path: string): FileEntry {
    const stat = this.#stat(path);
    const { mode } = stat;
    const { access } = this.#fs.lookupPath(path, { follow: false }).node.mount.opts;
    return {
      name: basename(path),
      path,
      type: this.#fs.isDir(mode)
        ? "directory"
        : this.#fs.isFile(mode)
        ? "file"
        : this.#fs.isLink(mode)
        ? "link"
        : "other",
      size: stat.size,
      modified: new Date(Number(stat.mtime)).toISOString(),
      writable: access !== "ro" && (mode & 0o222) !== 0 && !RESERVED.test(path),
    };
  }

  /** Describes the target of a link; the link itself when it leads nowhere. */
  #stat(path: string) {
    const own = this.#fs.lstat(path);
    if (!this.#fs.isLink(own.mode)) return own;
    try {
      return this.#fs.stat(path);
    } catch {
      return own;
    }
  }

  #list(path: string): { entries: FileEntry[] } {
    const names = this.#fs.readdir(path).filter((name) => name !== "." && name !== "..");
    const entries = names.flatMap((name) => {
      try {
        return this.#entry(resolve(path, name));
      } catch {
        return []; // The file is unreadable, or was removed meanwhile.
      }
    });
    const rank = ({ type }: FileEntry) => type === "directory" ? 0 : 1;
    entries.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
    return { entries };
  }

  #read({ path, offset, length }: CallArguments["fileRead"]): Answer<Record<string, never>> {
    const stream = this.#fs.open(this.#resolve(path), O_RDONLY);
    try {
      const bytes = new Uint8Array(length);
      const count = this.#fs.read(stream, bytes, 0, length, offset);
      return { value: {}, buffers: [bytes.subarray(0, count)] };
    } finally {
      this.#fs.close(stream);
    }
  }

  #create(path: string): { temporary: string; exists: boolean } {
    this.#fs.mkdirTree(dirname(path));
    const exists = this.#exists(path);
    if (exists && this.#entry(path).type === "directory") throw new this.#fs.ErrnoError(EISDIR);
    const temporary = `${dirname(path)}/.${basename(path)}.${crypto.randomUUID()}.part`;
    this.#fs.close(this.#fs.open(temporary, O_WRONLY | O_CREAT | O_EXCL));
    return { temporary, exists };
  }

  #append(path: string, offset: number, buffers: Uint8Array[]): Record<string, never> {
    const stream = this.#fs.open(path, O_WRONLY);
    try {
      let position = offset;
      for (const bytes of buffers) {
        this.#fs.write(stream, bytes, 0, bytes.length, position);
        position += bytes.length;
      }
    } finally {
      this.#fs.close(stream);
    }
    return {};
  }

  #makeDirectory(path: string): FileEntry {
    if (this.#exists(path)) throw new this.#fs.ErrnoError(EEXIST);
    this.#fs.mkdirTree(path);
    return this.#entry(path);
  }

  #rename(from: string, to: string, replace: boolean): FileEntry {
    if (!replace && this.#exists(to)) throw new this.#fs.ErrnoError(EEXIST);
    this.#fs.rename(from, to);
    return this.#entry(to);
  }

  #remove(path: string, recursive: boolean): Record<string, never> {
    const { mode } = this.#fs.lstat(path);
    if (!this.#fs.isDir(mode)) {
      this.#fs.unlink(path);
      return {};
    }
    if (recursive) {
      for (const name of this.#fs.readdir(path)) {
        if (name !== "." && name !== "..") this.#remove(resolve(path, name), true);
      }
    }
    this.#fs.rmdir(path);
    return {};
  }

  #exists(path: string): boolean {
    try {
      this.#fs.lstat(path);
      return true;
    } catch {
      return false;
    }
  }
}

const ACTIONS: Record<FileMethod, string> = {
  fileStat: "Cannot find",
  fileList: "Cannot list",
  fileRead: "Cannot read",
  fileCreate: "Cannot write",
  fileAppend: "Cannot write",
  fileMakeDirectory: "Cannot make",
  fileRename: "Cannot rename",
  fileRemove: "Cannot remove",
};
