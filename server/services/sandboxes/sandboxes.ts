import { getLogger } from "@logtape/logtape";
import type { CallOptions, Clock } from "../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../errors/service_error.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { Scope } from "../namespaces/scope.ts";
import { SandboxHomes } from "./homes.ts";
import { Sandbox, type SandboxRequest } from "./sandbox.ts";

const logger = getLogger(["server", "sandboxes"]);

/** The longest lifetime of a sandbox, in milliseconds: a day. */
export const MAX_LIFETIME_MS = 24 * 60 * 60 * 1_000;

/** The id of the sandbox that clients in debug mode share. */
const DEBUG_SANDBOX_ID = "debug_sandbox_id";

/** Options for {@linkcode Sandboxes}. */
export interface SandboxesInit {
  kernels: Kernels;
  /** Measures the lifetimes. */
  clock: Clock;
  /** The directory on this machine that sandboxes have their files in; kernels have to be allowed to mount it. */
  directory: string;
}

/** A sandbox, the timer of its end, and the namespace that it belongs to. */
interface Entry {
  sandbox: Sandbox;
  namespace: string | undefined;
  timer: Disposable | undefined;
}

/**
 * The sandboxes of this server: each is a group of kernels that ends with its time. Their number is bounded by
 * that of the kernels, because each sandbox has one at least.
 */
export class Sandboxes implements AsyncDisposable {
  /** The home directories, which other groups of kernels may have too. */
  readonly homes: SandboxHomes;
  readonly #kernels: Kernels;
  readonly #clock: Clock;
  readonly #scope: Scope;
  /** Those of all views. */
  readonly #entries: Map<string, Entry>;
  readonly #subscription: Disposable | undefined;
  #debug: Sandbox | undefined;

  constructor(
    { kernels, clock, directory }: SandboxesInit,
    of?: Sandboxes,
    scope = Scope.everything,
  ) {
    this.#kernels = kernels;
    this.homes = of ? of.homes : new SandboxHomes(directory);
    this.#clock = clock;
    this.#scope = scope;
    this.#entries = of ? of.#entries : new Map();
    if (of) return;
    this.#subscription = kernels.onEnd((kernelId) => {
      for (const { sandbox } of this.#entries.values()) void sandbox.forget(kernelId);
    });
  }

  /** Returns the sandboxes of a namespace; new ones get kernels of `kernels`. The result needs no disposal. */
  within(scope: Scope, kernels: Kernels): Sandboxes {
    return new Sandboxes({ kernels, clock: this.#clock, directory: this.homes.root }, this, scope);
  }

  /** Makes a sandbox whose Python is ready. Nothing is left behind when that fails. */
  async create(request: SandboxRequest, options?: CallOptions): Promise<Sandbox> {
    const sandbox = new Sandbox({ request, kernels: this.#kernels, homes: this.homes });
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
    this.#debug = new Sandbox({
      request,
      kernels: this.#kernels,
      homes: this.homes,
      id: DEBUG_SANDBOX_ID,
    });
    this.#add(this.#debug);
    return this.#debug;
  }

  /** Returns the namespace that a sandbox belongs to; undefined: there is no such sandbox, or it has none. */
  namespaceOf(id: string): string | undefined {
    return this.#entries.get(id)?.namespace;
  }

  /** Gives the sandboxes of a namespace new secrets; the ones that somebody has learned open nothing then. */
  renewSecrets(namespace: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.namespace === namespace) entry.sandbox.renewSecrets();
    }
  }

  /** Returns the sandbox of that id; undefined when there is none. */
  find(id: string): Sandbox | undefined {
    return this.#find(id)?.sandbox;
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
    return [...this.#entries.values()].filter((it) => this.#has(it)).map((it) => it.sandbox);
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
    const entry = this.#find(id);
    if (!entry) return false;
    this.#entries.delete(id);
    if (entry.sandbox === this.#debug) this.#debug = undefined;
    entry.timer?.[Symbol.dispose]();
    await entry.sandbox.end();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription?.[Symbol.dispose]();
    await Promise.all([...this.#entries.keys()].map((id) => this.kill(id)));
    await this.homes[Symbol.asyncDispose]();
  }

  #add(sandbox: Sandbox): void {
    const { namespace } = this.#scope;
    this.#entries.set(sandbox.id, { sandbox, namespace, timer: undefined });
  }

  #has({ namespace }: Entry): boolean {
    return this.#scope.namespace === undefined || this.#scope.namespace === namespace;
  }

  #find(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry && this.#has(entry) ? entry : undefined;
  }

  #entry(id: string): Entry {
    const entry = this.#find(id);
    if (entry) return entry;
    throw new ServiceError("not_found", `Sandbox ${id} not found`);
  }
}
