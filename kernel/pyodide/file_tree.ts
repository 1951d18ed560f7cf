import type {
  EmscriptenFs,
  EmscriptenModule,
  FsNode,
  FsStream,
  MemoryFs,
  MemoryNode,
} from "./emscripten.ts";
import { EIO } from "../files/errnos.ts";
import { DIRECTORY, FORMAT, LINK, REGULAR } from "../files/file_kinds.ts";
import { O_ACCMODE, O_RDONLY } from "../files/open_flags.ts";
import { type FileArchive, readArchive } from "./file_archive.ts";

/** A file, directory or link of an image. */
export interface FileRecord {
  /** The mode, which tells the kind. */
  m: number;
  /** The time of the last change, in milliseconds. */
  t: number;
  /** The size and the place in the archive of a file. */
  s?: number;
  o?: number;
  /** The target of a link. */
  l?: string;
  /** The content of a directory. */
  c?: Record<string, FileRecord>;
}

/** A file that is open for reading. */
export interface StreamRecord {
  descriptor: number;
  path: string;
  flags: number;
  position: number;
}

/** The files that an interpreter has made since its start. */
export interface RecordedFiles {
  tree: FileRecord;
  streams: StreamRecord[];
  /** The contents, in the order of their places in the archive. */
  contents: Uint8Array[];
}

/** The file system as it was at a start: the nodes by path. */
export type BaseFiles = ReadonlyMap<string, { node: FsNode; mtime: number; size: number }>;

/** Directories of devices, and of what Emscripten makes itself. */
const LEFT_OUT = new Set(["/dev", "/proc"]);

/** Taken before user code could replace it. */
const { defineProperty } = Object;

/** Notes the files that there are. */
export function noteFiles({ root }: EmscriptenFs): BaseFiles {
  const found = new Map<string, { node: FsNode; mtime: number; size: number }>();
  const visit = (path: string, node: MemoryNode) => {
    found.set(path, { node, mtime: node.mtime, size: node.usedBytes });
    for (const [name, child] of childrenOf(node)) visit(`${path}/${name}`, child);
  };
  visit("", root);
  return found;
}

/** Records the files in memory that are new since the start or have changed; throws for open files that are not packages'. */
export function recordFiles(FS: EmscriptenFs, base: BaseFiles): RecordedFiles {
  const contents: Uint8Array[] = [];
  let offset = 0;
  const record = (path: string, node: MemoryNode): FileRecord | undefined => {
    const known = base.get(path);
    const kind = node.mode & FORMAT;
    const facts = { m: node.mode, t: Number(node.mtime) };
    if (kind === DIRECTORY) {
      if (LEFT_OUT.has(path) || node.mount !== FS.root.mount) return undefined;
      const children = [...childrenOf(node)].flatMap(([name, child]) => {
        const found = record(`${path}/${name}`, child);
        return found ? [[name, found] as const] : [];
      });
      if (known && children.length === 0) return undefined;
      return { ...facts, c: Object.fromEntries(children) };
    }
    const same = known?.node === node && known.mtime === node.mtime &&
      known.size === node.usedBytes;
    if (same) return undefined;
    if (kind === LINK) return { ...facts, l: (node as unknown as { link: string }).link };
    if (kind !== REGULAR) throw new Error(`"${path}" is no plain file`);
    const place = offset;
    // The array may be longer than the file.
    contents.push(bytesOf(node));
    offset += node.usedBytes;
    return { ...facts, s: node.usedBytes, o: place };
  };
  const tree = record("", FS.root) ?? { m: FS.root.mode, t: 0, c: {} };
  return { tree, streams: recordStreams(FS), contents };
}

function recordStreams({ streams, root, isFile }: EmscriptenFs): StreamRecord[] {
  const found: StreamRecord[] = [];
  streams.forEach((stream, descriptor) => {
    if (!stream || descriptor < 3) return;
    const { node, flags, path = "", position = 0 } = stream;
    const plain = node.mount === root.mount && isFile(node.mode) &&
      (flags & O_ACCMODE) === O_RDONLY;
    if (!plain) throw new Error(`the file "${path}" is open`);
    found.push({ descriptor, path, flags, position });
  });
  return found;
}

function bytesOf({ contents, usedBytes }: MemoryNode): Uint8Array {
  return usedBytes === 0
    ? new Uint8Array()
    : new Uint8Array(contents.buffer, contents.byteOffset, usedBytes);
}

function* childrenOf(node: MemoryNode): Generator<[string, MemoryNode]> {
  if ((node.mode & FORMAT) !== DIRECTORY) return;
  yield* Object.entries(node.contents as unknown as Record<string, MemoryNode>);
}

/** A directory with files that have no node yet. */
type WaitingDirectory = MemoryNode & { waiting?: Map<string, FileRecord> };

/**
 * Gives an interpreter the files of an image. A file gets its node when it is looked up, and its content
 * when that is read. Neither counts as a file of the kernel: they are there once for all kernels.
 */
export function restoreFiles(
  { FS }: Pick<EmscriptenModule, "FS">,
  { tree, streams }: Pick<RecordedFiles, "tree" | "streams">,
  archive: FileArchive,
): void {
  const { MEMFS } = FS.filesystems;
  const make = nodeMaker(FS, MEMFS, archive);
  findWaiting(FS, MEMFS, make);
  attach(FS.root, tree, make);
  for (const { descriptor, path, flags, position } of streams) {
    const { node } = FS.lookupPath(path, { follow: true });
    const { stream_ops } = node as unknown as { stream_ops: object };
    const rest = { seekable: true, stream_ops, ungotten: [], error: false };
    FS.createStream({ node, path, flags, position, ...rest } as FsStream, descriptor);
  }
}

type MakeNode = (parent: FsNode, name: string, record: FileRecord) => MemoryNode;

function nodeMaker(FS: EmscriptenFs, MEMFS: MemoryFs, archive: FileArchive): MakeNode {
  // Without the account of the kernel's own files.
  const createNode = MEMFS.createNode.bind(MEMFS);
  return (parent, name, { m, t, s = 0, o = 0, l, c }) => {
    const { mtime } = parent;
    const node: WaitingDirectory = createNode(parent, name, m, 0);
    parent.mtime = mtime;
    node.mtime = t;
    Object.assign(node, { atime: t, ctime: t });
    if (l !== undefined) Object.assign(node, { link: l });
    else if (c) node.waiting = new Map(Object.entries(c));
    else if (s > 0) {
      node.usedBytes = s;
      const become = (contents: Uint8Array) => {
        defineProperty(node, "contents", { value: contents, writable: true, configurable: true });
        return contents;
      };
      const get = () => {
        const contents = readArchive(archive, o, s);
        if (!contents) throw new FS.ErrnoError(EIO);
        return become(contents);
      };
      defineProperty(node, "contents", { get, set: become, configurable: true });
    }
    return node;
  };
}

/** Makes the operations of directories find the files that have no node yet. */
function findWaiting(FS: EmscriptenFs, MEMFS: MemoryFs, make: MakeNode): void {
  const operations = MEMFS.ops_table.dir.node as Record<
    "lookup" | "readdir" | "rmdir" | "rename",
    (...args: unknown[]) => unknown
  >;
  const { lookup, readdir, rmdir, rename } = operations;
  const makeAll = (directory: WaitingDirectory) => {
    const { waiting } = directory;
    if (!waiting) return;
    delete directory.waiting;
    for (const [name, record] of waiting) make(directory, name, record);
  };
  const makeAllOf = (parent: unknown, name: unknown) => {
    try {
      makeAll(FS.lookupNode(parent as FsNode, name as string) as WaitingDirectory);
    } catch {
      // There is none of that name.
    }
  };
  operations.lookup = (parent, name) => {
    const { waiting } = parent as WaitingDirectory;
    const record = waiting?.get(name as string);
    if (!record) return lookup(parent, name);
    waiting!.delete(name as string);
    return make(parent as FsNode, name as string, record);
  };
  operations.readdir = (directory) => {
    makeAll(directory as WaitingDirectory);
    return readdir(directory);
  };
  operations.rmdir = (parent, name) => {
    makeAllOf(parent, name);
    return rmdir(parent, name);
  };
  operations.rename = (node, directory, name) => {
    makeAllOf(directory, name);
    return rename(node, directory, name);
  };
}

/** Adds the content of a recorded directory to one that is there. */
function attach(directory: MemoryNode, { c = {}, t, m }: FileRecord, make: MakeNode): void {
  const there = directory.contents as unknown as Record<string, MemoryNode>;
  const { waiting = new Map() } = directory as WaitingDirectory;
  for (const [name, record] of Object.entries(c)) {
    const child = there[name];
    if (!child) waiting.set(name, record);
    else if (record.c) attach(child, record, make);
    else throw new Error(`"${name}" is there already`);
  }
  (directory as WaitingDirectory).waiting = waiting;
  directory.mode = m;
  directory.mtime = t;
}
