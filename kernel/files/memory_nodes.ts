/** The nodes of a tree of files in memory. */
import type { Mount } from "../mounts.ts";
import { EINVAL, EISDIR, ENOTDIR } from "./errnos.ts";
import { ErrnoError } from "./errno_error.ts";
import { DEVICE, DIRECTORY, FORMAT, LINK, REGULAR } from "./file_kinds.ts";

interface Facts {
  mode: number;
  /** The time of the last change, in milliseconds since 1970. */
  mtime: number;
}

export interface Directory extends Facts {
  entries: Map<string, Node>;
  /** The directory of the host that covers this one. */
  mount?: Mount;
}

export interface File extends Facts {
  /** The contents, and room to grow. */
  bytes: Uint8Array;
  /** The number of bytes that are contents. */
  size: number;
  /** The number of streams that are open. */
  opens: number;
  /** True when the file has no name any more. */
  removed: boolean;
}

export interface Link extends Facts {
  target: string;
}

export type Node = Directory | File | Link | Facts;

export function newDirectory(): Directory {
  return { mode: DIRECTORY | 0o755, mtime: Date.now(), entries: new Map() };
}

export function newFile(): File {
  const mode = REGULAR | 0o644;
  return { mode, mtime: Date.now(), bytes: new Uint8Array(), size: 0, opens: 0, removed: false };
}

export function newLink(target: string): Link {
  return { mode: LINK | 0o777, mtime: Date.now(), target };
}

export function newDevice(): Node {
  return { mode: DEVICE | 0o666, mtime: Date.now() };
}

export function isDirectory(node: Node): node is Directory {
  return "entries" in node;
}

export function isFile(node: Node): node is File {
  return "bytes" in node;
}

export function isLink(node: Node): node is Link {
  return "target" in node;
}

export function isDevice(node: Node): boolean {
  return (node.mode & FORMAT) === DEVICE;
}

/** Returns a node as a directory. Throws ENOTDIR for another one. */
export function asDirectory(node: Node): Directory {
  if (!isDirectory(node)) throw new ErrnoError(ENOTDIR);
  return node;
}

/** Returns a node as a file. Throws EISDIR for a directory, and EINVAL for another node. */
export function asFile(node: Node): File {
  if (isDirectory(node)) throw new ErrnoError(EISDIR);
  if (!isFile(node)) throw new ErrnoError(EINVAL);
  return node;
}

/** Returns true when a directory is another one, or is in it at any depth. */
export function contains(tree: Directory, directory: Directory): boolean {
  return tree === directory ||
    [...tree.entries.values()].some((entry) => isDirectory(entry) && contains(entry, directory));
}
