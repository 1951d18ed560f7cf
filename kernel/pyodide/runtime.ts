import { setImmediate } from "node:timers";
import type { Answer, CallArguments } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "../cell.ts";
import type {
  RejectionVerdict,
  Runtime,
  RuntimeInit,
  RuntimeSignals,
  RuntimeSink,
} from "../runtime.ts";
import type { KernelIdentity } from "../start_options.ts";
import { type HostNetwork, machineNetwork } from "../network/host_network.ts";
import { Network } from "../network/network.ts";
import type { LocalOptions } from "../start_options.ts";
import type { StreamName } from "../streams.ts";
import type { RuntimeAssets } from "./assets.ts";
import { type BootedPyodide, bootPyodide } from "./boot.ts";
import { protectBuiltIns } from "./built_ins.ts";
import type { EmscriptenModule, PythonFunction } from "./emscripten.ts";
import { limitFiles } from "./file_limits.ts";
import type { FileSystem } from "../files/file_system.ts";
import { RuntimeFiles } from "../files/runtime_files.ts";
import { mountDirectories } from "./filesystem.ts";
import { PackedFiles } from "./packed_files.ts";
import { LoopTimers } from "./loop_timers.ts";
import { MemoryReserve } from "./memory_reserve.ts";
import { OwnedOutput } from "./owned_output.ts";
import type { NamedObjects } from "./package_image.ts";
import { RuntimeFunctions } from "./runtime_functions.ts";
import { PythonShell } from "./python_shell.ts";
import { RuntimePackages } from "./runtime_packages.ts";
import { PythonSockets } from "./sockets.ts";
import { Tracing } from "./tracing.ts";

/** Taken before user code could replace them. */
const { parse, stringify } = JSON;

/** The functions of `deno_kernel` that JavaScript calls. */
interface PythonKernel {
  readonly execute: PythonFunction;
  readonly call: PythonFunction;
  readonly fire: PythonFunction;
  readonly recover: PythonFunction;
  readonly run_program: PythonFunction;
  destroy(): void;
}

/** The objects that Python's side holds. */
interface PythonSide {
  functions: RuntimeFunctions;
  sockets: PythonSockets;
  packages: RuntimePackages | undefined;
}

/** Returns the objects of Python's side by the names that an image of it has for them. */
function namesOf({ functions, sockets, packages }: PythonSide): NamedObjects {
  const { target: _, ...each } = functions;
  // Python keeps some of the methods that it has called.
  const ofSockets = Object.fromEntries(
    Object.entries(sockets).map(([name, it]) => [`sockets.${name}`, it as object]),
  );
  const ofTls = Object.fromEntries(
    Object.entries(sockets.memoryTls).map(([name, it]) => [`tls.${name}`, it as object]),
  );
  const always = { ...each, ...ofSockets, ...ofTls, sockets };
  if (!packages) return always;
  const { list, get, download, room, unpack, install, addBytecode, loaded } = packages;
  return { ...always, packages, list, get, download, room, unpack, install, addBytecode, loaded };
}

interface PendingExecution {
  id: string;
  begun: PromiseWithResolvers<void>;
  resolve: (reply: ExecuteReply) => void;
  reject: (error: unknown) => void;
}

/** One Python interpreter in this thread. */
export class PyodideRuntime implements Runtime {
  readonly #booted: BootedPyodide;
  readonly #named: PythonSide;
  readonly #shell: PythonShell;
  readonly #kernel: PythonKernel;
  /** This and the next three are functions of the kernel, each looked up once. */
  readonly #execute: PythonFunction;
  readonly #call: PythonFunction;
  readonly #fire: PythonFunction;
  readonly #goOn: PythonFunction;
  readonly #tracing: Tracing;
  // Python's side handles the exceptions that its callbacks raise.
  readonly #timers = new LoopTimers(
    (id) => this.#fire.callPromising(id),
    (error) => {
      if (isMemoryError(error)) this.#loseCallback();
      else if (!this.#recover(error)) this.#sink.fatal(error);
    },
  );
  readonly #files: RuntimeFiles;
  readonly #sink: RuntimeSink;
  readonly #signals: RuntimeSignals | undefined;
  readonly #output: OwnedOutput;
  readonly #reserve: MemoryReserve;
  readonly #network: Network | undefined;
  #pending: PendingExecution | undefined;
  #looking: ReturnType<typeof setImmediate> | undefined;

  constructor(
    booted: BootedPyodide,
    sink: RuntimeSink,
    signals: RuntimeSignals | undefined,
    output: OwnedOutput,
    named: PythonSide,
    { woken, stackBytes, limitMiB, shell, network }: {
      woken: boolean;
      stackBytes: number;
      limitMiB: number;
      shell: PythonShell;
      network: Network | undefined;
    },
  ) {
    this.#booted = booted;
    this.#network = network;
    const reserve = this.#reserve = new MemoryReserve(booted.module);
    this.#named = named;
    this.#shell = shell;
    this.#output = output;
    this.#files = new RuntimeFiles(booted.module.FS, limitMiB);
    this.#sink = sink;
    this.#signals = signals;
    const platform = booted.pyodide.pyimport("deno_kernel.entry.pyodide_platform");
    const { functions, packages, sockets } = named;
    functions.target = {
      emit: (json, buffers) => this.#onEvent(json, buffers),
      own: (executionId) => output.own(executionId ?? null),
      admit: (size) => output.admits(size),
      setTimer: (id, delayMs) => this.#timers.set(id, delayMs),
      clearTimer: (id) => this.#timers.clear(id),
      limitStack: () => limitStack(booted.module, stackBytes),
      beginCell: () => this.#begin(),
      openReserve: () => reserve.open(),
      closeReserve: () => reserve.close(),
      runShell: (request, receive) => this.#shell.run(request, receive),
    };
    const { emit, own, admit, setTimer, clearTimer, limitStack: limit, beginCell } = functions;
    const { openReserve, closeReserve, runShell } = functions;
    const kernel = (woken ? platform["wake"]!() : platform["start"]!(
      emit,
      own,
      admit,
      setTimer,
      clearTimer,
      limit,
      beginCell,
      openReserve,
      closeReserve,
      shell.available ? runShell : undefined,
      packages,
      sockets,
    )) as PythonKernel;
    this.#kernel = kernel;
    this.#execute = kernel.execute;
    this.#call = kernel.call;
    this.#fire = kernel.fire;
    this.#goOn = kernel.recover;
    this.#tracing = new Tracing(booted.pyodide);
    platform.destroy();
  }

  /** Boots an interpreter and gives it an identity; rejects when it cannot have that. */
  static async start(init: RuntimeInit): Promise<PyodideRuntime> {
    const { options, sink, signals, packages: broker } = init;
    const { limits, mounts } = options;
    const output = new OwnedOutput(sink, limits.outputBytes);
    // Python checks for signals as soon as it runs, before there is a runtime.
    let takeSignal = () => signals?.take(0) ?? 0;
    let noteFull = () => {};
    // Made by `PythonEngine.assets`, or read by `readAssets`.
    const assets = init.assets as RuntimeAssets;
    const network = networkOf(options.permissions, init.network);
    // The engine's TLS takes time to load, which most kernels have no use for.
    const tls = network && await import("../network/tls_stream.ts");
    const sockets = new PythonSockets(network, tls?.openTls);
    const named: PythonSide = {
      functions: new RuntimeFunctions(),
      sockets,
      packages: broker && new RuntimePackages(broker),
    };
    const booted = await bootPyodide(assets, {
      named: namesOf(named),
      sockets,
      onFatal: (error) => sink.fatal(error),
      output: (name, bytes) => output.write(name, bytes),
      onMemoryFull: () => noteFull(),
      ...(signals && { takeSignal: () => takeSignal() }),
    });
    const quota = limits.filesMiB * 2 ** 20;
    const packed = new PackedFiles(booted.module, quota);
    limitFiles(booted.module, { bytes: quota, open: limits.openFiles }, packed);
    const confined = options.mode === "process" && options.ownRoot;
    mountDirectories(booted, mounts, { confined });
    named.packages?.connect(booted.module, packed);
    const woken = assets.packages !== undefined;
    const stackBytes = STACK_BYTES[options.mode];
    const { permissions } = options;
    const shell = new PythonShell(booted, assets.shell, {
      // A program may wait, as for a package that it imports.
      runProgram: (request) => runtime.#kernel.run_program.callPromising(request),
      isSignalled: () => signals !== undefined && (signals.pending || signals.killed),
      attention: signals?.attention,
      runsPrograms: options.mode !== "main_thread",
      networked: permissions === "inherit" || permissions.net !== false,
    });
    const runtime: PyodideRuntime = new PyodideRuntime(booted, sink, signals, output, named, {
      woken,
      stackBytes,
      limitMiB: limits.filesMiB,
      shell,
      network,
    });
    noteFull = () => runtime.#reserve.noteFull();
    booted.recorder?.begin();
    if (signals) takeSignal = () => runtime.#takeSignal(signals);
    runtime.configure(init.identity);
    return runtime;
  }

  furnish(): void {
    protectBuiltIns();
  }

  /** The files of the interpreter. */
  get files(): FileSystem {
    return this.#booted.module.FS;
  }

  get memoryBytes(): number {
    return this.#booted.module.HEAPU8.byteLength;
  }

  execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { promise, resolve, reject } = Promise.withResolvers<ExecuteReply>();
    this.#pending = { id: request.id, begun: Promise.withResolvers(), resolve, reject };
    this.#output.begin(request.id);
    this.#reserve.open();
    this.#execute.callPromising(stringify(request)).catch((error) => {
      if (this.#pending?.id !== request.id) return; // It is an interrupt that came too late.
      if (isMemoryError(error) && !this.#removeTracing()) this.#settle(outOfMemory(request.id));
      // Python's side answers whatever else the cell does, so this is the end of the interpreter.
      else if (!this.#recover(error)) this.#fail(error);
    }).finally(() => this.#reserve.close());
    return promise;
  }

  configure({ kernelId, env, cwd, tools = [] }: KernelIdentity): void {
    this.#ask("configure", { kernelId, env, cwd, tools });
  }

  call(method: string, args: unknown, buffers: Uint8Array[]): Answer<unknown> {
    if (method === "saveImage") return this.#saveImage(args as CallArguments["saveImage"]);
    // Typed where it is called: the arguments are those of the method.
    if (this.#files.has(method)) return this.#files.call(method, args as never, buffers);
    return { value: this.#ask(method, args, buffers), buffers: [] };
  }

  #saveImage({ directory }: CallArguments["saveImage"]): Answer<unknown> {
    const { recorder, pyodide } = this.#booted;
    if (!recorder) throw new Error("Cannot save an image: this kernel was not started for that");
    if (this.#pending || this.#timers.size > 0) {
      throw new Error("Cannot save an image: Python works");
    }
    this.#reserve.release(); // A kernel that wakes from the image takes its own.
    const image = pyodide.pyimport("deno_kernel.entry.image");
    recorder.keepSize(() => image["settle"]!());
    image.destroy();
    recorder.save(directory, namesOf(this.#named));
    return { value: {}, buffers: [] };
  }

  /** Calls Python's side, which answers without waiting. */
  #ask(method: string, args: unknown, buffers: Uint8Array[] = []): unknown {
    // The output of a widget between cells does not count as the last cell's.
    if (method.startsWith("comm") && !this.#pending) this.#output.reset();
    let reply;
    this.#reserve.open();
    try {
      reply = parse(this.#call(method, stringify(args), buffers) as string);
    } catch (error) {
      if (isException(error)) this.#tracing.remove();
      throw error;
    } finally {
      this.#reserve.close();
    }
    if (reply?.error) {
      const { ename, evalue } = reply.error;
      throw new Error(`${ename}: ${evalue}`);
    }
    return reply;
  }

  print(name: StreamName, text: string): void {
    this.#output.write(name, new TextEncoder().encode(text));
  }

  get begun(): Promise<void> | undefined {
    return this.#pending?.begun.promise;
  }

  interrupt(executionId: string): boolean {
    this.#shell.stop();
    const reply = this.#ask("interrupt", { executionId }) as { delivered?: unknown };
    return reply.delivered === true;
  }

  judgeRejection(error: unknown): RejectionVerdict {
    if (this.#shell.takeRejection(error)) return "harmless";
    const { name, type, pyodide_fatal_error: fatal } = (error ?? {}) as Record<string, unknown>;
    // Both leave a callback as rejections when user code raises them outside of a cell.
    const ending = name === "PythonError" &&
      (type === "SystemExit" || type === "KeyboardInterrupt");
    if (ending) return "harmless";
    return fatal ? "fatal" : "shown";
  }

  /**
   * A signal is meant for the cell. A callback of the event loop may compute while the cell waits beside
   * it, so a callback gets a moment to end, after which the waiting cell can be interrupted.
   */
  #takeSignal(signals: RuntimeSignals): number {
    this.#reserve.relieve();
    const signal = signals.take(this.#timers.running > 0 ? CALLBACK_MS : 0);
    // A command that runs, and has just called Python, would not see the signal any more.
    if (signal !== 0) this.#shell.stop();
    if (signal !== 0 || signals.pending) this.#looking ??= setImmediate(() => this.#look(signals));
    return signal;
  }

  /**
   * Interrupts the cell now that this thread is free, so that Python waits or is done. Python may have
   * taken a signal in the kernel's own code on its way into the wait; that code only notes it.
   */
  #look(signals: RuntimeSignals): void {
    this.#looking = undefined;
    if (!this.#pending) return;
    const { id: executionId } = this.#pending;
    if (signals.take(0) !== 0) this.interrupt(executionId);
    else this.#ask("interruptNoted", { executionId });
  }

  close(reason: Error): void {
    this.#signals?.listen(false);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(reason);
    this.#timers.clearAll();
    this.#network?.[Symbol.dispose]();
    this.#kernel.destroy();
  }

  #begin(): void {
    this.#signals?.listen(true);
    this.#pending?.begun.resolve();
  }

  /** Takes what Python's side reports; it writes the type first. */
  #onEvent(json: string, buffers: Uint8Array[] | undefined): void {
    if (json.startsWith('{"type":"execute_reply"')) this.#settle(parse(json));
    else this.#sink.event(json, buffers ?? []);
  }

  #settle({ type: _, executionId, ...reply }: Record<string, unknown>): void {
    const pending = this.#pending;
    if (pending?.id !== executionId) return;
    this.#pending = undefined;
    this.#signals?.listen(false);
    // Made by `deno_kernel`; the host checks it where it crosses the thread boundary.
    const { memoryBytes } = this;
    const droppedBytes = this.#output.droppedOf(pending!.id);
    pending!.resolve({ ...reply, memoryBytes, droppedBytes } as unknown as ExecuteReply);
  }

  /**
   * Goes on after an exception of Python in the kernel's own code, which a callback of the user has raised that
   * watches all code; the cell that runs ends with an error. Returns false when the interpreter has failed.
   */
  #recover(error: unknown): boolean {
    if (!isException(error)) return false;
    try {
      this.#tracing.remove();
      this.#goOn(this.#pending?.id, (error as { type?: unknown }).type);
      return true;
    } catch {
      return false;
    }
  }

  /** Removes the callbacks that watch all code; returns false when there are none, or no memory to look for them. */
  #removeTracing(): boolean {
    try {
      return this.#tracing.remove();
    } catch {
      return false;
    }
  }

  /** A callback could not even begin: memory is so full. */
  #loseCallback(): void {
    this.print("stderr", "MemoryError: a callback of the event loop did not run\n");
  }

  #fail(error: unknown): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
    this.#sink.fatal(error);
  }
}

/** Returns the network of a kernel; undefined when it was granted no hosts. */
function networkOf(
  permissions: LocalOptions["permissions"],
  host: HostNetwork = machineNetwork,
): Network | undefined {
  const net = permissions === "inherit" ? true : permissions.net;
  const network = new Network({ net, host });
  return network.grants.none ? undefined : network;
}

/** Returns true for an exception of Python after which the interpreter goes on. */
function isException(error: unknown): boolean {
  const { name, pyodide_fatal_error: fatal } = (error ?? {}) as Record<string, unknown>;
  return name === "PythonError" && !fatal;
}

/** Returns true for Python's MemoryError. */
function isMemoryError(error: unknown): boolean {
  const { name, type } = (error ?? {}) as Record<string, unknown>;
  return name === "PythonError" && type === "MemoryError";
}

/** Makes the reply of a cell for which Python has no memory left to make one. */
function outOfMemory(executionId: string): Record<string, unknown> {
  const evalue = "there is too little memory left to run a cell; restart the kernel";
  return {
    executionId,
    status: "error",
    executionCount: 0,
    result: null,
    error: { ename: "MemoryError", evalue, traceback: [`MemoryError: ${evalue}`] },
    userExpressions: {},
    payload: [],
  };
}

/** The time that a callback of Python's event loop has to end before a signal strikes it, in milliseconds. */
const CALLBACK_MS = 10;

/**
 * The part of its own stack that Python may use in one call, in bytes: enough for the chains of imports and the
 * long expressions of large packages. Python only knows the stack in its memory, and not the JavaScript
 * engine's; when the latter is used up first, the interpreter ends instead of raising RecursionError. A process
 * kernel is started with an engine's stack that outlasts the larger part.
 */
const STACK_BYTES = { process: 2_048 * 1024, worker: 640 * 1024, main_thread: 640 * 1024 };

/** Limits the stack of the call from JavaScript that is under way. */
function limitStack(module: EmscriptenModule, bytes: number): void {
  module._PyUnstable_ThreadState_SetStackProtection(
    module._PyThreadState_Get(),
    module.stackSave() - bytes,
    bytes,
  );
}

/** Starts Python in this thread. */
export async function startPython(init: RuntimeInit): Promise<PyodideRuntime> {
  return await PyodideRuntime.start(init);
}
