/** The modules `node:fs` and `node:fs/promises`, on the kernel's own file system. */
import { Buffer } from "node:buffer";
import { join } from "node:path/posix";
import type { FileStat } from "../files/file_system.ts";
import { type FileAccess, FileError, type PathLike } from "./file_access.ts";
import type { ModuleExports } from "./modules.ts";

type Encoding = BufferEncoding | null | undefined;
type Options = Encoding | {
  encoding?: Encoding;
  flag?: string;
  recursive?: boolean;
  withFileTypes?: boolean;
  force?: boolean;
};
type BufferEncoding = "utf8" | "utf-8" | "latin1" | "base64" | "hex" | "ascii";

/** Makes both modules. The descriptor 0, and `/dev/stdin`, are the standard input. */
export function nodeFiles(
  files: FileAccess,
  stdin: Uint8Array = new Uint8Array(),
): Record<"fs" | "fs/promises", ModuleExports> {
  const encodingOf = (options: Options) =>
    typeof options === "string" ? options : options?.encoding ?? undefined;
  const write = (path: PathLike, data: string | Uint8Array, options: Options, append: boolean) => {
    const bytes = typeof data === "string"
      ? Buffer.from(data, encodingOf(options) ?? "utf8")
      : data;
    const flag = typeof options === "object" ? options?.flag : undefined;
    files.write(path, bytes, { append: append || flag?.startsWith("a") === true });
  };
  const operations: Record<string, (...args: never[]) => unknown> = {
    readFile: (path: PathLike | number, options?: Options) => {
      const isInput = path === 0 || path === "/dev/stdin";
      const buffer = Buffer.from(isInput ? stdin : files.read(path as PathLike));
      const encoding = encodingOf(options);
      return encoding ? buffer.toString(encoding) : buffer;
    },
    writeFile: (path: PathLike, data: string | Uint8Array, options?: Options) =>
      write(path, data, options, false),
    appendFile: (path: PathLike, data: string | Uint8Array, options?: Options) =>
      write(path, data, options, true),
    readdir: (path: PathLike, options?: Options) => listing(files, path, options),
    stat: (path: PathLike) => new Stats(files, files.stat(path)),
    lstat: (path: PathLike) => new Stats(files, files.lstat(path)),
    mkdir: (path: PathLike, options?: { recursive?: boolean }) =>
      files.makeDirectory(path, options),
    mkdtemp: (prefix: string) => {
      const path = `${prefix}${crypto.randomUUID().slice(0, 6)}`;
      files.makeDirectory(path);
      return path;
    },
    rmdir: (path: PathLike, options?: { recursive?: boolean }) => files.remove(path, options),
    rm: (path: PathLike, options?: { recursive?: boolean; force?: boolean }) => {
      if (options?.force && !files.exists(path)) return;
      files.remove(path, options);
    },
    unlink: (path: PathLike) => files.remove(path),
    rename: (from: PathLike, to: PathLike) => files.rename(from, to),
    copyFile: (from: PathLike, to: PathLike) => files.copy(from, to),
    truncate: (path: PathLike, size?: number) => files.truncate(path, size),
    chmod: (path: PathLike, mode: number) => files.chmod(path, mode),
    utimes: (path: PathLike, accessed: number | Date, modified: number | Date) =>
      files.setTimes(path, accessed, modified),
    symlink: (target: PathLike, path: PathLike) => files.link(target, path),
    readlink: (path: PathLike) => files.readLink(path),
    realpath: (path: PathLike) => files.realPath(path),
    access: (path: PathLike) => void files.stat(path),
  };
  const fs: ModuleExports = { existsSync: (path: PathLike) => files.exists(path) };
  const promises: ModuleExports = {};
  for (const [name, operation] of Object.entries(operations)) {
    const run = operation as (...args: unknown[]) => unknown;
    fs[`${name}Sync`] = (...args: unknown[]) => inNodesWords(() => run(...args));
    // deno-lint-ignore require-await -- what it throws must reject
    promises[name] = async (...args: unknown[]) => inNodesWords(() => run(...args));
    fs[name] = (...args: unknown[]) => {
      const callback = args.pop() as (error: unknown, value?: unknown) => void;
      (promises[name] as (...args: unknown[]) => Promise<unknown>)(...args).then(
        (value) => callback(null, value),
        callback,
      );
    };
  }
  fs["promises"] = promises;
  return {
    "fs": { ...fs, default: fs },
    "fs/promises": { ...promises, default: promises },
  };
}

class Stats {
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
  readonly mtimeMs: number;
  readonly #files: FileAccess;

  constructor(files: FileAccess, { size, mode, mtime }: FileStat) {
    this.#files = files;
    this.size = size;
    this.mode = mode;
    this.mtimeMs = Number(mtime);
    this.mtime = new Date(this.mtimeMs);
  }

  isFile(): boolean {
    return this.#files.fs.isFile(this.mode);
  }

  isDirectory(): boolean {
    return this.#files.fs.isDir(this.mode);
  }

  isSymbolicLink(): boolean {
    return this.#files.fs.isLink(this.mode);
  }
}

function listing(files: FileAccess, path: PathLike, options: Options, below = ""): unknown[] {
  const { recursive = false, withFileTypes = false } = typeof options === "object" && options || {};
  const at = join(files.path(path), below);
  return files.list(at).flatMap(({ name, mode }) => {
    const isDirectory = files.fs.isDir(mode);
    const entry = withFileTypes
      ? {
        name,
        parentPath: at,
        isFile: () => files.fs.isFile(mode),
        isDirectory: () => isDirectory,
        isSymbolicLink: () => files.fs.isLink(mode),
      }
      : join(below, name);
    return recursive && isDirectory
      ? [entry, ...listing(files, path, options, join(below, name))]
      : [entry];
  });
}

/** Gives an error of a file Node's words. */
function inNodesWords<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { code, path, operation: syscall } = error;
    throw Object.assign(new Error(`${code}: ${error.message}`), { code, path, syscall });
  }
}
