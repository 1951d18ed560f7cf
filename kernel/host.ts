import type { Answer, CallArguments, CallMethod, CallReplies } from "./calls/methods.ts";
import type { ExecuteReply, ExecuteRequest } from "./cell.ts";
import type { KernelEvent, KernelEventType } from "./events.ts";
import type { IsolationMeasure } from "./isolation.ts";
import type { PermissionOptions } from "./permissions.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { RemoteKernel, RemoteKernelSpec, RemoteTarget } from "./remote_options.ts";
import type {
  KernelIdentity,
  MainThreadOptions,
  ProcessOptions,
  RemoteOptions,
  StartOptions,
  WorkerOptions,
} from "./start_options.ts";

/**
 * The place where one interpreter runs: this thread, a worker or a process. The manager owns identity
 * and policy, an `Engine` is the language, and a host carries calls to the interpreter and events back.
 */
export interface KernelHost extends AsyncDisposable {
  /** Resolves with the reason when the interpreter ends by itself; never rejects. */
  readonly exited: Promise<string>;
  /** The size of the interpreter's memory in bytes, as last reported; null before the start. */
  readonly memoryBytes: number | null;
  /** Says that another interpreter is to take its place when it ends by itself. @default none is */
  readonly recovery?: Recovery | undefined;
  /** Starts the interpreter; rejects when that fails. Callers call it once, before anything else. */
  start(): Promise<void>;
  /** Gives a started interpreter, which has executed nothing, the identity of a kernel. */
  configure(identity: KernelIdentity): Promise<void>;
  /** Executes one cell; callers send one at a time. Rejects only when the interpreter ends. */
  execute(request: ExecuteRequest): Promise<ExecuteReply>;
  /** Calls the kernel; rejects when the call fails or the interpreter ends. */
  call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers?: Uint8Array[],
  ): Promise<Answer<CallReplies[M]>>;
  /** Raises the language's interrupt in that execution. */
  interrupt(executionId: string): Promise<InterruptOutcome>;
  /** Resolves with true when the interpreter answers within the time. */
  ping(timeoutMs: number): Promise<boolean>;
  /** Begins to measure; the returned function tells what the interpreter has used since. */
  meter(): () => HostUsage;
  /**
   * Ends the interpreter whatever it does, settles every call and frees everything. `leaked` is true when
   * its thread did not stop. `replacing` tells that another one takes its place at once.
   */
  terminate(reason: string, options?: { replacing?: boolean }): Promise<{ leaked: boolean }>;
}

/** The replacement of an interpreter that has ended by itself. */
export interface Recovery {
  /** The pause before the next one starts, in milliseconds. */
  delayMs: number;
}

/**
 * The outcome of an interrupt: `delivered`; `pending` when the execution gets it as soon as its present
 * call, which looks for no interrupts, returns; `missed` when the execution does not run, or cannot get it.
 */
export type InterruptOutcome = "delivered" | "pending" | "missed";

/** The resources that an interpreter has used; null is what cannot be measured in the kernel's mode. */
export interface HostUsage {
  /** Processor time, in milliseconds. */
  cpuMs: number | null;
  /** The most memory that it had at a time, in bytes. */
  peakMemoryBytes: number | null;
}

/** An event as it comes from the interpreter, before the kernel's id is added. */
export type HostEvent = WithoutKernelId<Exclude<KernelEvent, { type: OwnEventType }>>;

/** The events that the library reports itself; an interpreter may not. */
export type OwnEventType = Extract<
  KernelEventType,
  "status" | "execution_stalled" | "kernel_terminated"
>;
/** Removes `kernelId`, which the interpreter's side does not know. */
export type WithoutKernelId<E> = E extends KernelEvent ? Omit<E, "kernelId"> : never;

/** Everything that a host is made with. `E` is the form in which it hands on events. */
export interface HostInit<O extends StartOptions = StartOptions, E = HostEvent> {
  /** The options that are fixed when the interpreter starts. */
  options: O;
  /** The identity that the interpreter starts with. */
  identity: KernelIdentity;
  /** Gives the kernel packages. @default it gets none */
  packages?: PackageBroker | undefined;
  /** Receives every event of the kernel, in order. */
  onEvent: (event: E) => void;
  /** Hears that the interpreter cannot be reached for the moment, and that it can be reached again. */
  onReachable?: (reachable: boolean) => void;
}

/** Makes the host of a kernel. */
export type HostFactory<O extends StartOptions = StartOptions> = (init: HostInit<O>) => KernelHost;

/** The factories of hosts, by mode. */
export interface Hosts {
  /** Makes hosts in this thread. */
  main_thread: HostFactory<MainThreadOptions>;
  /** Makes hosts in workers. */
  worker: HostFactory<WorkerOptions>;
  /** Makes hosts in processes. */
  process: HostFactory<ProcessOptions>;
  /** Makes hosts of kernels on other servers. @default no other server is known */
  remote?: RemoteHosts;
  /** Describes what keeps process kernels in. */
  isolation?: () => Promise<IsolationMeasure[]>;
  /**
   * Resolves with true when process kernels with these permissions, besides those for their mounts, have a
   * root directory of their own, from which no link leads out. @default they have none
   */
  getsOwnRoot?: (language: string, permissions: PermissionOptions) => Promise<boolean>;
}

/** The kernels of other servers. */
export interface RemoteHosts {
  /** The names of the servers. */
  readonly names: readonly string[];
  /**
   * Finds the kind of a kernel that is asked for, and its language.
   *
   * @throws {KernelError} when there is no such server, kind or kernel, or the server cannot be reached.
   */
  resolve(target: RemoteTarget, language: string | undefined): Promise<ResolvedTarget>;
  /** Makes the host of a kernel. */
  create(init: HostInit<RemoteOptions>): KernelHost;
  /** Returns the way in which kernels of a language get packages. */
  installer(language: string): Installer;
  /** Lists the kinds of kernels that a server offers. */
  kernelSpecs(server: string): Promise<RemoteKernelSpec[]>;
  /** Lists the kernels that run on a server. */
  kernels(server: string): Promise<RemoteKernel[]>;
}

/** The way in which kernels of one language get packages. */
export interface Installer {
  /** The name of the language. */
  readonly language: string;
  /** The code that installs packages; absent when the language has none. */
  readonly installCode?: (request: InstallRequest) => string;
}

/** Packages to install. */
export interface InstallRequest {
  /** Names, perhaps with versions, or the text of a requirements file. */
  requirements: readonly string[] | string;
  /** Imports what is named as well, which takes longer than installing it. */
  importing: boolean;
}

/** A kernel on another server, once its server was asked. */
export interface ResolvedTarget {
  /** The language of the kernel. */
  language: string;
  /** The kernel. */
  remote: RemoteOptions["remote"];
}

/** Makes a host of the mode that the options name. */
export function createHost(hosts: Hosts, init: HostInit): KernelHost {
  const { options } = init;
  switch (options.mode) {
    case "main_thread":
      return hosts.main_thread({ ...init, options });
    case "worker":
      return hosts.worker({ ...init, options });
    case "process":
      return hosts.process({ ...init, options });
    case "remote":
      // The policy has found the server.
      return hosts.remote!.create({ ...init, options });
  }
}
