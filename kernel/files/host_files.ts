import * as node from "node:fs";
import type { Mount } from "../mounts.ts";

/** Kept before user code can replace them. */
const { assign, create, freeze } = Object;
const startsWith = uncurried(String.prototype.startsWith);
const includes = uncurried(String.prototype.includes);
/** Node's functions of these names ask the global `Deno`, which a JavaScript kernel replaces. */
const {
  chmodSync,
  lstatSync,
  mkdirSync,
  readLinkSync,
  removeSync,
  renameSync,
  symlinkSync,
  utimeSync,
} = Deno;

/** The flags of `open` that write to a file, or create it. */
const CHANGES = node.constants.O_WRONLY | node.constants.O_RDWR | node.constants.O_CREAT |
  node.constants.O_TRUNC | node.constants.O_APPEND;

/** The functions of Node's file system that the interpreter's file system gets, by name. */
export type HostFileFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The facts of a file that {@linkcode HostFiles.lstat} tells. */
export interface HostStat {
  mode: number;
  size: number;
  mtimeMs: number;
  /** The number of names of the file. */
  links: number;
}

/**
 * The part of the host's files that an interpreter may reach: paths in its mounts, and descriptors that
 * it has opened there. Every call is checked, because user code can call the interpreter's file system
 * with objects of its own making that name other paths or descriptors, such as the server's standard
 * output.
 */
export class HostFiles {
  readonly functions: HostFileFunctions;
  readonly #mounts: Pick<Mount, "root" | "access">[] = [];
  /** The open descriptors. No array, because user code can add entries to the prototype of all arrays. */
  readonly #open: Record<number, true> = create(null);

  /** Allows no paths until a mount is added. */
  constructor() {
    const { read, change, descriptor } = this.#checks();
    this.functions = freeze({
      lstatSync: read(node.lstatSync),
      readdirSync: read(node.readdirSync),
      readlinkSync: read(readLinkSync),
      statfsSync: read(node.statfsSync),
      readFileSync: read(node.readFileSync),
      chmodSync: change(chmodSync),
      utimesSync: change(utimeSync),
      truncateSync: change(node.truncateSync),
      mkdirSync: change((path: string, mode?: number) =>
        mkdirSync(path, mode === undefined ? {} : { mode })
      ),
      writeFileSync: change(node.writeFileSync),
      unlinkSync: change((path: string) => removeSync(path)),
      rmdirSync: change(node.rmdirSync),
      renameSync: (from: string, to: string) => {
        this.#assertReached(from, true);
        this.#assertReached(to, true);
        renameSync(from, to);
      },
      symlinkSync: (target: string, path: string) => {
        this.#assertReached(path, true);
        symlinkSync(target, path);
      },
      openSync: (path: string, flags: number) => {
        this.#assertReached(path, typeof flags !== "number" || (flags & CHANGES) !== 0);
        const fd = node.openSync(path, flags);
        this.#open[fd] = true;
        return fd;
      },
      closeSync: (fd: number) => {
        this.#assertOpen(fd);
        delete this.#open[fd];
        node.closeSync(fd);
      },
      readSync: descriptor(node.readSync),
      writeSync: descriptor(node.writeSync),
      fstatSync: descriptor(node.fstatSync),
      fchmodSync: descriptor(node.fchmodSync),
      futimesSync: descriptor(node.futimesSync),
      ftruncateSync: descriptor(node.ftruncateSync),
      fsyncSync: descriptor(node.fsyncSync),
    });
  }

  /** Allows the paths of a mounted directory from now on. */
  add({ root, access }: Pick<Mount, "root" | "access">): void {
    const { length } = this.#mounts;
    this.#mounts[length] = { root: root.endsWith("/") ? root.slice(0, -1) : root, access };
  }

  /** Returns facts of a file, whatever has become of the global `Deno`. A link is not followed. */
  lstat(path: string): HostStat {
    this.#assertReached(path, false);
    const { mode, size, mtime, nlink } = lstatSync(path);
    return { mode: mode ?? 0, size, mtimeMs: mtime?.getTime() ?? 0, links: nlink ?? 1 };
  }

  #checks() {
    const pathOf = (changes: boolean) =>
    <A extends unknown[], R>(call: (...args: A) => R) =>
    (
      ...args: A
    ): R => {
      this.#assertReached(args[0], changes);
      return call(...args);
    };
    const descriptor = <A extends unknown[], R>(call: (...args: A) => R) => (...args: A): R => {
      this.#assertOpen(args[0]);
      return call(...args);
    };
    return { read: pathOf(false), change: pathOf(true), descriptor };
  }

  #assertReached(path: unknown, changes: boolean): void {
    if (typeof path === "string" && !includes(`${path}/`, "/../") && !includes(path, "\0")) {
      for (let index = 0; index < this.#mounts.length; index++) {
        const { root, access } = this.#mounts[index]!;
        if (path !== root && !startsWith(path, `${root}/`)) continue;
        if (!changes || access === "rw") return;
        throw failure("EACCES", "it is mounted read-only");
      }
    }
    throw failure("ENOENT", "the kernel has no such file");
  }

  #assertOpen(fd: unknown): void {
    if (typeof fd !== "number" || this.#open[fd] !== true) {
      throw failure("EBADF", "the kernel opened no such file");
    }
  }
}

/** Makes an error in Node's form, which the interpreter's file system turns into an error number. */
function failure(code: string, reason: string): Error {
  return assign(new Error(`${code}: ${reason}`), { code });
}

/** Returns a method as a function of its object, which works even when user code changes the prototypes. */
function uncurried<T, A extends unknown[], R>(method: (this: T, ...args: A) => R) {
  return Function.prototype.call.bind(method) as (self: T, ...args: A) => R;
}
