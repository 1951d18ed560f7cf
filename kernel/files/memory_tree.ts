import { join, resolve } from "node:path/posix";
import type { Mount } from "../mounts.ts";
import {
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
} from "./errnos.ts";
import { ErrnoError } from "./errno_error.ts";
import { type FileAccount, NODE_BYTES, roomyCapacity } from "./file_account.ts";
import { FORMAT } from "./file_kinds.ts";
import type { FileStat } from "./file_system.ts";
import {
  asDirectory,
  asFile,
  contains,
  type Directory,
  type File,
  isDevice,
  isDirectory,
  isFile,
  isLink,
  newDevice,
  newDirectory,
  newFile,
  newLink,
  type Node,
} from "./memory_nodes.ts";
import { O_ACCMODE, O_CREAT, O_EXCL, O_RDONLY, O_TRUNC } from "./open_flags.ts";
import { MAX_LINKS } from "./real_path.ts";

/** A place in memory, where the last part of the path need not exist. */
export interface MemoryPlace {
  parent: Directory;
  name: string;
  node: Node | undefined;
}

/** A place in a directory of the host that is mounted. */
export interface MountedPlace {
  mount: Mount;
  hostPath: string;
}

export type Place = MemoryPlace | MountedPlace;

/** A tree of files in memory, whose directories may be covered by mounts. All that it keeps is counted. */
export class MemoryTree {
  readonly #root = newDirectory();
  readonly #account: FileAccount;

  constructor(account: FileAccount) {
    this.#account = account;
  }

  /** Returns the place of an absolute path. Throws ENOENT, ENOTDIR or ELOOP when the way to it does not exist. */
  find(path: string, follow: boolean): Place {
    if (path.includes("\0")) throw new ErrnoError(EINVAL);
    let parts = split(path);
    let links = 0;
    let parent = this.#root;
    const walked: string[] = [];
    if (this.#root.mount) return placeIn(this.#root.mount, parts);
    if (parts.length === 0) return { parent, name: "", node: this.#root };
    for (;;) {
      const name = parts.shift()!;
      const node = parent.entries.get(name);
      const isLast = parts.length === 0;
      if (node && isLink(node) && (follow || !isLast)) {
        if (++links > MAX_LINKS) throw new ErrnoError(ELOOP);
        parts = [...split(resolve(`/${walked.join("/")}`, node.target)), ...parts];
        walked.length = 0;
        parent = this.#root;
        if (parts.length === 0) return { parent, name: "", node: this.#root };
        continue;
      }
      if (node && isDirectory(node) && node.mount) return placeIn(node.mount, parts);
      if (isLast) return { parent, name, node };
      if (!node) throw new ErrnoError(ENOENT);
      parent = asDirectory(node);
      walked.push(name);
    }
  }

  stat(place: MemoryPlace): FileStat {
    const node = existing(place);
    const size = isFile(node) ? node.size : isLink(node) ? node.target.length : 0;
    return { mode: node.mode, size, mtime: new Date(node.mtime) };
  }

  list(place: MemoryPlace): string[] {
    return [...asDirectory(existing(place)).entries.keys()];
  }

  makeDirectory(place: MemoryPlace): void {
    this.#addNew(place, newDirectory());
  }

  makeLink(place: MemoryPlace, target: string): void {
    this.#addNew(place, newLink(target));
  }

  /** Adds a device that swallows everything. It is not counted: each tree has one. */
  makeDevice({ parent, name }: MemoryPlace): void {
    parent.entries.set(name, newDevice());
  }

  /** Covers a directory with one of the host. */
  mount(place: MemoryPlace, mount: Mount): void {
    asDirectory(existing(place)).mount = mount;
  }

  readLink(place: MemoryPlace): string {
    const node = existing(place);
    if (!isLink(node)) throw new ErrnoError(EINVAL);
    return node.target;
  }

  removeDirectory(place: MemoryPlace): void {
    const node = asDirectory(existing(place));
    if (node === this.#root || node.mount) throw new ErrnoError(EBUSY);
    if (node.entries.size > 0) throw new ErrnoError(ENOTEMPTY);
    this.#detach(place);
  }

  /** Removes the name of a file or link; the contents of a file stay until it is closed. */
  unlink(place: MemoryPlace): void {
    const node = existing(place);
    if (isDirectory(node)) throw new ErrnoError(EISDIR);
    if (isDevice(node)) throw new ErrnoError(EPERM);
    this.#detach(place);
  }

  rename(source: MemoryPlace, target: MemoryPlace): void {
    const node = existing(source);
    if (node === target.node) return;
    if (isDevice(node) || isDirectory(node) && (node.mount || node === this.#root)) {
      throw new ErrnoError(EBUSY);
    }
    if (isDirectory(node) && contains(node, target.parent)) throw new ErrnoError(EINVAL);
    if (target.node) this.#makeWay(node, target.node);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
    source.parent.mtime = target.parent.mtime = Date.now();
  }

  chmod(place: MemoryPlace, mode: number): void {
    const node = existing(place);
    node.mode = (node.mode & FORMAT) | (mode & 0o7777);
  }

  setTime(place: MemoryPlace, mtime: number): void {
    existing(place).mtime = mtime;
  }

  truncate(place: MemoryPlace, size: number): void {
    this.#resize(asFile(existing(place)), size);
  }

  /** Opens a file, and makes or empties it as the flags say; returns undefined for the device. */
  open(place: MemoryPlace, flags: number): File | undefined {
    const file = this.#opened(place, flags);
    if (file) file.opens++;
    return file;
  }

  close(file: File): void {
    file.opens--;
    this.#free(file);
  }

  write(file: File, bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > file.size) this.#resize(file, end);
    file.bytes.set(bytes, position);
    file.mtime = Date.now();
  }

  #opened(place: MemoryPlace, flags: number): File | undefined {
    const { node } = place;
    if (!node) {
      if (!(flags & O_CREAT)) throw new ErrnoError(ENOENT);
      const file = newFile();
      this.#add(place, file);
      return file;
    }
    if (flags & O_CREAT && flags & O_EXCL) throw new ErrnoError(EEXIST);
    const writes = (flags & O_ACCMODE) !== O_RDONLY;
    if (isDirectory(node)) throw new ErrnoError(EISDIR);
    if (isLink(node)) throw new ErrnoError(ELOOP);
    if (!isFile(node)) return undefined;
    if (writes && (node.mode & 0o222) === 0) throw new ErrnoError(EACCES);
    if (writes && flags & O_TRUNC) this.#resize(node, 0);
    return node;
  }

  #addNew(place: MemoryPlace, node: Node): void {
    if (place.node) throw new ErrnoError(EEXIST);
    this.#add(place, node);
  }

  #add({ parent, name }: MemoryPlace, node: Node): void {
    this.#account.spend(NODE_BYTES + name.length);
    parent.entries.set(name, node);
    parent.mtime = Date.now();
  }

  #detach({ parent, name, node }: MemoryPlace): void {
    parent.entries.delete(name);
    parent.mtime = Date.now();
    this.#account.spend(-(NODE_BYTES + name.length));
    if (node && isFile(node)) {
      node.removed = true;
      this.#free(node);
    }
  }

  /** Removes what is at the new name of `node`. */
  #makeWay(node: Node, old: Node): void {
    if (isDirectory(old) !== isDirectory(node)) {
      throw new ErrnoError(isDirectory(old) ? EISDIR : ENOTDIR);
    }
    if (isDevice(old)) throw new ErrnoError(EPERM);
    if (isDirectory(old) && old.mount) throw new ErrnoError(EBUSY);
    if (isDirectory(old) && old.entries.size > 0) throw new ErrnoError(ENOTEMPTY);
    if (isFile(old)) {
      old.removed = true;
      this.#free(old);
    }
    this.#account.spend(-NODE_BYTES);
  }

  /** Frees the contents of a file that has neither a name nor a reader. */
  #free(file: File): void {
    if (!file.removed || file.opens > 0) return;
    this.#account.spend(-file.bytes.length);
    file.bytes = new Uint8Array();
    file.size = 0;
  }

  #resize(file: File, size: number): void {
    const capacity = file.bytes.length;
    if (size > capacity) {
      const roomy = roomyCapacity(capacity, size);
      const next = roomy - capacity <= this.#account.free ? roomy : size;
      this.#account.spend(next - capacity);
      const bytes = new Uint8Array(next);
      bytes.set(file.bytes.subarray(0, file.size));
      file.bytes = bytes;
    } else if (size < file.size) {
      this.#account.spend(-(capacity - size));
      file.bytes = file.bytes.slice(0, size);
    }
    file.size = size;
    file.mtime = Date.now();
  }
}

function existing(place: MemoryPlace): Node {
  if (!place.node) throw new ErrnoError(ENOENT);
  return place.node;
}

function split(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function placeIn(mount: Mount, rest: readonly string[]): MountedPlace {
  return { mount, hostPath: rest.length === 0 ? mount.root : join(mount.root, ...rest) };
}
