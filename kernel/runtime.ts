import type { Answer } from "./calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "./cell.ts";
import type { HostNetwork } from "./network/host_network.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { KernelIdentity, LocalOptions } from "./start_options.ts";
import type { StreamName } from "./streams.ts";

/** One interpreter in this thread. It knows nothing of the threads and pipes through which it is reached. */
export interface Runtime {
  /** The size of the interpreter's memory, in bytes. */
  readonly memoryBytes: number;
  /** Resolves when the cell that was sent last has begun, and waits or is done; undefined: no cell. */
  readonly begun: Promise<void> | undefined;
  /** Gives the interpreter, which has executed nothing, an identity; throws when it cannot have it. */
  configure(identity: KernelIdentity): void;
  /**
   * Called once, when the globals of a worker were reduced: an interpreter that executes its cells in the
   * thread's own realm adds those that its language has. @default nothing is added
   */
  furnish?(): void;
  /** Executes one cell; callers send one at a time. Rejects only when the interpreter ends. */
  execute(request: ExecuteRequest): Promise<ExecuteReply>;
  /** Answers one of the calls of `CallArguments` without waiting; throws when it fails. */
  call(method: string, args: unknown, buffers: Uint8Array[]): Answer<unknown>;
  /** Cancels what the execution waits for; returns false when it does not wait, or has not begun. */
  interrupt(executionId: string): boolean;
  /** Shows a text that JavaScript printed as output of the kernel. */
  print(name: StreamName, text: string): void;
  /** Judges a rejection that nobody handled; see {@linkcode RejectionVerdict}. */
  judgeRejection(error: unknown): RejectionVerdict;
  /** Forgets the interpreter; the pending execution rejects with the reason. */
  close(reason: Error): void;
}

/**
 * The meaning of a rejection that nobody handled: `harmless` ones are an ordinary end of user code,
 * `shown` ones are an error of user code, and after a `fatal` one the interpreter is unusable.
 */
export type RejectionVerdict = "harmless" | "shown" | "fatal";

/** Receives what comes out of an interpreter, in order. */
export interface RuntimeSink {
  /** Receives bytes of a standard stream; they are only valid during the call. */
  stream(name: StreamName, bytes: Uint8Array): void;
  /** Receives an event as JSON, which nobody has checked, and the bytes that belong to it. */
  event(json: string, buffers: readonly Uint8Array[]): void;
  /** Output from here on belongs to that execution; null: to the one that was begun last. */
  own(executionId: string | null): void;
  /** The interpreter is unusable from here on. */
  fatal(error: unknown): void;
}

/** The way in which another thread reaches an interpreter that computes. */
export interface RuntimeSignals {
  /** Shared memory of one number: not zero when there may be something to take, or the end has come. */
  readonly attention: Int32Array;
  /** True when a signal was sent and is not taken yet. */
  readonly pending: boolean;
  /** True when the interpreter is not wanted any more. */
  readonly killed: boolean;
  /**
   * Takes the signal that was sent (2: SIGINT). Returns 0 when there is none, or when it was first asked
   * for with patience less than that many milliseconds ago. Throws to stop an interpreter that is not
   * wanted any more.
   */
  take(patienceMs: number): number;
  /** Tells if a cell is being executed: a signal that is taken between cells would strike the wrong code. */
  listen(running: boolean): void;
}

/** Everything that an interpreter is started with. */
export interface RuntimeInit {
  /** The options that are fixed from here on. */
  options: LocalOptions;
  /** The first identity. */
  identity: KernelIdentity;
  /** The value that the engine's `assets` has made; its own affair. */
  assets: unknown;
  /** Receives what comes out. */
  sink: RuntimeSink;
  /** Reaches the interpreter while it computes. @default nothing does */
  signals?: RuntimeSignals | undefined;
  /** The network that its host sees. @default this machine's */
  network?: HostNetwork | undefined;
  /** Gives it packages. @default it gets none */
  packages?: PackageBroker | undefined;
}

/** Starts an interpreter in this thread; rejects when it cannot be started. */
export type StartRuntime = (init: RuntimeInit) => Promise<Runtime>;
