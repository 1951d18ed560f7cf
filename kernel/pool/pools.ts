import type { HostInit, KernelHost } from "../host.ts";
import type { KernelOptions } from "../options.ts";
import { KernelPool, type KernelPoolOptions } from "./pool.ts";

/** Interpreters that are kept ready: a kernel that asks for exactly these options takes one of them. */
export interface PoolProfile extends
  Pick<
    KernelOptions,
    "language" | "mode" | "mounts" | "deno" | "limits" | "allowEval" | "javascript" | "packages"
  > {
  /** The number of interpreters to keep ready. */
  size: number;
}

/** Finds the options of each pool; rejects when one cannot be, for example because a mount is missing. */
export type ResolvePools = () => Promise<KernelPoolOptions[]>;

/** The pools of a manager, one for each profile. */
export class KernelPools implements AsyncDisposable {
  readonly #resolve: ResolvePools;
  #pools: KernelPool[] = [];
  #prepared: Promise<void> | undefined;

  /** Starts nothing yet. */
  constructor(resolve: ResolvePools) {
    this.#resolve = resolve;
  }

  /** The number of interpreters that are ready. */
  get ready(): number {
    return this.#pools.reduce((sum, { ready }) => sum + ready, 0);
  }

  /** Finds the options of the pools; after a rejection the next call tries again. */
  prepare(): Promise<void> {
    return this.#prepared ??= this.#prepare().catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
  }

  /** Starts as many interpreters as are missing; resolves when that is done. */
  async fill(): Promise<void> {
    await this.prepare();
    await Promise.all(this.#pools.map((pool) => pool.fill()));
  }

  /** Hands out an interpreter as the host of a kernel; undefined when none is ready or none fits. */
  take(init: HostInit): KernelHost | undefined {
    return this.#pools.find((pool) => pool.fits(init.options))?.take(init);
  }

  /** Ends the interpreters that wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#prepared?.catch(() => {});
    await Promise.all(this.#pools.map((pool) => pool[Symbol.asyncDispose]()));
  }

  async #prepare(): Promise<void> {
    const pools = await this.#resolve();
    this.#pools = pools.map((options) => new KernelPool(options));
  }
}
