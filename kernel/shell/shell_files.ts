import { basename, dirname, join, resolve } from "node:path/posix";
import * as errnos from "../files/errnos.ts";
import { type FileStat, type FileSystem, USUAL_UMASK } from "../files/file_system.ts";
import { O_APPEND, O_CREAT, O_WRONLY } from "../files/open_flags.ts";
import { realPath } from "../files/real_path.ts";
import { FileError } from "./file_error.ts";
import type { ShellFileStat, ShellFileSystem } from "./just_bash.ts";

const MESSAGES: Readonly<Record<number, string>> = {
  [errnos.EACCES]: "EACCES: permission denied",
  [errnos.EEXIST]: "EEXIST: file already exists",
  [errnos.EISDIR]: "EISDIR: illegal operation on a directory",
  [errnos.ELOOP]: "ELOOP: too many levels of symbolic links",
  [errnos.ENOENT]: "ENOENT: no such file or directory",
  [errnos.ENOSPC]: "ENOSPC: no space left on device",
  [errnos.ENOTDIR]: "ENOTDIR: not a directory",
  [errnos.ENOTEMPTY]: "ENOTEMPTY: directory not empty",
  [errnos.EPERM]: "EPERM: operation not permitted",
  [errnos.EXDEV]: "EXDEV: cross-device link not permitted",
};

/** The shell's view of an interpreter's file system. */
export class ShellFiles implements ShellFileSystem {
  readonly #fs: FileSystem;
  /** The names of commands, which a shell expects to be files. */
  readonly #commands: () => readonly string[];
  /** The permissions that new files and directories do not get. */
  umask = USUAL_UMASK;

  constructor(fs: FileSystem, commands: () => readonly string[]) {
    this.#fs = fs;
    this.#commands = commands;
  }

  async readFile(path: string, encoding?: unknown): Promise<string> {
    const bytes = await this.readFileBuffer(path);
    return isBinary(encoding) ? latin1(bytes) : new TextDecoder().decode(bytes);
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async readFileBuffer(path: string): Promise<Uint8Array> {
    return this.#do("open", path, () => this.#fs.readFile(path));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async writeFile(path: string, content: string | Uint8Array, encoding?: unknown): Promise<void> {
    const write = () => this.#fs.writeFile(path, toBytes(content, encoding));
    this.#do("open", path, () => this.#masked(path, NEW_FILE, write));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async appendFile(path: string, content: string | Uint8Array, encoding?: unknown): Promise<void> {
    const flags = O_WRONLY | O_CREAT | O_APPEND;
    const write = () => this.#fs.writeFile(path, toBytes(content, encoding), { flags });
    this.#do("open", path, () => this.#masked(path, NEW_FILE, write));
  }

  async exists(path: string): Promise<boolean> {
    return await this.stat(path).then(() => true, () => false);
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async stat(path: string): Promise<ShellFileStat> {
    if (BIN.test(path)) return DIRECTORY_STAT;
    if (this.#isCommand(path)) return COMMAND_STAT;
    return this.#do(
      "stat",
      path,
      () => this.#describe(this.#fs.stat(path), () => this.#realPath(path)),
    );
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async lstat(path: string): Promise<ShellFileStat> {
    if (BIN.test(path)) return DIRECTORY_STAT;
    if (this.#isCommand(path)) return COMMAND_STAT;
    return this.#do("lstat", path, () =>
      this.#describe(
        this.#fs.lstat(path),
        () => join(this.#realPath(dirname(resolve("/", path))), basename(path)),
      ));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async mkdir(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    this.#do("mkdir", path, () => this.#makeDirectory(resolve(this.#fs.cwd(), path), recursive));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async readdir(path: string): Promise<string[]> {
    if (BIN.test(path)) {
      return [...new Set([...this.#commands(), ...this.#scripts(path)])].toSorted();
    }
    const names = this.#do("scandir", path, () => this.#fs.readdir(path));
    return names.filter((name) => name !== "." && name !== "..").toSorted();
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async rm(
    path: string,
    options: { recursive?: boolean; force?: boolean } = {},
  ): Promise<void> {
    this.#do("rm", path, () => {
      try {
        this.#remove(path, options.recursive ?? false);
      } catch (error) {
        if (!(options.force && this.#errnoOf(error) === errnos.ENOENT)) throw error;
      }
    });
  }

  async cp(from: string, to: string, options: { recursive?: boolean } = {}): Promise<void> {
    await this.#copy(from, to, options, this.umask);
  }

  /** Copies a file or tree with its permissions; new files do not get those of the mask. */
  async #copy(
    from: string,
    to: string,
    options: { recursive?: boolean },
    mask: number,
  ): Promise<void> {
    const { isDirectory, mode } = await this.stat(from);
    if (!isDirectory) {
      const isNew = !this.#isThere(to);
      await this.writeFile(to, await this.readFileBuffer(from));
      if (isNew) await this.chmod(to, mode & ~mask);
      return;
    }
    if (!options.recursive) {
      throw new FileError(MESSAGES[errnos.EISDIR]!, "cp", from);
    }
    await this.mkdir(to, { recursive: true });
    for (const name of await this.readdir(from)) {
      await this.#copy(join(from, name), join(to, name), options, mask);
    }
  }

  async mv(from: string, to: string): Promise<void> {
    try {
      this.#fs.rename(from, to);
    } catch (error) {
      if (this.#errnoOf(error) !== errnos.EXDEV) {
        return this.#do("rename", from, () => {
          throw error;
        });
      }
      await this.#copy(from, to, { recursive: true }, 0);
      await this.rm(from, { recursive: true });
    }
  }

  resolvePath(base: string, path: string): string {
    return resolve("/", base, path);
  }

  getAllPaths(): string[] {
    const paths: string[] = [];
    const walk = (path: string) => {
      for (const name of this.#fs.readdir(path)) {
        if (name === "." || name === "..") continue;
        const below = join(path, name);
        paths.push(below);
        try {
          if (this.#fs.isDir(this.#fs.lstat(below).mode)) walk(below);
        } catch {
          // It is unreadable, or was removed meanwhile.
        }
      }
    };
    walk(this.#fs.cwd());
    return paths;
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async chmod(path: string, mode: number): Promise<void> {
    this.#do("chmod", path, () => this.#fs.chmod(path, mode & 0o7777));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async symlink(target: string, path: string): Promise<void> {
    this.#do("symlink", path, () => this.#fs.symlink(target, path));
  }

  /** Copies the file: the file system has one name for each file. */
  async link(from: string, to: string): Promise<void> {
    await this.#copy(from, to, {}, 0);
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async readlink(path: string): Promise<string> {
    return this.#do("readlink", path, () => this.#fs.readlink(path));
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async realpath(path: string): Promise<string> {
    return this.#do("realpath", path, () => {
      this.#fs.stat(path);
      return this.#realPath(path);
    });
  }

  // deno-lint-ignore require-await -- what it throws must reject
  async utimes(path: string, accessed: Date, modified: Date): Promise<void> {
    this.#do("utime", path, () => this.#fs.utime(path, accessed.getTime(), modified.getTime()));
  }

  /** Returns the names of the scripts that packages have put into a directory of commands. */
  #scripts(path: string): string[] {
    try {
      return this.#fs.readdir(path).filter((name) => name !== "." && name !== "..");
    } catch {
      return []; // There is no such directory.
    }
  }

  #makeDirectory(path: string, recursive: boolean): void {
    if (recursive && path !== "/") this.#makeDirectory(dirname(path), true);
    if (recursive && this.#isThere(path) && this.#fs.isDir(this.#fs.stat(path).mode)) return;
    this.#masked(path, NEW_DIRECTORY, () => this.#fs.mkdir(path));
  }

  /** Makes a file or directory, and takes the permissions of the mask from a new one. */
  #masked(path: string, mode: number, make: () => void): void {
    const isNew = this.umask !== USUAL_UMASK && !this.#isThere(path);
    make();
    if (isNew) this.#fs.chmod(path, mode & ~this.umask);
  }

  #isThere(path: string): boolean {
    try {
      this.#fs.stat(path);
      return true;
    } catch {
      return false;
    }
  }

  #remove(path: string, recursive: boolean): void {
    if (!this.#fs.isDir(this.#fs.lstat(path).mode)) return this.#fs.unlink(path);
    if (recursive) {
      for (const name of this.#fs.readdir(path)) {
        if (name !== "." && name !== "..") this.#remove(join(path, name), true);
      }
    }
    this.#fs.rmdir(path);
  }

  #realPath(path: string): string {
    return realPath(this.#fs, resolve(this.#fs.cwd(), path));
  }

  /** A file has one name, so its real path tells if two names are of the same file. */
  #describe({ mode, size, mtime }: FileStat, identity: () => string): ShellFileStat {
    return {
      get identity() {
        return identity();
      },
      isFile: !this.#fs.isDir(mode) && !this.#fs.isLink(mode),
      isDirectory: this.#fs.isDir(mode),
      isSymbolicLink: this.#fs.isLink(mode),
      mode: mode & 0o7777,
      size,
      mtime: new Date(Number(mtime)),
    };
  }

  #isCommand(path: string): boolean {
    return /^\/(usr\/)?bin\//.test(path) && this.#commands().includes(basename(path));
  }

  #errnoOf(error: unknown): number | undefined {
    return error instanceof this.#fs.ErrnoError ? error.errno : undefined;
  }

  #do<T>(operation: string, path: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      const errno = this.#errnoOf(error);
      if (errno === undefined) throw error;
      throw new FileError(MESSAGES[errno] ?? "EIO: input/output error", operation, path);
    }
  }
}

const NEW_FILE = 0o666;
const NEW_DIRECTORY = 0o777;

const COMMAND_STAT: ShellFileStat = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o755,
  size: 0,
  mtime: new Date(0),
};

/** The directories of commands; the shell's own are in no file system. */
const BIN = /^\/(usr\/)?bin\/?$/;
const DIRECTORY_STAT: ShellFileStat = { ...COMMAND_STAT, isFile: false, isDirectory: true };

function isBinary(encoding: unknown): boolean {
  const name = typeof encoding === "object" && encoding !== null
    ? (encoding as { encoding?: unknown }).encoding
    : encoding;
  return name === "binary" || name === "latin1";
}

function toBytes(content: string | Uint8Array, encoding: unknown): Uint8Array {
  if (typeof content !== "string") return content;
  return isBinary(encoding) ? fromLatin1(content) : new TextEncoder().encode(content);
}

/** Returns a text with one character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return text;
}

/** Returns the bytes of a text that has one character for each. */
export function fromLatin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
