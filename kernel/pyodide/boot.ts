import type { RuntimeAssets } from "./assets.ts";
import type { EmscriptenModule, EmscriptenSettings, LinkedLibrary, Pyodide } from "./emscripten.ts";
import { restoreFiles } from "./file_tree.ts";
import { FileModes } from "./file_modes.ts";
import { prepareFilesystem } from "./filesystem.ts";
import { createPyodideModule, GLUE_ID } from "./glue.ts";
import { guardImports } from "./guarded_imports.ts";
import { hidePaths } from "./host_paths.ts";
import { HostFiles } from "../files/host_files.ts";
import { growMemory, restoreImage } from "./image.ts";
import { type LinkedInstance, restoreLinks } from "./links.ts";
import { ownAnswers } from "./own_answers.ts";
import {
  findNamed,
  type ImageRecord,
  ImageRecorder,
  memoryOf,
  type NamedObjects,
} from "./package_image.ts";
import { ABI_VERSION, HOME } from "./pinned.ts";
import { PythonSockets } from "./sockets.ts";
import { type FdWrite, StandardStreams, type WriteOutput } from "./standard_streams.ts";
import { ENVIRONMENT, PROGRAM } from "./surroundings.ts";

/**
 * Returns the number of the signal that has arrived, or 0; the interpreter calls it between bytecodes.
 * Python code cannot catch an error that it throws: such an error unwinds the interpreter, which is
 * unusable from then on.
 */
type SignalCheck = () => number;

/** Options for {@linkcode bootPyodide}. */
export interface BootOptions {
  /** Makes the interpreter check for signals, with this function. */
  takeSignal?: SignalCheck;
  /** Called when the interpreter is refused more memory, while it asks for it. @default nothing happens */
  onMemoryFull?: () => void;
  /** Called when the interpreter can no longer be used, with the cause. */
  onFatal: (error: unknown) => void;
  /** The interpreter's sockets. @default ones that cannot connect */
  sockets?: PythonSockets;
  /** Receives the bytes that Python writes to stdout and stderr. @default They are dropped. */
  output?: WriteOutput;
  /** The object behind Python's `js` module. @default globalThis */
  jsglobals?: object;
  /** Records how each JavaScript object was reached, which a memory image needs. @default false */
  recording?: boolean;
  /** Receives the name of a JavaScript function that failed when Python called it, and why. @default It is dropped. */
  onImportFailure?: (name: string, error: unknown) => void;
  /** The objects that an image of installed packages refers to by name. @default none */
  named?: NamedObjects;
  /** Called with the module when its memory and files exist, before any Python runs. */
  onInstantiated?: (module: EmscriptenModule) => void;
}

/** Options for {@linkcode instantiate}. */
export interface InstantiateOptions {
  /** Lets Python initialise itself; false when its memory comes from an image. */
  initialRun: boolean;
  /** The least size of the memory, in bytes. */
  memoryBytes: number;
  onMemoryFull?: () => void;
  takeSignal?: SignalCheck;
  streams?: StandardStreams;
  /** @default The interpreter reaches none of the host's files. */
  hostFiles?: HostFiles;
  modes?: FileModes;
  onImportFailure?: (name: string, error: unknown) => void;
  /** Called with the instance before anything of it runs. */
  onInstance?: (instance: LinkedInstance) => void;
  /** Called with each library that is linked. */
  onLinked?: (library: LinkedLibrary) => void;
  /** Tells if the memory may grow. @default it may */
  mayGrow?: () => boolean;
  /** The time that the monotonic clock is ahead of this thread's, in milliseconds. @default 0 */
  clockAheadMs?: number;
}

/** A started Pyodide. */
export interface BootedPyodide {
  pyodide: Pyodide;
  module: EmscriptenModule;
  hostFiles: HostFiles;
  modes: FileModes;
  /** Saves it as an image of installed packages; undefined unless the assets say that it is recorded. */
  recorder: ImageRecorder | undefined;
}

/**
 * Starts Pyodide from assets that are in memory already. Pyodide's own loader is not used: it reads
 * files, imports modules while it runs and parses a list of packages, for which a kernel has no
 * permissions.
 */
export async function bootPyodide(
  assets: RuntimeAssets,
  options: BootOptions,
): Promise<BootedPyodide> {
  const { packages } = assets;
  // Made by `ImageRecorder.save`, and checked where it was read.
  const record = packages && JSON.parse(packages.record) as ImageRecord;
  const found = packages && record ? memoryOf(packages, record) : assets.image;
  const image = found?.glueId === GLUE_ID ? found : undefined;
  const recording = options.recording ?? assets.recording ?? false;
  const config = {
    jsglobals: options.jsglobals ?? globalThis,
    args: [],
    env: ENVIRONMENT,
    packages: [],
    enableRunUntilComplete: true,
    checkAPIVersion: true,
    ...(recording && { _makeSnapshot: true }),
  };
  const streams = new StandardStreams(options.output ?? (() => {}));
  const hostFiles = new HostFiles();
  const modes = new FileModes();
  const linked: LinkedLibrary[] = [];
  let instance: LinkedInstance | undefined;
  let recorder: ImageRecorder | undefined;
  const module = await instantiate(assets, config, {
    streams,
    hostFiles,
    modes,
    onInstance: (it) => instance = it,
    clockAheadMs: record?.monotonicMs ?? 0,
    ...(assets.recording && {
      onLinked: (it: LinkedLibrary) => void linked.push(it),
      mayGrow: () => recorder?.mayGrow ?? true,
    }),
    ...(options.onMemoryFull && { onMemoryFull: options.onMemoryFull }),
    initialRun: image === undefined,
    memoryBytes: image?.byteLength ?? 0,
    ...(options.takeSignal && { takeSignal: options.takeSignal }),
    ...(options.onImportFailure && { onImportFailure: options.onImportFailure }),
  });
  const { API } = module;
  module.handle_js_error = hidePaths(module.handle_js_error);
  API.fatal_error = hidePaths(API.fatal_error);
  API.on_fatal = options.onFatal;
  options.onInstantiated?.(module);
  if (assets.recording) {
    const fresh = [await freshMemory(assets), await freshMemory(assets)] as const;
    recorder = new ImageRecorder({ module, instance: instance!, linked, fresh });
  }
  if (packages && record) {
    restoreFiles(module, record, packages.archive);
    restoreLinks(module, instance!, record.links, packages.modules);
    Object.assign(API.packageManager.loadedPackages, record.loadedPackages);
  }
  if (image) restoreImage(module, image);
  const find = (description: unknown) => findNamed(description, options.named ?? {});
  const pyodide = API.finalizeBootstrap(image?.references, find);
  if (!image) {
    API.sys.path.insert(0, "");
    API._pyodide.set_excepthook();
  }
  if (options.takeSignal) pyodide.setInterruptBuffer(new Int32Array(1));
  await API.packageIndexReady;
  const discard = () => {};
  API.initializeStreams(() => null, discard, discard);
  streams.connect(module, pyodide);
  (options.sockets ?? new PythonSockets()).attach(module);
  return { pyodide, module, hostFiles, modes, recorder };
}

/** Returns the memory of an instance in which no Python has run. */
export async function freshMemory(assets: RuntimeAssets): Promise<Uint8Array> {
  const module = await instantiate(assets, { env: {}, packages: [] }, {
    initialRun: false,
    memoryBytes: 0,
  });
  return module.HEAPU8;
}

/** Creates the Emscripten module with its instance, memory and files; Python does not run yet. */
export async function instantiate(
  assets: RuntimeAssets,
  config: { env: Record<string, string>; packages: string[] },
  options: InstantiateOptions,
): Promise<EmscriptenModule> {
  const failure = Promise.withResolvers<never>();
  const discard = () => {};
  let started: EmscriptenModule | undefined;
  const modes = options.modes ?? new FileModes();
  const settings: EmscriptenSettings = {
    noImageDecoding: true,
    noAudioDecoding: true,
    noWasmDecoding: false,
    noInitialRun: !options.initialRun,
    thisProgram: PROGRAM,
    hostFiles: (options.hostFiles ?? new HostFiles()).functions,
    ...(options.onLinked && { onLinked: options.onLinked }),
    arguments: [],
    API: {
      config,
      runtimeEnv: RUNTIME_ENVIRONMENT,
      lockFilePromise: Promise.resolve({ info: { abi_version: ABI_VERSION }, packages: {} }),
    },
    preRun: [(module) => {
      started = module;
      modes.attach(module);
      prepareFilesystem(module, assets, HOME);
      Object.assign(module.ENV, config.env);
    }],
    locateFile: (path) => path,
    instantiateWasm(imports, onReady) {
      // One object holds the functions of both names, and extensions find theirs in it.
      const env = imports["env"]!;
      prepareImports(env, modes, options, () => started);
      WebAssembly.instantiate(assets.module, imports as WebAssembly.Imports).then((instance) => {
        growMemory(instance, options.memoryBytes);
        options.onInstance?.({ exports: instance.exports, env });
        onReady(instance, assets.module);
      }).catch(failure.reject);
      return {};
    },
    print: discard,
    printErr: discard,
    onExit: (code) => failure.reject(new Error(`Python exited with ${code} while it started`)),
  };
  return await Promise.race([createPyodideModule(settings), failure.promise]);
}

/** Gives the interpreter the functions that it asks for, in place of some of the stock ones. */
function prepareImports(
  imports: Record<string, unknown>,
  modes: FileModes,
  options: InstantiateOptions,
  moduleOf: () => EmscriptenModule | undefined,
): void {
  const { takeSignal = () => 0, streams, onImportFailure = () => {}, mayGrow } = options;
  const { clockAheadMs = 0, onMemoryFull } = options;
  const errorMarker = Symbol("error marker");
  const replacements: Record<string, unknown> = {
    ...ownAnswers(modes),
    Jsv_GetError_import: () => errorMarker,
    JsvError_Check: (value: unknown) => value === errorMarker,
    // Pyodide's own function reads a buffer, and swallows errors that are thrown while it does.
    _Py_CheckEmscriptenSignals_Helper: takeSignal,
    ...(streams && { fd_write: streams.around(imports["fd_write"] as FdWrite) }),
    ...((mayGrow || onMemoryFull) && {
      emscripten_resize_heap: growIf(mayGrow, imports["emscripten_resize_heap"], onMemoryFull),
    }),
    ...(clockAheadMs > 0 && clockAhead(clockAheadMs, imports, moduleOf)),
  };
  for (const [name, replacement] of Object.entries(replacements)) {
    // By its signature an extension can call it.
    const { sig } = imports[name] as { sig?: string };
    imports[name] = sig === undefined ? replacement : Object.assign(replacement as object, { sig });
  }
  guardImports(imports, {
    handleError: (error) => moduleOf()?.handle_js_error(error),
    errorMarker,
    onFailure: onImportFailure,
  });
}

function growIf(
  mayGrow: () => boolean = () => true,
  stock: unknown,
  onRefused: () => void = () => {},
): (bytes: number) => number {
  return (bytes) => {
    const grown = mayGrow() ? Number((stock as (bytes: number) => unknown)(bytes)) : 0;
    if (grown === 0) onRefused();
    return grown;
  };
}

const REAL_TIME = 0;

/** Makes the functions of a monotonic clock that continues another thread's: Python may have noted its times. */
function clockAhead(
  milliseconds: number,
  imports: Record<string, unknown>,
  moduleOf: () => EmscriptenModule | undefined,
): Record<string, unknown> {
  const getTime = imports["clock_time_get"] as (id: number, _: bigint, to: number) => number;
  const now = performance.now.bind(performance);
  const ahead = BigInt(Math.round(milliseconds * 1e6));
  return {
    emscripten_get_now: () => now() + milliseconds,
    clock_time_get(id: number, precision: bigint, to: number) {
      const failed = getTime(id, precision, to);
      if (failed || id === REAL_TIME) return failed;
      const time = new BigInt64Array(moduleOf()!.HEAPU8.buffer, to >>> 0, 1);
      time[0]! += ahead;
      return failed;
    },
  };
}

const RUNTIME_ENVIRONMENT = {
  IN_NODE: true,
  IN_NODE_ESM: true,
  IN_NODE_COMMONJS: false,
  IN_DENO: true,
  IN_BUN: false,
  IN_BROWSER: false,
  IN_BROWSER_MAIN_THREAD: false,
  IN_BROWSER_WEB_WORKER: false,
  IN_SAFARI: false,
  IN_SHELL: false,
  IN_WORKERD: false,
};
