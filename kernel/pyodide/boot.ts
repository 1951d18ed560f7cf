import type { RuntimeAssets } from "./assets.ts";
import type { EmscriptenModule, EmscriptenSettings, Pyodide } from "./emscripten.ts";
import { prepareFilesystem } from "./filesystem.ts";
import { createPyodideModule, GLUE_ID } from "./glue.ts";
import { growMemory, restoreImage } from "./image.ts";
import { ABI_VERSION, HOME } from "./pinned.ts";
import { type FdWrite, StandardStreams, type WriteOutput } from "./standard_streams.ts";

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
  /** Called when the interpreter can no longer be used, with the cause. */
  onFatal: (error: unknown) => void;
  /** Receives the bytes that Python writes to stdout and stderr. @default They are dropped. */
  output?: WriteOutput;
  /** The object behind Python's `js` module. @default globalThis */
  jsglobals?: object;
  /** Records how each JavaScript object was reached, which a memory image needs. @default false */
  recording?: boolean;
  /** Called with the module when its memory and files exist, before any Python runs. */
  onInstantiated?: (module: EmscriptenModule) => void;
}

/** Options for {@linkcode instantiate}. */
export interface InstantiateOptions {
  /** Lets Python initialise itself; false when its memory comes from an image. */
  initialRun: boolean;
  /** The least size of the memory, in bytes. */
  memoryBytes: number;
  takeSignal?: SignalCheck;
  streams?: StandardStreams;
}

/** A started Pyodide. */
export interface BootedPyodide {
  pyodide: Pyodide;
  module: EmscriptenModule;
}

/** Emscripten's number, which is WASI's. */
const ENOSYS = 52;

/**
 * Starts Pyodide from assets that are in memory already. Pyodide's own loader is not used: it reads
 * files, imports modules while it runs and parses a list of packages, for which a kernel has no
 * permissions.
 */
export async function bootPyodide(
  assets: RuntimeAssets,
  options: BootOptions,
): Promise<BootedPyodide> {
  const image = assets.image?.glueId === GLUE_ID ? assets.image : undefined;
  const config = {
    jsglobals: options.jsglobals ?? globalThis,
    args: [],
    env: { HOME, PYTHONINSPECT: "1" },
    packages: [],
    enableRunUntilComplete: true,
    checkAPIVersion: true,
    ...(options.recording && { _makeSnapshot: true }),
  };
  const streams = new StandardStreams(options.output ?? (() => {}));
  const module = await instantiate(assets, config, {
    streams,
    initialRun: image === undefined,
    memoryBytes: image?.byteLength ?? 0,
    ...(options.takeSignal && { takeSignal: options.takeSignal }),
  });
  const { API } = module;
  API.on_fatal = options.onFatal;
  options.onInstantiated?.(module);
  if (image) restoreImage(module, image);
  const pyodide = API.finalizeBootstrap(image?.references);
  if (!image) {
    API.sys.path.insert(0, "");
    API._pyodide.set_excepthook();
  }
  if (options.takeSignal) pyodide.setInterruptBuffer(new Int32Array(1));
  await API.packageIndexReady;
  const discard = () => {};
  API.initializeStreams(() => null, discard, discard);
  streams.connect(module, pyodide);
  return { pyodide, module };
}

/** Creates the Emscripten module with its instance, memory and files; Python does not run yet. */
export async function instantiate(
  assets: RuntimeAssets,
  config: { env: Record<string, string>; packages: string[] },
  options: InstantiateOptions,
): Promise<EmscriptenModule> {
  const failure = Promise.withResolvers<never>();
  const discard = () => {};
  const settings: EmscriptenSettings = {
    noImageDecoding: true,
    noAudioDecoding: true,
    noWasmDecoding: false,
    noInitialRun: !options.initialRun,
    arguments: [],
    API: {
      config,
      runtimeEnv: RUNTIME_ENVIRONMENT,
      lockFilePromise: Promise.resolve({ info: { abi_version: ABI_VERSION }, packages: {} }),
    },
    preRun: [(module) => {
      prepareFilesystem(module, assets, HOME);
      Object.assign(module.ENV, config.env);
    }],
    locateFile: (path) => path,
    instantiateWasm(imports, onReady) {
      replaceImports(imports, options);
      WebAssembly.instantiate(assets.module, imports as WebAssembly.Imports).then((instance) => {
        growMemory(instance, options.memoryBytes);
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

function replaceImports(
  imports: Record<string, Record<string, unknown>>,
  { takeSignal = () => 0, streams }: Pick<InstantiateOptions, "takeSignal" | "streams">,
): void {
  const marker = Symbol("error marker");
  let mask = 0o022;
  imports["env"] = {
    ...imports["env"],
    Jsv_GetError_import: () => marker,
    JsvError_Check: (value: unknown) => value === marker,
    // Pyodide's own function reads a buffer, and swallows errors that are thrown while it does.
    _Py_CheckEmscriptenSignals_Helper: takeSignal,
    // Emscripten's own function starts a shell; without that permission it ends the interpreter.
    _emscripten_system: (command: number) => command === 0 ? 0 : -ENOSYS,
    // Emscripten's own function sets the umask of the whole process, which other kernels may share.
    __syscall_umask_js: (next: number) => {
      const previous = mask;
      mask = next & 0o777;
      return previous;
    },
  };
  if (!streams) return;
  const wasi = imports["wasi_snapshot_preview1"]!;
  const fdWrite = streams.around(wasi["fd_write"] as FdWrite);
  imports["wasi_snapshot_preview1"] = { ...wasi, fd_write: fdWrite };
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
