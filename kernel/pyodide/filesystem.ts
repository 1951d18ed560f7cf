import type { Mount } from "../mounts.ts";
import type { RuntimeAssets } from "./assets.ts";
import { contentsOf, type DeferredFile } from "./deferred_file.ts";
import type { EmscriptenFs, EmscriptenModule, FsNode, FsStream, MemoryNode } from "./emscripten.ts";
import { EACCES, EINVAL, EIO } from "../files/errnos.ts";
import { REGULAR } from "../files/file_kinds.ts";
import type { HostFiles } from "../files/host_files.ts";
import { O_ACCMODE, O_CREAT, O_RDONLY, O_TRUNC } from "../files/open_flags.ts";

/** Taken before the worker's globals are reduced, and before user code could replace them. */
const { NotCapable } = Deno.errors;
const { defineProperty } = Object;

/** The mode of a regular file that its owner may write and everybody may read. */
const FILE_MODE = REGULAR | 0o644;

/** Creates the files that Python needs at its start: its standard library, `deno_kernel` and the home. */
export function prepareFilesystem(
  module: EmscriptenModule,
  assets: RuntimeAssets,
  home: string,
): void {
  const { FS, API } = module;
  const version = module.HEAPU32[module._Py_Version >>> 2] ?? 0;
  const [major, minor, micro] = [version >>> 24, (version >>> 16) & 0xff, (version >>> 8) & 0xff];
  API.pyVersionTuple = [major, minor, micro];
  API.sitePackages = `/lib/python${major}.${minor}/site-packages`;
  FS.mkdirTree(API.sitePackages);
  // CPython prints a warning at its start when this directory is missing.
  FS.mkdirTree(`/lib/python${major}.${minor}/lib-dynload`);
  writeDeferred(FS, `/lib/python${major}${minor}.zip`, assets.stdlib);
  // Emscripten encodes strings slowly, letter by letter, and looks a path up several times to write a file.
  const encoder = new TextEncoder();
  const { MEMFS } = FS.filesystems;
  const directories = new Map<string, FsNode>();
  for (const [path, text] of Object.entries(assets.packageFiles)) {
    const nameAt = path.lastIndexOf("/") + 1;
    const name = path.slice(0, nameAt);
    const directory = directories.get(name) ?? makeDirectory(FS, `${API.sitePackages}/${name}`);
    directories.set(name, directory);
    const node = MEMFS.createNode(directory, path.slice(nameAt), FILE_MODE, 0);
    node.contents = encoder.encode(text);
    node.usedBytes = node.contents.length;
  }
  FS.mkdirTree(home);
  FS.chdir(home);
}

function makeDirectory(FS: EmscriptenFs, path: string): FsNode {
  FS.mkdirTree(path);
  return FS.lookupPath(path, { follow: true }).node;
}

/** Creates a file whose contents are read when Python first uses them. */
function writeDeferred(FS: EmscriptenFs, path: string, file: DeferredFile): void {
  FS.writeFile(path, "");
  const node = FS.lookupPath(path, { follow: true }).node as MemoryNode;
  const become = (contents: Uint8Array) => {
    defineProperty(node, "contents", { value: contents, writable: true, configurable: true });
    return contents;
  };
  const get = () => {
    const contents = contentsOf(file);
    if (!contents) throw new FS.ErrnoError(EIO);
    return become(contents);
  };
  node.usedBytes = file.bytes.length;
  defineProperty(node, "contents", { get, set: become, configurable: true });
}

/** Rules for {@linkcode mountDirectories}. */
export interface MountRules {
  /** True when no link leads out of a mount, wherever it is moved to. */
  confined: boolean;
}

/** Shows directories of this machine inside the kernel, and guards read-only ones. */
export function mountDirectories(
  { module, hostFiles }: { module: EmscriptenModule; hostFiles: HostFiles },
  mounts: readonly Mount[],
  { confined }: MountRules,
): void {
  if (mounts.length === 0) return;
  answerWithErrnos(module);
  guardChanges(module, confined);
  const { FS } = module;
  for (const { root, mountPoint, access } of mounts) {
    FS.mkdirTree(mountPoint);
    hostFiles.add({ root, access });
    FS.mount(FS.filesystems.NODEFS, { root, access }, mountPoint);
  }
}

/**
 * Gives every error of a mount an errno. Deno's own errors have none, and an error without an errno ends
 * the interpreter.
 */
function answerWithErrnos({ FS }: EmscriptenModule): void {
  const { NODEFS } = FS.filesystems;
  const stock = NODEFS.tryFSOperation!;
  NODEFS.tryFSOperation = (operation) => {
    try {
      return stock(operation);
    } catch (error) {
      if (error instanceof FS.ErrnoError && typeof error.errno === "number") throw error;
      if (error instanceof NotCapable) throw new FS.ErrnoError(EACCES);
      throw new FS.ErrnoError(error instanceof TypeError ? EINVAL : EIO);
    }
  };
}

/**
 * Refuses changes in read-only mounts, even where Deno's permissions would allow them. Unless the kernel is
 * confined to its mounts, it also refuses to move links, which could lead out of a mount from a new place.
 */
function guardChanges({ FS }: EmscriptenModule, confined: boolean): void {
  const { node_ops, stream_ops } = FS.filesystems.NODEFS;
  const refuseIn = (...nodes: FsNode[]) => {
    if (nodes.some((node) => node.mount.opts.access === "ro")) throw new FS.ErrnoError(EACCES);
  };
  const guard = (
    operations: typeof node_ops,
    name: string,
    check: (...args: never[]) => void,
  ) => {
    const stock = operations[name];
    if (!stock) throw new Error(`Cannot guard mounts: NODEFS has no "${name}"`);
    operations[name] = (...args: never[]) => {
      check(...args);
      return stock(...args);
    };
  };
  for (const name of ["mknod", "unlink", "rmdir", "symlink", "setattr"]) {
    guard(node_ops, name, (node: FsNode) => refuseIn(node));
  }
  guard(node_ops, "rename", (node: FsNode, directory: FsNode) => {
    refuseIn(node, directory);
    if (!confined && FS.isLink(node.mode)) throw new FS.ErrnoError(EACCES);
  });
  guard(stream_ops, "setattr", (stream: FsStream) => refuseIn(stream.node));
  guard(stream_ops, "open", (stream: FsStream) => {
    const writes = (stream.flags & O_ACCMODE) !== O_RDONLY ||
      stream.flags & (O_CREAT | O_TRUNC);
    if (writes) refuseIn(stream.node);
  });
}
