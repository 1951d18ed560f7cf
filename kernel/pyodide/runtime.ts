import { clearImmediate, setImmediate } from "node:timers";
import type { ExecuteReply, ExecuteRequest } from "../host.ts";
import type { KernelLimits } from "../limits/limits.ts";
import type { Mount } from "../mounts.ts";
import { OutputLimit } from "../limits/output_limit.ts";
import type { StreamName } from "../streams.ts";
import type { RuntimeAssets } from "./assets.ts";
import { type BootedPyodide, bootPyodide } from "./boot.ts";
import type { EmscriptenModule, PythonFunction } from "./emscripten.ts";
import { limitFiles } from "./file_limits.ts";
import { RuntimePackages } from "./runtime_packages.ts";
import type { PackageBroker } from "../packages/request.ts";
import { RuntimeFiles } from "./files.ts";
import { mountDirectories } from "./filesystem.ts";

/** Kept from before user code could replace them. */
const { parse, stringify } = JSON;

/** How one kernel's interpreter is set up. */
export interface RuntimeConfig {
  kernelId: string;
  mounts: Mount[];
  env: Record<string, string>;
  cwd: string;
  limits: KernelLimits;
}

/** How another thread reaches Python that computes. */
export interface RuntimeSignals {
  /** Whether one was sent that is not taken yet. */
  readonly pending: boolean;
  /**
   * Takes the signal that was sent (2: SIGINT); 0 when there is none, or was first asked for with
   * patience less than that many milliseconds ago. Throws to stop an interpreter that is not wanted any
   * more.
   */
  take(patienceMs: number): number;
  /** Whether Python runs a cell: a signal that is taken while it rests would strike its loop. */
  listen(running: boolean): void;
}

/** Takes what comes out of the interpreter, in order. */
export interface RuntimeSink {
  /** Bytes that Python wrote; they are only valid during the call. */
  stream(name: StreamName, bytes: Uint8Array): void;
  /** An event that Python reported; not checked yet. */
  event(event: unknown): void;
  /** What Python writes from here on belongs to that execution; null: to the one begun last. */
  own(executionId: string | null): void;
  /** The interpreter can no longer be used. */
  fatal(error: unknown): void;
}

/** What `deno_kernel` hands over. */
interface PythonKernel {
  readonly execute: PythonFunction;
  readonly call: PythonFunction;
  readonly fire: PythonFunction;
  destroy(): void;
}

interface PendingExecution {
  id: string;
  begun: PromiseWithResolvers<void>;
  resolve: (reply: ExecuteReply) => void;
  reject: (error: unknown) => void;
}

/** One Python interpreter in this thread. It knows nothing of how it is reached. */
export class PyodideRuntime {
  readonly #booted: BootedPyodide;
  readonly #kernel: PythonKernel;
  /** Of the kernel, as the next two; looked up once. */
  readonly #execute: PythonFunction;
  readonly #call: PythonFunction;
  readonly #fire: PythonFunction;
  /** What Python's event loop waits for, by its own numbers. */
  readonly #timers = new Map<number, Timer>();
  readonly #files: RuntimeFiles;
  readonly #sink: RuntimeSink;
  readonly #signals: RuntimeSignals | undefined;
  readonly #output: OutputLimit;
  #pending: PendingExecution | undefined;
  /** How many callbacks of Python's loop run, or wait. */
  #callbacks = 0;
  #looking: ReturnType<typeof setImmediate> | undefined;

  constructor(
    booted: BootedPyodide,
    sink: RuntimeSink,
    signals: RuntimeSignals | undefined,
    output: OutputLimit,
    packages: RuntimePackages | undefined,
  ) {
    this.#booted = booted;
    this.#output = output;
    this.#files = new RuntimeFiles(booted.module.FS);
    this.#sink = sink;
    this.#signals = signals;
    const platform = booted.pyodide.pyimport("deno_kernel.pyodide_platform");
    const kernel = platform["start"]!(
      (json: string, buffers?: Uint8Array[]) => this.#onEvent(json, buffers),
      (size: number) => output.admits(size),
      (id: number, delayMs: number) => this.#setTimer(id, delayMs),
      (id: number) => this.#clearTimer(id),
      () => limitStack(booted.module),
      () => this.#begin(),
      packages,
    ) as PythonKernel;
    this.#kernel = kernel;
    this.#execute = kernel.execute;
    this.#call = kernel.call;
    this.#fire = kernel.fire;
    platform.destroy();
  }

  /** Boots an interpreter and sets it up; rejects when its environment cannot be. */
  static async start(
    assets: RuntimeAssets,
    config: RuntimeConfig,
    sink: RuntimeSink,
    signals?: RuntimeSignals,
    broker?: PackageBroker,
  ): Promise<PyodideRuntime> {
    const { kernelId, env, cwd, limits } = config;
    const output = new OutputLimit(limits.outputBytes + OUTPUT_SLACK_BYTES);
    // Python looks for signals as soon as it runs.
    let takeSignal = () => signals?.take(0) ?? 0;
    const booted = await bootPyodide(assets, {
      onFatal: (error) => sink.fatal(error),
      output: (name, bytes) => writeLimited(name, bytes, sink, output),
      ...(signals && { takeSignal: () => takeSignal() }),
    });
    limitFiles(booted.module, { bytes: limits.filesMb * 2 ** 20, open: limits.openFiles });
    mountDirectories(booted.module, config.mounts);
    const packages = broker && new RuntimePackages(booted.module, broker);
    const runtime = new PyodideRuntime(booted, sink, signals, output, packages);
    if (signals) takeSignal = () => runtime.#takeSignal(signals);
    runtime.call("configure", { kernelId, env, cwd });
    return runtime;
  }

  /** The size of its memory; it grows and never shrinks. */
  get memoryBytes(): number {
    return this.#booted.module.HEAPU8.byteLength;
  }

  /** Runs one cell; one at a time. Rejects only when the interpreter ends. */
  execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { promise, resolve, reject } = Promise.withResolvers<ExecuteReply>();
    this.#pending = { id: request.id, begun: Promise.withResolvers(), resolve, reject };
    this.#output.reset();
    this.#execute.callPromising(stringify(request)).catch((error) => {
      // Python's side answers whatever the cell does; this is an interrupt that came too late, or
      // the end of the interpreter.
      if (this.#pending?.id === request.id) this.#fail(error);
    });
    return promise;
  }

  /** Asks something that is answered without waiting, mostly by Python's side. */
  call(method: string, args: unknown, buffers: Uint8Array[] = []): unknown {
    // Typed where it is called: the arguments are those of the method.
    if (this.#files.has(method)) return this.#files.call(method, args as never, buffers);
    // What a widget shows between cells is not the last cell's to be limited with.
    if (method.startsWith("comm") && !this.#pending) this.#output.reset();
    const reply = parse(this.#call(method, stringify(args), buffers) as string);
    if (reply?.error) {
      const { ename, evalue } = reply.error;
      throw new Error(`${ename}: ${evalue}`);
    }
    return reply;
  }

  /** Shows what JavaScript prints as output of the kernel. */
  print(name: StreamName, text: string): void {
    writeLimited(name, new TextEncoder().encode(text), this.#sink, this.#output);
  }

  /** Resolves when Python has begun what it is to execute, and waits or is done; undefined: nothing. */
  get begun(): Promise<void> | undefined {
    return this.#pending?.begun.promise;
  }

  /** Cancels what an execution waits for; false when it does not wait, or has not begun. */
  interrupt(executionId: string): boolean {
    const reply = this.call("interrupt", { executionId }) as { delivered?: unknown };
    return reply.delivered === true;
  }

  /**
   * What computes is the cell, or it is a callback of the loop: then the cell may wait beside it, and is
   * what is to be interrupted, unless the callback does not end.
   */
  #takeSignal(signals: RuntimeSignals): number {
    const signal = signals.take(this.#callbacks > 0 ? CALLBACK_MS : 0);
    if (signal !== 0 || signals.pending) this.#looking ??= setImmediate(() => this.#look(signals));
    return signal;
  }

  /**
   * Now that this thread is free, Python waits or is done. It may have taken a signal in the kernel's own
   * code, which only notes it, on its way into the wait.
   */
  #look(signals: RuntimeSignals): void {
    this.#looking = undefined;
    if (!this.#pending) return;
    const { id: executionId } = this.#pending;
    if (signals.take(0) !== 0) this.interrupt(executionId);
    else this.call("interruptNoted", { executionId });
  }

  /** Forgets the interpreter; the pending execution rejects. */
  close(reason: Error): void {
    this.#signals?.listen(false);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(reason);
    for (const id of [...this.#timers.keys()]) this.#clearTimer(id);
    this.#kernel.destroy();
  }

  #setTimer(id: number, delayMs: number): void {
    const fire = () => {
      this.#timers.delete(id);
      // May suspend, as a cell may. Python's side handles what the callback raises.
      this.#callbacks++;
      this.#fire.callPromising(id).catch((error) => this.#sink.fatal(error)).finally(() => {
        this.#callbacks--;
      });
    };
    this.#timers.set(id, startTimer(fire, delayMs));
  }

  #clearTimer(id: number): void {
    this.#timers.get(id)?.[Symbol.dispose]();
    this.#timers.delete(id);
  }

  #begin(): void {
    this.#signals?.listen(true);
    this.#pending?.begun.resolve();
  }

  #onEvent(json: string, buffers: Uint8Array[] | undefined): void {
    const event = parse(json);
    if (event?.type === "execute_reply") return this.#settle(event);
    if (event?.type === "stream_owner") return this.#sink.own(event.executionId as string | null);
    this.#sink.event(buffers && event ? { ...event, buffers } : event);
  }

  #settle({ type: _, executionId, ...reply }: Record<string, unknown>): void {
    const pending = this.#pending;
    if (pending?.id !== executionId) return;
    this.#pending = undefined;
    this.#signals?.listen(false);
    // Made by our Python side; the host checks it where it crosses the thread boundary.
    const { memoryBytes } = this;
    const droppedBytes = this.#output.dropped;
    pending!.resolve({ ...reply, memoryBytes, droppedBytes } as unknown as ExecuteReply);
  }

  #fail(error: unknown): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
    this.#sink.fatal(error);
  }
}

/**
 * What is let through beyond the limit, so that whoever enforces it sees that there was more. Dropping
 * the rest here spares everybody the way of a flood.
 */
const OUTPUT_SLACK_BYTES = 64 * 1024;

/** How long a callback of Python's loop may take to let a waiting cell be interrupted, in milliseconds. */
const CALLBACK_MS = 10;

/** A callback to come; disposing it takes it back. */
type Timer = Disposable;

/** Python's loop asks for most of its callbacks at once, which a timer would delay by a millisecond. */
function startTimer(callback: () => void, delayMs: number): Timer {
  if (delayMs <= 0) {
    const immediate = setImmediate(callback);
    return { [Symbol.dispose]: () => clearImmediate(immediate) };
  }
  const timer = setTimeout(callback, delayMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Writes what may be shown: whole characters. */
function writeLimited(
  name: StreamName,
  bytes: Uint8Array,
  sink: RuntimeSink,
  output: OutputLimit,
): void {
  let shown = output.take(bytes.length);
  if (shown < bytes.length) { while (shown > 0 && (bytes[shown]! & 0xc0) === 0x80) shown--; }
  if (shown > 0) sink.stream(name, shown < bytes.length ? bytes.subarray(0, shown) : bytes);
}

/**
 * How much of its own stack Python may use in one call, in bytes: enough for the chains of imports of
 * large packages. Python only knows the stack in its memory, and not the engine's, which is used up
 * first: then the interpreter ends instead of raising RecursionError. Process kernels, and servers that
 * were started by `start-server.sh`, have an engine's stack that is large enough.
 */
const STACK_BYTES = 320 * 1024;

/** Sets the limit for the call from JavaScript that is under way. */
function limitStack(module: EmscriptenModule): void {
  module._PyUnstable_ThreadState_SetStackProtection(
    module._PyThreadState_Get(),
    module.stackSave() - STACK_BYTES,
    STACK_BYTES,
  );
}
