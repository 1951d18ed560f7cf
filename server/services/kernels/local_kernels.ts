import {
  type CallOptions,
  type ExecuteOptions,
  type ExecuteResult,
  type IsolationMeasure,
  type Kernel,
  KernelError,
  type KernelEventListener,
  type KernelEventType,
  type KernelInfo,
  type KernelManager,
  type KernelOptions,
  type Output,
  type RemoteKernel,
  type RemoteKernelSpec,
  type SubmittedExecution,
  type ToolOutcome,
} from "../../../kernel/mod.ts";
import type { ExecutionHandle, KernelDirectory, ManagedKernel } from "./handle.ts";

/** The kernels of a `KernelManager` in this process. The manager's owner disposes it. */
export class LocalKernels implements KernelDirectory {
  readonly #manager: KernelManager;

  constructor(manager: KernelManager) {
    this.#manager = manager;
  }

  // deno-lint-ignore require-await -- other directories have to ask somebody
  async find(id: string): Promise<ManagedKernel | undefined> {
    try {
      return new LocalKernel(this.#manager.getKernel(id));
    } catch (error) {
      if (error instanceof KernelError && error.code === "not_found") return undefined;
      throw error;
    }
  }

  // deno-lint-ignore require-await -- other directories have to ask somebody
  async list(namespace?: string): Promise<KernelInfo[]> {
    return this.#manager.listKernels(namespace);
  }

  async create(options: KernelOptions, callOptions?: CallOptions): Promise<ManagedKernel> {
    const id = await this.#manager.createKernel(options, callOptions);
    return new LocalKernel(this.#manager.getKernel(id));
  }

  async terminate(id: string): Promise<boolean> {
    return await this.#manager.destroyKernel(id);
  }

  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable {
    return this.#manager.events.on(type, listener);
  }

  // deno-lint-ignore require-await -- other directories have to ask somebody
  async countReady(): Promise<number> {
    return this.#manager.readyKernels;
  }

  // deno-lint-ignore require-await -- other directories have to ask somebody
  async servers(): Promise<readonly string[]> {
    return this.#manager.servers;
  }

  async listRemoteKernels(server: string): Promise<RemoteKernel[]> {
    return await this.#manager.listRemoteKernels(server);
  }

  async listRemoteKernelSpecs(server: string): Promise<RemoteKernelSpec[]> {
    return await this.#manager.listRemoteKernelSpecs(server);
  }

  async isolation(): Promise<IsolationMeasure[]> {
    return await this.#manager.isolation();
  }
}

class LocalKernel implements ManagedKernel {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get id(): string {
    return this.#kernel.id;
  }

  get info(): KernelInfo {
    return this.#kernel.info;
  }

  get calls(): Kernel {
    return this.#kernel;
  }

  get files(): Kernel["files"] {
    return this.#kernel.files;
  }

  on<T extends KernelEventType>(type: T | "*", listener: KernelEventListener<T>): Disposable {
    return this.#kernel.events.on(type, listener);
  }

  // deno-lint-ignore require-await -- a kernel elsewhere has to be asked
  async submit(code: string, options: ExecuteOptions): Promise<ExecutionHandle> {
    return new LocalExecution(this.#kernel, code, options);
  }

  answerInput(requestId: string, value: string | null): Promise<boolean> {
    return this.#kernel.answerInput(requestId, value);
  }

  answerTool(requestId: string, outcome: ToolOutcome): Promise<boolean> {
    return this.#kernel.answerTool(requestId, outcome);
  }

  interrupt(): Promise<boolean> {
    return this.#kernel.interrupt();
  }

  restart(): Promise<void> {
    return this.#kernel.restart();
  }

  ping(timeoutMs?: number): Promise<boolean> {
    return this.#kernel.ping(timeoutMs);
  }

  // deno-lint-ignore require-await -- a kernel elsewhere has to be asked
  async setInactivityTimeout(timeoutMs: number): Promise<void> {
    this.#kernel.inactivityTimeoutMs = timeoutMs;
  }

  installPackages(requirements: readonly string[] | string) {
    return this.#kernel.installPackages(requirements);
  }
}

class LocalExecution implements ExecutionHandle {
  readonly #kernel: Kernel;
  readonly #submitted: SubmittedExecution;

  constructor(kernel: Kernel, code: string, options: ExecuteOptions) {
    this.#kernel = kernel;
    this.#submitted = kernel.submit(code, options);
  }

  get id(): string {
    return this.#submitted.id;
  }

  get result(): Promise<ExecuteResult> {
    return this.#submitted.result;
  }

  get outputs(): Output[] {
    return this.#submitted.outputs;
  }

  get outputsTruncated(): boolean {
    return this.#submitted.outputsTruncated;
  }

  // Not `async` before the call: a caller that reacts to an event acts before the next execution begins.
  dequeue(): Promise<boolean> {
    return Promise.resolve(this.#kernel.cancelExecution(this.id));
  }

  interrupt(): Promise<boolean> {
    return this.#kernel.interrupt(this.id);
  }
}
