import * as node from "node:fs";
import type { Mount } from "../mounts.ts";

/** Kept from before user code could replace them. */
const { assign, create, freeze } = Object;
const startsWith = uncurried(String.prototype.startsWith);
const includes = uncurried(String.prototype.includes);

/** Flags of an opened file: it is written to, or made. */
const CHANGES = node.constants.O_WRONLY | node.constants.O_RDWR | node.constants.O_CREAT |
  node.constants.O_TRUNC | node.constants.O_APPEND;

/** The functions of Node's file system that the interpreter's file system is given. */
export type HostFileFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * The host's files as far as an interpreter reaches them: paths below what was mounted, and
 * descriptors that it opened there. User code can call the interpreter's file system with objects of
 * its own making, which name other paths and descriptors, such as the server's standard output.
 */
export class HostFiles {
  readonly functions: HostFileFunctions;
  readonly #mounts: Pick<Mount, "root" | "access">[] = [];
  /** By descriptor; an array would look for what it lacks in its prototype. */
  readonly #open: Record<number, true> = create(null);

  /** Reaches nothing yet. */
  constructor() {
    const { read, change, descriptor } = this.#checks();
    this.functions = freeze({
      lstatSync: read(node.lstatSync),
      readdirSync: read(node.readdirSync),
      readlinkSync: read(node.readlinkSync),
      statfsSync: read(node.statfsSync),
      readFileSync: read(node.readFileSync),
      chmodSync: change(node.chmodSync),
      utimesSync: change(node.utimesSync),
      truncateSync: change(node.truncateSync),
      mkdirSync: change(node.mkdirSync),
      writeFileSync: change(node.writeFileSync),
      unlinkSync: change(node.unlinkSync),
      rmdirSync: change(node.rmdirSync),
      renameSync: (from: string, to: string) => {
        this.#assertReached(from, true);
        this.#assertReached(to, true);
        node.renameSync(from, to);
      },
      symlinkSync: (target: string, path: string) => {
        this.#assertReached(path, true);
        node.symlinkSync(target, path);
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

  /** Reaches a mounted directory from now on. */
  add({ root, access }: Pick<Mount, "root" | "access">): void {
    const { length } = this.#mounts;
    this.#mounts[length] = { root: root.endsWith("/") ? root.slice(0, -1) : root, access };
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

/** An error as Node makes them, which the interpreter's file system makes an error number of. */
function failure(code: string, reason: string): Error {
  return assign(new Error(`${code}: ${reason}`), { code });
}

/** A method as a function that takes its object first, whatever becomes of the prototypes. */
function uncurried<T, A extends unknown[], R>(method: (this: T, ...args: A) => R) {
  return Function.prototype.call.bind(method) as (self: T, ...args: A) => R;
}
