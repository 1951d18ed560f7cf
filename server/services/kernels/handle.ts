import {
  type CallOptions,
  type ExecuteOptions,
  type ExecuteResult,
  type IsolationMeasure,
  type KernelCalls,
  KernelError,
  type KernelEventListener,
  type KernelEventType,
  type KernelFiles,
  type KernelInfo,
  type KernelOptions,
  type Output,
  type RemoteKernel,
  type RemoteKernelSpec,
  type ToolOutcome,
} from "../../../kernel/mod.ts";

/** An execution that a kernel has accepted. */
export interface ExecutionHandle {
  readonly id: string;
  /** Resolves with the outcome; never rejects. */
  readonly result: Promise<ExecuteResult>;
  /** The outputs so far. */
  readonly outputs: Output[];
  /** True when `outputs` leaves out text because there was too much of it. */
  readonly outputsTruncated: boolean;
  /** Takes the execution out of the queue; false when it does not wait there. */
  dequeue(): Promise<boolean>;
  /** Raises KeyboardInterrupt in the execution, perhaps once a call returns; false when that is impossible. */
  interrupt(): Promise<boolean>;
}

/**
 * A kernel as the server sees it, wherever it lives: in this process, in another one or on another
 * machine. Code is run through the executions service only, so that every execution has a record.
 */
export interface KernelHandle {
  readonly id: string;
  /** The kernel's state as last heard of. */
  readonly info: KernelInfo;
  /** The kernel's answers to everything besides running code. */
  readonly calls: Pick<
    KernelCalls,
    | "closeComm"
    | "comms"
    | "complete"
    | "debug"
    | "history"
    | "inspect"
    | "isComplete"
    | "languageInfo"
    | "openComm"
    | "packages"
    | "sendComm"
    | "variables"
  >;
  /** The files that the kernel sees. */
  readonly files: Pick<KernelFiles, keyof KernelFiles>;
  /** Calls `listener` with the kernel's events of one type (`"*"`: all) until it is disposed. */
  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable;
  /** Raises KeyboardInterrupt in the running execution, perhaps once a call returns; false when that is impossible. */
  interrupt(): Promise<boolean>;
  /** Tells whether the kernel answers within `timeoutMs`; a kernel that computes does not. */
  ping(timeoutMs?: number): Promise<boolean>;
  /** Sets the milliseconds without work after which the kernel is shut down; 0: never. */
  setInactivityTimeout(timeoutMs: number): Promise<void>;
  /** Installs packages after the executions that wait, and returns all that are installed then. */
  installPackages(
    requirements: readonly string[] | string,
  ): Promise<{ name: string; version: string }[]>;
}

/** A kernel as the services see it: `Kernels` restarts it and `Executions` runs code in it. */
export interface ManagedKernel extends KernelHandle {
  /**
   * Puts code into the kernel's queue. Calls are accepted in the order in which they are made.
   *
   * @throws {KernelError} when the kernel is dead, its queue is full or an option is wrong.
   */
  submit(code: string, options: ExecuteOptions): Promise<ExecutionHandle>;
  /** Answers an `input_request`, with null by ending the input; false when nobody waits for it. */
  answerInput(requestId: string, value: string | null): Promise<boolean>;
  /** Answers a `tool_call`; false when nobody waits for the answer any more. */
  answerTool(requestId: string, outcome: ToolOutcome): Promise<boolean>;
  /** Replaces the interpreter by a fresh one, also after the kernel died. */
  restart(): Promise<void>;
}

/** The kernels that exist, wherever they live. */
export interface KernelDirectory {
  /** Returns the kernel of that id; undefined when there is none. */
  find(id: string): Promise<ManagedKernel | undefined>;
  /** Lists all kernels, or those of one namespace, in the order of their creation. */
  list(namespace?: string): Promise<KernelInfo[]>;
  /** Starts a kernel; gives up when the signal aborts. */
  create(options: KernelOptions, callOptions?: CallOptions): Promise<ManagedKernel>;
  /** Ends a kernel at once, with what runs in it; false when there is none of that id. */
  terminate(id: string): Promise<boolean>;
  /** Calls `listener` with the events of every kernel until it is disposed. */
  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable;
  /** Returns the number of interpreters that are ready to become kernels. */
  countReady(): Promise<number>;
  /** Returns the names of the other servers on which kernels may run. */
  servers(): Promise<readonly string[]>;
  /** Lists the kernels that run on another server; see `KernelManager.listRemoteKernels`. */
  listRemoteKernels(server: string): Promise<RemoteKernel[]>;
  /** Lists the kinds of kernels of another server; see `KernelManager.listRemoteKernelSpecs`. */
  listRemoteKernelSpecs(server: string): Promise<RemoteKernelSpec[]>;
  /** Lists the measures that isolate process kernels, and those that this system lacks. */
  isolation(): Promise<IsolationMeasure[]>;
}

/**
 * Returns the kernel of that id.
 *
 * @throws {KernelError} `not_found`.
 */
export async function getKernel(directory: KernelDirectory, id: string): Promise<ManagedKernel> {
  const kernel = await directory.find(id);
  if (!kernel) throw kernelNotFound(id);
  return kernel;
}

/** Makes the error for a kernel that does not exist; `id` is as the caller wrote it. */
export function kernelNotFound(id: string): KernelError {
  return new KernelError("not_found", `Cannot find kernel "${id}": no such kernel`);
}
