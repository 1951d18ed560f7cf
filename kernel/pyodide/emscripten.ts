import type { FileStream, FileSystem } from "../files/file_system.ts";
import type { HostFileFunctions } from "../files/host_files.ts";

/**
 * Types of the parts of Pyodide's internals that the boot relies on, as of the pinned version. Pyodide
 * publishes no types for them; this file is the only place that declares them.
 */

/** A node of the virtual file system. */
export interface FsNode {
  mode: number;
  /** The time of the last change, in milliseconds. */
  mtime: number;
  mount: { opts: { root?: string; access?: "ro" | "rw" } };
  parent: FsNode;
  name: string;
}

/** An open file of the virtual file system. */
export interface FsStream extends FileStream {
  node: FsNode;
  flags: number;
  path?: string;
  position?: number;
  /** The device of a standard stream. */
  devops?: object;
}

/** A kind of file system: functions that work on its nodes and streams. */
export interface FsKind {
  node_ops: Record<string, ((...args: never[]) => unknown) | undefined>;
  stream_ops: Record<string, ((...args: never[]) => unknown) | undefined>;
  tryFSOperation?: <T>(operation: () => T) => T;
}

/** A node of the file system that lives in memory. */
export interface MemoryNode extends FsNode {
  /** The contents of a file. Other kinds of nodes have something else here. */
  contents: Uint8Array;
  usedBytes: number;
}

/**
 * Writes `length` bytes of an array, from `offset` on, to a position of a file. With `canOwn` the file
 * may keep the array itself.
 */
export type WriteBytes = (
  stream: FsStream,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
  canOwn?: boolean,
) => number;

/** The operations of one kind of node, and of its open streams. */
interface NodeOperations {
  node: Record<string, ((...args: never[]) => unknown) | undefined>;
  stream: Record<string, ((...args: never[]) => unknown) | undefined>;
}

/** The file system that lives in memory. */
export interface MemoryFs extends FsKind {
  /** The operations that nodes refer to; present once there is a node. */
  ops_table: { dir: NodeOperations; file: NodeOperations };
  createNode(parent: FsNode | null, name: string, mode: number, device: number): MemoryNode;
  /** Makes room for at least `wanted` bytes. */
  expandFileStorage(node: MemoryNode, wanted: number): void;
  resizeFileStorage(node: MemoryNode, size: number): void;
}

/** The node of a socket. */
export interface SocketNode extends FsNode {
  /** The socket itself, which has the fields that Emscripten's system calls read. */
  sock: unknown;
}

/** An open descriptor of a socket. */
export interface SocketStream extends FsStream {
  node: SocketNode;
  seekable: boolean;
  stream_ops: FsKind["stream_ops"];
}

/** The file system that Python's sockets are files of. */
export interface SocketFs {
  root: FsNode;
  nextname(): string;
  createSocket(family: number, type: number, protocol: number): unknown;
}

/** Emscripten's virtual file system. */
export interface EmscriptenFs extends FileSystem {
  /** The open files, by descriptor. */
  streams: (FsStream | null | undefined)[];
  root: MemoryNode;
  createNode(parent: FsNode, name: string, mode: number, device: number): FsNode;
  /** @default the lowest descriptor that is free */
  createStream<S extends FsStream>(stream: S, descriptor?: number): S;
  /** The highest number of open files. */
  MAX_OPEN_FDS: number;
  filesystems: { MEMFS: MemoryFs; NODEFS: FsKind };
  lookupNode(parent: FsNode, name: string): FsNode;
  /** `canOwn` keeps the array itself instead of a copy; `flags` are those of `open`. */
  writeFile(
    path: string,
    data: Uint8Array | string,
    options?: { canOwn?: boolean; flags?: number },
  ): void;
  mount(kind: FsKind, options: { root: string; access: "ro" | "rw" }, mountPoint: string): void;
  lookupPath(path: string, options: { follow: boolean }): { node: FsNode };
  /** `mode` is that of a file that is made. */
  open(path: string, flags: number, mode?: number): FsStream;
  mkdir(path: string, mode?: number): FsNode;
}

/** The object that carries the functions of Pyodide's JavaScript core. */
export interface PyodideApi {
  /** For example "2026_0". */
  abiVersion: string;
  config: Record<string, unknown>;
  sys: { path: { insert(index: number, path: string): void } };
  _pyodide: { set_excepthook(): void };
  packageIndexReady: Promise<void>;
  sitePackages: string;
  pyVersionTuple: [number, number, number];
  on_fatal?: (error: unknown) => void;
  /** Ends the interpreter, and throws what was thrown. */
  fatal_error: ErrorHandler;
  packageManager: {
    /** The source of each loaded package, by package name. */
    loadedPackages: Record<string, string>;
    /** Fetches a package: of the distribution when `channel` is "default channel", else at that address. */
    downloadPackage(wanted: { normalizedName: string; channel: string }): Promise<Uint8Array>;
  };
  package_loader: { get_install_dir(place: string): string };
  /** Unpacks a package and loads its shared libraries. */
  install(
    bytes: Uint8Array<ArrayBuffer>,
    fileName: string,
    directory: string,
    metadata: Map<string, string>,
  ): Promise<void>;
  /** `find` returns the object for what `describe` has returned for it in `serializeHiwireState`. */
  finalizeBootstrap(snapshot?: SnapshotConfig, find?: (description: unknown) => unknown): Pyodide;
  initializeStreams(stdin: unknown, stdout: unknown, stderr: unknown): void;
  /** `describe` returns JSON for an object that is not reached from the global object; it may throw. */
  serializeHiwireState(describe?: (object: unknown) => unknown): SnapshotConfig;
}

/** The paths by which the JavaScript objects that a memory image refers to are found again. */
export interface SnapshotConfig {
  hiwireKeys: unknown[];
  immortalKeys: string[];
}

/** Makes a Python exception of what JavaScript threw. */
export type ErrorHandler = (error: unknown) => void;

/** A shared library as Emscripten knows it. */
export interface LoadedLibrary {
  /** The path of its file. */
  name: string;
  /** Its functions, and the addresses of its variables. */
  exports: LibraryExports;
  /** True when other libraries find its symbols. */
  global: boolean;
  refcount: number;
}

/** The symbols of a library or of the interpreter, by name. */
export type LibraryExports = Record<string, unknown>;

/** The place that the linker has given a library. */
export interface LinkedLibrary {
  path: string;
  /** The address of its variables. */
  memoryBase: number;
  memorySize: number;
  /** The first index of its functions in the table. */
  tableBase: number;
  tableSize: number;
  /** The names of the libraries that it needs. */
  needed: string[];
  exports: LibraryExports;
}

/** The parts of Emscripten's dynamic linker. */
export interface DynamicLinker {
  LDSO: {
    loadedLibsByName: Record<string, LoadedLibrary>;
    loadedLibsByHandle: Record<string, LoadedLibrary>;
  };
  /** The addresses of symbols that were asked for: of variables, and of functions in the table. */
  GOT: Record<string, WebAssembly.Global>;
  wasmTable: WebAssembly.Table;
  /** The indexes of the table that are not in use. */
  freeTableIndexes: number[];
  newDSO(name: string, handle: number | undefined, exports: LibraryExports): LoadedLibrary;
  relocateExports(exports: WebAssembly.Exports, memoryBase: number): LibraryExports;
  mergeLibSymbols(exports: LibraryExports, name: string): void;
  resolveGlobalSymbol(name: string): { sym?: unknown };
  /** Returns a function's index in the table, or 0. */
  getFunctionAddress(code: unknown): number;
  setWasmTableEntry(index: number, code: unknown): void;
  /** Learns the functions at `count` indexes of the table, from `first` on. */
  updateTableMap(first: number, count: number): void;
  convertJsFunctionToWasm(code: unknown, signature: string): unknown;
}

/** The Emscripten module. */
export interface EmscriptenModule extends DynamicLinker {
  API: PyodideApi;
  /** Throws what ends the interpreter, and nothing else. */
  handle_js_error: ErrorHandler;
  SOCKFS: SocketFs;
  FS: EmscriptenFs;
  ENV: Record<string, string>;
  HEAPU8: Uint8Array<ArrayBuffer>;
  HEAPU32: Uint32Array;
  /** Returns the object of JavaScript that Python knows by a number; throws for one beyond the last. */
  __hiwire_get(index: number): unknown;
  _Py_Version: number;
  /** The stack pointer in Python's memory; the stack grows downwards. */
  stackSave(): number;
  /** Returns the address of a new block of memory; 0 when there is no room. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  _PyThreadState_Get(): number;
  _PyUnstable_ThreadState_SetStackProtection(state: number, start: number, size: number): number;
}

/** A Python function as JavaScript holds it; it keeps the Python object alive until destroyed. */
export interface PythonFunction {
  (...args: unknown[]): unknown;
  /** Calls the function so that Python may suspend, that is wait for a promise; resolves with its result. */
  callPromising(...args: unknown[]): Promise<unknown>;
  destroy(): void;
}

/** A Python object as JavaScript holds it. */
export interface PythonObject {
  get(name: string): unknown;
  destroy(): void;
}

/** The part of Pyodide's public API that this project uses. */
export interface Pyodide {
  runPython(code: string): unknown;
  pyimport(name: string): PythonObject & Record<string, PythonFunction>;
  /** Makes the interpreter check for signals; this project does not use the buffer itself. */
  setInterruptBuffer(buffer: Int32Array | undefined): void;
  setStdout(options: StreamWriter): void;
  setStderr(options: StreamWriter): void;
  setStdin(options: { error: true }): void;
}

/** Receives what Python writes to a file descriptor. */
export interface StreamWriter {
  write(bytes: Uint8Array): number;
  isatty: boolean;
}

/** The argument of `createPyodideModule`. */
export interface EmscriptenSettings {
  noImageDecoding: boolean;
  noAudioDecoding: boolean;
  noWasmDecoding: boolean;
  noInitialRun: boolean;
  /** The path of the program that runs. */
  thisProgram: string;
  /** The functions of Node's file system that the lean glue may use. */
  hostFiles: HostFileFunctions;
  /** Told by the lean glue of each library when it is linked. */
  onLinked?: (library: LinkedLibrary) => void;
  INITIAL_MEMORY?: number;
  arguments: string[];
  API: Record<string, unknown>;
  preRun: ((module: EmscriptenModule) => void)[];
  locateFile(path: string): string;
  instantiateWasm(
    imports: Record<string, Record<string, unknown>>,
    onReady: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  print(text: string): void;
  printErr(text: string): void;
  onExit(code: number): void;
}

/** Makes the Emscripten module: the default export of `pyodide.asm.mjs`. */
export type CreatePyodideModule = (settings: EmscriptenSettings) => Promise<EmscriptenModule>;
