/** The functions of `Deno` for files, on the kernel's own file system. */
import type { FileStat } from "../files/file_system.ts";
import {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "../files/open_flags.ts";
import {
  type FileAccess,
  FileError,
  type OpenFile,
  type PathLike,
  type WriteMode,
} from "./file_access.ts";

/** Taken before the globals are reduced. */
const { errors } = Deno;

/** Deno's classes of errors, by Node's names. */
const CLASSES: Readonly<Record<string, new (message: string) => Error>> = {
  EACCES: errors.PermissionDenied,
  EBUSY: errors.Busy,
  EEXIST: errors.AlreadyExists,
  EISDIR: errors.IsADirectory,
  ELOOP: errors.FilesystemLoop,
  ENOENT: errors.NotFound,
  ENOTDIR: errors.NotADirectory,
  EPERM: errors.PermissionDenied,
};

/** Makes the functions, each beside the one of the same name that does not wait. */
export function denoFiles(files: FileAccess): Record<string, unknown> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const operations: Record<string, (...args: never[]) => unknown> = {
    readFile: (path: PathLike) => files.read(path),
    readTextFile: (path: PathLike) => decoder.decode(files.read(path)),
    writeFile: (path: PathLike, data: Uint8Array, options?: WriteMode) =>
      files.write(path, data, options),
    writeTextFile: (path: PathLike, text: string, options?: WriteMode) =>
      files.write(path, encoder.encode(text), options),
    stat: (path: PathLike) => fileInfo(files, files.stat(path)),
    lstat: (path: PathLike) => fileInfo(files, files.lstat(path)),
    mkdir: (path: PathLike, options?: { recursive?: boolean }) =>
      files.makeDirectory(path, options),
    remove: (path: PathLike, options?: { recursive?: boolean }) => files.remove(path, options),
    rename: (from: PathLike, to: PathLike) => files.rename(from, to),
    copyFile: (from: PathLike, to: PathLike) => files.copy(from, to),
    truncate: (path: PathLike, size?: number) => files.truncate(path, size),
    chmod: (path: PathLike, mode: number) => files.chmod(path, mode),
    utime: (path: PathLike, accessed: number | Date, modified: number | Date) =>
      files.setTimes(path, accessed, modified),
    symlink: (target: PathLike, path: PathLike) => files.link(target, path),
    readLink: (path: PathLike) => files.readLink(path),
    realPath: (path: PathLike) => files.realPath(path),
    makeTempFile: (options?: object) => files.makeTemporary("file", options),
    makeTempDir: (options?: object) => files.makeTemporary("directory", options),
    open: (path: PathLike, options?: OpenOptions) => new FsFile(files.open(path, flagsOf(options))),
    create: (path: PathLike) => new FsFile(files.open(path, O_RDWR | O_CREAT | O_TRUNC)),
  };
  const functions: Record<string, unknown> = {
    cwd: () => files.fs.cwd(),
    chdir: (path: PathLike) => inDenosWords(() => files.chdir(path)),
    readDirSync: (path: PathLike) =>
      inDenosWords(() => files.list(path).map((it) => directoryEntry(files, it)))
        [Symbol.iterator](),
    async *readDir(path: PathLike) {
      yield* inDenosWords(() => files.list(path).map((it) => directoryEntry(files, it)));
    },
    FsFile,
  };
  for (const [name, operation] of Object.entries(operations)) {
    const run = operation as (...args: unknown[]) => unknown;
    functions[`${name}Sync`] = (...args: unknown[]) => inDenosWords(() => run(...args));
    functions[name] = async (...args: unknown[]) => {
      const settled = await Promise.all(args.map(collected));
      return inDenosWords(() => run(...settled));
    };
  }
  return functions;
}

interface OpenOptions {
  read?: boolean;
  write?: boolean;
  append?: boolean;
  create?: boolean;
  createNew?: boolean;
  truncate?: boolean;
}

function flagsOf({ read, write, append, create, createNew, truncate }: OpenOptions = {}): number {
  const writes = write || append;
  const access = writes ? (read ? O_RDWR : O_WRONLY) : O_RDONLY;
  return access | (create || createNew ? O_CREAT : 0) | (createNew ? O_EXCL : 0) |
    (truncate ? O_TRUNC : 0) | (append ? O_APPEND : 0);
}

/** An open file, with the members of Deno's class that need no system. */
class FsFile {
  readonly #file: OpenFile;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  readSync(into: Uint8Array): number | null {
    const count = inDenosWords(() => this.#file.read(into));
    return count === 0 && into.length > 0 ? null : count;
  }

  writeSync(bytes: Uint8Array): number {
    return inDenosWords(() => this.#file.write(bytes));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async read(into: Uint8Array): Promise<number | null> {
    return this.readSync(into);
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async write(bytes: Uint8Array): Promise<number> {
    return this.writeSync(bytes);
  }

  seekSync(offset: number, whence = 0): number {
    const base = whence === 0 ? 0 : this.#file.position;
    return this.#file.position = base + offset;
  }

  seek(offset: number, whence = 0): Promise<number> {
    return Promise.resolve(this.seekSync(offset, whence));
  }

  get readable(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull: (controller) => {
        const bytes = new Uint8Array(64 * 1024);
        const count = this.readSync(bytes);
        if (count !== null) return controller.enqueue(bytes.subarray(0, count));
        this.close();
        controller.close();
      },
      cancel: () => this.close(),
    });
  }

  get writable(): WritableStream<Uint8Array> {
    return new WritableStream({
      write: (bytes) => void this.writeSync(bytes),
      close: () => this.close(),
    });
  }

  close(): void {
    inDenosWords(() => this.#file.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Collects a stream that is to be written. */
async function collected(value: unknown): Promise<unknown> {
  if (!(value instanceof ReadableStream)) return value;
  return new Uint8Array(
    await new Response(value as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}

function fileInfo(files: FileAccess, { mode, size, mtime }: FileStat) {
  const { fs } = files;
  return {
    isFile: fs.isFile(mode),
    isDirectory: fs.isDir(mode),
    isSymlink: fs.isLink(mode),
    size,
    mtime: new Date(Number(mtime)),
    atime: null,
    birthtime: null,
    mode,
  };
}

function directoryEntry({ fs }: FileAccess, { name, mode }: { name: string; mode: number }) {
  return {
    name,
    isFile: fs.isFile(mode),
    isDirectory: fs.isDir(mode),
    isSymlink: fs.isLink(mode),
  };
}

/** Gives an error of a file the class that Deno has for it. */
function inDenosWords<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const Class = CLASSES[error.code] ?? Error;
    throw Object.assign(new Class(error.message), { code: error.code });
  }
}
