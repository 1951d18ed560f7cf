import { type Signal, signal } from "@preact/signals";
import type { NotebookKind } from "../../services/notebooks/format/notebook_kind.ts";
import { ApiError } from "../api/client.ts";
import type { CommEvent, ShowingEvent } from "../api/event_schema.ts";
import {
  createKernel,
  deleteKernel,
  followKernel,
  getKernel,
  restartKernel,
} from "../api/kernels.ts";
import { KernelComms } from "../comms/kernel_comms.ts";

/**
 * The status of a notebook's kernel: `none` before the first one is started, `gone` when the server
 * no longer knows it.
 */
export type SessionStatus =
  | "none"
  | "starting"
  | "idle"
  | "busy"
  | "restarting"
  | "unreachable"
  | "dead"
  | "gone";

/** The statuses after which the kernel has another interpreter, or none. */
const ENDS_INTERPRETER: ReadonlySet<SessionStatus> = new Set(["restarting", "dead", "gone"]);

/** Options for {@linkcode SessionKernel}. */
export interface SessionKernelInit {
  id: string | null;
  /** Returns the kind of kernel to start; undefined for the server's default one. */
  kind: () => Promise<NotebookKind | undefined>;
  /** Called when the kernel has another interpreter, which has run nothing. */
  onNew: () => void;
  /** Called when the kernel's events begin to come, the first time and after a lost connection. */
  onOpen: () => void;
  onComm: (event: CommEvent) => void;
  /** Called with each output of an execution, also after its end. */
  onOutput: (execution: string, event: ShowingEvent) => void;
  onExecutionEnd: (execution: string) => void;
  report: (error: unknown) => void;
}

/** The kernel of a notebook: its start, its ends, and its events. */
export class SessionKernel {
  readonly id: Signal<string | null>;
  readonly status = signal<SessionStatus>("none");
  readonly connected = signal(true);
  /** The time at which it began to start, in milliseconds since the epoch; null if it is not starting. */
  readonly startingSince = signal<number | null>(null);
  readonly comms: KernelComms;
  readonly #opened = Promise.withResolvers<void>();
  readonly #init: SessionKernelInit;
  #starting: Promise<string> | undefined;
  #isRestarting = false;
  #following = new AbortController();

  constructor(init: SessionKernelInit) {
    this.#init = init;
    this.id = signal(init.id);
    this.comms = new KernelComms(() => this.id.peek());
  }

  /** Resolves when the events of a kernel have begun to come. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** True while it restarts because somebody has asked for it here. */
  get isRestarting(): boolean {
    return this.#isRestarting;
  }

  /** True if there is no kernel, or the server no longer knows it. */
  get isMissing(): boolean {
    return this.id.peek() === null || this.status.peek() === "gone";
  }

  /** Takes a kernel that runs already. */
  take(id: string): void {
    if (this.id.peek() === id && this.status.peek() !== "gone") return;
    const isOther = this.id.peek() !== id;
    this.id.value = id;
    if (isOther) this.#init.onNew();
    void this.attach(id);
  }

  /** Connects with a kernel that runs already. */
  async attach(id: string): Promise<void> {
    try {
      const { status } = await getKernel(id);
      this.status.value = status;
      this.#follow(id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.status.value = "gone";
      else this.#init.report(error);
    }
  }

  /** Resolves with the id of the kernel, after starting one if there is none. */
  async ensure(): Promise<string> {
    if (!this.isMissing) return this.id.peek()!;
    return await (this.#starting ??= this.#start().finally(() => this.#starting = undefined));
  }

  /** Runs a task that starts a kernel; the page shows since when. */
  async starting<T>(task: () => Promise<T>): Promise<T> {
    this.status.value = "starting";
    this.startingSince.value = Date.now();
    try {
      return await task();
    } finally {
      this.startingSince.value = null;
    }
  }

  /** Forgets a kernel that has ended. */
  forget(): void {
    this.id.value = null;
  }

  /**
   * Restarts the kernel.
   *
   * @throws {ApiError} with status 404 if the server no longer knows it.
   */
  async restart(id: string): Promise<void> {
    try {
      this.status.value = "restarting";
      this.#isRestarting = true;
      this.status.value = (await restartKernel(id)).status;
      this.comms.reset();
      this.#init.onNew();
    } finally {
      this.#isRestarting = false;
    }
  }

  /** Resolves when no kernel is starting. */
  async settled(): Promise<void> {
    await this.#starting?.catch(() => {});
  }

  /** Takes a new kernel in place of the present one, which ends. */
  async exchange(id: string, status: SessionStatus): Promise<void> {
    const earlier = this.id.peek();
    this.#begin(id, status);
    if (earlier !== null) await deleteKernel(earlier).catch(() => {});
  }

  /** Ends the kernel. */
  async shutDown(): Promise<void> {
    const id = this.id.peek();
    if (id === null) return;
    await deleteKernel(id).catch(() => {});
    this.leave();
    this.id.value = null;
    this.status.value = "none";
  }

  /** Stops following the kernel's events. The kernel keeps running. */
  leave(): void {
    this.#following.abort();
  }

  async #start(): Promise<string> {
    try {
      return await this.starting(async () => {
        const { id, status } = await createKernel((await this.#init.kind())?.name);
        this.#begin(id, status);
        return id;
      });
    } catch (error) {
      this.status.value = "none";
      throw error;
    }
  }

  #begin(id: string, status: SessionStatus): void {
    this.id.value = id;
    this.status.value = status;
    this.#init.onNew();
    this.#follow(id);
  }

  #follow(id: string): void {
    this.#following.abort();
    this.#following = new AbortController();
    this.comms.reset();
    const setStatus = (status: SessionStatus) => {
      if (ENDS_INTERPRETER.has(status) && this.status.peek() !== status) this.comms.reset();
      if (this.id.peek() === id) this.status.value = status;
    };
    const { onOpen, onExecutionEnd, onOutput, onComm } = this.#init;
    followKernel(id, {
      onStatus: setStatus,
      onOpen: () => {
        this.#opened.resolve();
        onOpen();
      },
      onExecutionEnd,
      onComm: (event) => {
        onComm(event);
        this.comms.take(event);
      },
      onOutput,
      onConnected: (connected) => this.connected.value = connected,
      onGone: () => setStatus("gone"),
    }, this.#following.signal);
  }
}
