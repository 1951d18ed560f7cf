import { getLogger } from "@logtape/logtape";
import type { CallOptions, Clock } from "../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { Sandbox, type SandboxRequest } from "./sandbox.ts";

const logger = getLogger(["server", "sandboxes"]);

/** The longest lifetime of a sandbox, in milliseconds: a day. */
export const MAX_LIFETIME_MS = 24 * 60 * 60 * 1_000;

/** The id of the sandbox that clients in debug mode share. */
export const DEBUG_SANDBOX_ID = "debug_sandbox_id";

/** Options for {@linkcode Sandboxes}. */
export interface SandboxesInit {
  kernels: Kernels;
  /** Measures the lifetimes. */
  clock: Clock;
}

/** A sandbox, and the timer of its end. */
interface Entry {
  sandbox: Sandbox;
  timer: Disposable | undefined;
}

/**
 * The sandboxes of this server: each is a group of kernels that ends with its time. Their number is bounded by
 * that of the kernels, because each sandbox has one at least.
 */
export class Sandboxes implements AsyncDisposable {
  readonly #kernels: Kernels;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #subscription: Disposable;
  #debug: Sandbox | undefined;

  constructor({ kernels, clock }: SandboxesInit) {
    this.#kernels = kernels;
    this.#clock = clock;
    this.#subscription = kernels.onEnd((kernelId) => {
      for (const { sandbox } of this.#entries.values()) void sandbox.forget(kernelId);
    });
  }

  /** Makes a sandbox whose Python is ready. Nothing is left behind when that fails. */
  async create(request: SandboxRequest, options?: CallOptions): Promise<Sandbox> {
    const sandbox = new Sandbox({ request, kernels: this.#kernels });
    this.#add(sandbox);
    try {
      options?.signal?.throwIfAborted();
      await sandbox.defaultContext();
      options?.signal?.throwIfAborted();
    } catch (error) {
      await this.kill(sandbox.id);
      throw error;
    }
    this.setTimeout(sandbox.id, request.timeoutMs);
    return sandbox;
  }

  /** Returns the sandbox that clients in debug mode share; it has no end of its own. */
  debugSandbox(kind: string): Sandbox {
    if (this.#debug) return this.#debug;
    const request = { template: "code-interpreter-v1", kind, timeoutMs: 0, metadata: {}, env: {} };
    this.#debug = new Sandbox({ request, kernels: this.#kernels, id: DEBUG_SANDBOX_ID });
    this.#add(this.#debug);
    return this.#debug;
  }

  /** Returns the sandbox of that id; undefined when there is none. */
  find(id: string): Sandbox | undefined {
    return this.#entries.get(id)?.sandbox;
  }

  /**
   * Returns the sandbox of that id.
   *
   * @throws {ServiceError} `not_found`.
   */
  get(id: string): Sandbox {
    return this.#entry(id).sandbox;
  }

  /** Lists the sandboxes, the oldest first. */
  list(): Sandbox[] {
    return [...this.#entries.values()].map(({ sandbox }) => sandbox);
  }

  /**
   * Makes a sandbox end after that many milliseconds from now.
   *
   * @throws {ServiceError} `not_found`.
   */
  setTimeout(id: string, timeoutMs: number): void {
    const entry = this.#entry(id);
    const lifetimeMs = Math.min(timeoutMs, MAX_LIFETIME_MS);
    entry.sandbox.endsAt = new Date(Date.now() + lifetimeMs);
    entry.timer?.[Symbol.dispose]();
    entry.timer = this.#clock.after(lifetimeMs, () => {
      void this.kill(id).catch((error) => {
        logger.error("a sandbox cannot be ended", { reason: messageOf(error), error });
      });
    });
  }

  /**
   * Makes a sandbox live for that many milliseconds from now at least.
   *
   * @throws {ServiceError} `not_found`.
   */
  extend(id: string, timeoutMs: number): void {
    if (Date.now() + timeoutMs > this.get(id).endsAt.getTime()) this.setTimeout(id, timeoutMs);
  }

  /** Ends a sandbox with its kernels; false when there is none of that id. */
  async kill(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    if (entry.sandbox === this.#debug) this.#debug = undefined;
    entry.timer?.[Symbol.dispose]();
    await entry.sandbox.end();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]();
    await Promise.all([...this.#entries.keys()].map((id) => this.kill(id)));
  }

  #add(sandbox: Sandbox): void {
    this.#entries.set(sandbox.id, { sandbox, timer: undefined });
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new ServiceError("not_found", `Sandbox ${id} not found`);
  }
}
