import { free } from "./bytes.ts";
import type { EmscriptenModule, FsNode, FsStream, MemoryNode, WriteBytes } from "./emscripten.ts";
import { ENOSPC } from "../files/errnos.ts";
import { FileAccount, type FileLimits, NODE_BYTES, roomyCapacity } from "../files/file_account.ts";
import type { PackedFiles } from "./packed_files.ts";

/** Flags of `mmap`. */
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const NOTHING = new Uint8Array(0);

/**
 * Limits the files that Python keeps in memory. They are JavaScript buffers, which neither the limit of
 * WebAssembly's memory nor V8's heap limit covers. Python raises an OSError when a limit is reached. Packed
 * files count when they are written.
 */
export function limitFiles(
  module: EmscriptenModule,
  limits: FileLimits,
  packed: PackedFiles,
): void {
  const { FS } = module;
  FS.MAX_OPEN_FDS = limits.open;
  const account = new FileAccount(limits.bytes, () => new FS.ErrnoError(ENOSPC));
  tellSpace(module, account);
  limitMemoryFiles(module, account, packed);
  limitMountedFiles(module, account);
}

/** Maps a part of a file into memory. */
type MapFile = (
  stream: FsStream,
  length: number,
  position: number,
  protection: number,
  flags: number,
) => unknown;

/** The size of the blocks in which `statfs` counts. */
const BLOCK_BYTES = 4096;

/** Has `statfs`, and so `shutil.disk_usage`, tell how much of the limit is left. */
function tellSpace({ FS }: EmscriptenModule, account: FileAccount): void {
  const { MEMFS, NODEFS } = FS.filesystems;
  const blocks = (bytes: number) => Math.floor(bytes / BLOCK_BYTES);
  const left = () => ({
    blocks: blocks(account.bytes),
    bfree: blocks(account.free),
    bavail: blocks(account.free),
  });
  for (const kind of Object.values(MEMFS.ops_table)) kind.node["statfs"] = left;
  // Kernels have no permission to ask the host, and could not use more than their limit.
  NODEFS.node_ops["statfs"] = left;
}

function limitMemoryFiles(
  { FS }: EmscriptenModule,
  account: FileAccount,
  packed: PackedFiles,
): void {
  const { MEMFS } = FS.filesystems;
  const { dir, file } = MEMFS.ops_table;
  const sizeOf = (node: MemoryNode) => NODE_BYTES + node.name.length + (node.contents?.length ?? 0);
  /** The number of open streams of each file: a file that was removed keeps its memory until it is closed. */
  const opens = new WeakMap<MemoryNode, number>();
  const unnamed = new WeakSet<MemoryNode>();
  const releaseUnused = (node: MemoryNode) => {
    if (!unnamed.has(node) || opens.get(node)) return;
    account.set(node, 0);
    if (packed.has(node)) packed.forget(node);
    else if (node.contents instanceof Uint8Array) freeReplaced(node, () => node.contents = NOTHING);
  };
  const remove = (node: MemoryNode) => {
    unnamed.add(node);
    releaseUnused(node);
  };
  const resize = (node: MemoryNode, contentBytes: number) =>
    account.set(node, NODE_BYTES + node.name.length + contentBytes);

  const own = (node: MemoryNode) => {
    if (!packed.has(node)) return;
    resize(node, node.usedBytes);
    packed.own(node);
  };

  const { createNode, resizeFileStorage } = MEMFS;
  MEMFS.createNode = (parent, name, mode, device) => {
    account.require(NODE_BYTES + name.length);
    const node = createNode(parent, name, mode, device);
    account.set(node, sizeOf(node));
    return node;
  };
  MEMFS.expandFileStorage = (node, wanted) => {
    const capacity = node.contents.length;
    if (capacity >= wanted) return;
    const roomy = roomyCapacity(capacity, wanted);
    const next = account.allows(node, NODE_BYTES + node.name.length + roomy) ? roomy : wanted;
    resize(node, next);
    freeReplaced(node, () => {
      const contents = new Uint8Array(next);
      contents.set(node.contents.subarray(0, node.usedBytes));
      node.contents = contents;
    });
  };
  MEMFS.resizeFileStorage = (node, size) => {
    resize(node, size);
    freeReplaced(node, () => resizeFileStorage(node, size));
  };
  const write = file.stream.write as WriteBytes;
  file.stream.write = ((stream, bytes, offset, length, position, canOwn) => {
    const node = stream.node as MemoryNode;
    own(node);
    // The first write creates the contents without a call of `expandFileStorage`.
    if (length > 0 && node.usedBytes === 0 && position === 0) resize(node, length);
    return write(stream, bytes, offset, length, position, canOwn);
  }) satisfies WriteBytes;
  const map = file.stream["mmap"] as MapFile;
  file.stream["mmap"] = ((stream, length, position, protection, flags) => {
    const isWritten = (protection & PROT_WRITE) !== 0 && (flags & MAP_SHARED) !== 0;
    if (isWritten) own(stream.node as MemoryNode);
    return map(stream, length, position, protection, flags);
  }) satisfies MapFile;
  file.stream.open = file.stream.dup = ({ node }: FsStream) => {
    opens.set(node as MemoryNode, (opens.get(node as MemoryNode) ?? 0) + 1);
  };
  file.stream.close = ({ node }: FsStream) => {
    opens.set(node as MemoryNode, (opens.get(node as MemoryNode) ?? 1) - 1);
    releaseUnused(node as MemoryNode);
  };
  const { unlink, rmdir, rename } = dir.node as Record<string, (...args: unknown[]) => unknown>;
  const removing = (stock: (...args: unknown[]) => unknown) => (parent: FsNode, name: string) => {
    const node = FS.lookupNode(parent, name) as MemoryNode;
    stock(parent, name);
    remove(node);
  };
  dir.node["unlink"] = removing(unlink!);
  dir.node["rmdir"] = removing(rmdir!);
  dir.node["rename"] = (from: FsNode, directory: FsNode, name: string) => {
    const replaced = (directory as MemoryNode).contents as unknown as Record<string, MemoryNode>;
    const node = Object.hasOwn(replaced, name) ? replaced[name] : undefined;
    rename!(from, directory, name);
    if (node && node !== from) remove(node);
  };
}

/**
 * Frees the bytes that a change has replaced. The collector would leave them for long: files that grow or
 * are written anew had taken 390 MiB besides their contents.
 */
function freeReplaced(node: MemoryNode, change: () => void): void {
  const { contents } = node;
  change();
  const ownsAll = contents.buffer instanceof ArrayBuffer && contents.length > 0 &&
    contents.byteLength === contents.buffer.byteLength;
  if (ownsAll && node.contents !== contents) free(contents);
}

/** Counts the additions to mounted files. */
function limitMountedFiles({ FS }: EmscriptenModule, account: FileAccount): void {
  const { stream_ops, node_ops } = FS.filesystems.NODEFS;
  const write = stream_ops["write"] as WriteBytes;
  const statNode = node_ops["getattr"] as (node: FsNode) => HostFacts;
  const statStream = stream_ops["getattr"] as (stream: FsStream) => HostFacts;
  /** Returns the bytes that go when the name of a file goes: none while something else keeps them. */
  const freedBy = (node: FsNode) => {
    const { mode, nlink, size } = statNode(node);
    const kept = !FS.isFile(mode) || nlink !== 1 || FS.streams.some((it) => it?.node === node);
    return kept ? 0 : size;
  };
  stream_ops["write"] = ((stream, bytes, offset, length, position, canOwn) => {
    account.addToMount(Math.max(0, position + length - statStream(stream).size));
    return write(stream, bytes, offset, length, position, canOwn);
  }) satisfies WriteBytes;
  const setNode = node_ops["setattr"] as (node: FsNode, attributes: { size?: number }) => void;
  node_ops["setattr"] = (node: FsNode, attributes: { size?: number }) => {
    if (attributes.size !== undefined) account.addToMount(attributes.size - statNode(node).size);
    setNode(node, attributes);
  };
  const setStream = stream_ops["setattr"] as (
    stream: FsStream,
    attributes: { size?: number },
  ) => void;
  stream_ops["setattr"] = (stream: FsStream, attributes: { size?: number }) => {
    if (attributes.size !== undefined) {
      account.addToMount(attributes.size - statStream(stream).size);
    }
    setStream(stream, attributes);
  };
  const unlink = node_ops["unlink"] as (parent: FsNode, name: string) => void;
  node_ops["unlink"] = (parent: FsNode, name: string) => {
    const freed = freedBy(FS.lookupNode(parent, name));
    unlink(parent, name);
    account.addToMount(-freed);
  };
}

/** The facts of a mounted file. */
interface HostFacts {
  mode: number;
  nlink: number;
  size: number;
}
