import type { HostInit, KernelHost } from "../host.ts";
import type { KernelMode, KernelOptions, ResolvedKernelOptions } from "../options.ts";
import { KernelPool, type PoolInit } from "./pool.ts";

/** Kernels that are kept ready: those that ask for exactly this take one of them. */
export interface PoolProfile
  extends Pick<KernelOptions, "mode" | "mounts" | "deno" | "limits" | "javascript" | "packages"> {
  /** How many. */
  size: number;
}

/** What {@linkcode KernelPools} needs. */
export interface PoolsInit {
  profiles: readonly { size: number; options: ResolvedKernelOptions }[];
  /** What a kernel with these options is started with. */
  resolve: (options: ResolvedKernelOptions) => Promise<PoolInit>;
  /** Makes hosts of interpreters that wait. */
  createHost: (mode: KernelMode, init: HostInit) => KernelHost;
}

/** The pools of a manager, one for each profile. */
export class KernelPools implements AsyncDisposable {
  readonly #init: PoolsInit;
  #pools: { mode: KernelMode; pool: KernelPool }[] = [];
  #prepared: Promise<void> | undefined;

  /** Starts nothing yet. */
  constructor(init: PoolsInit) {
    this.#init = init;
  }

  /** How many interpreters are ready. */
  get ready(): number {
    return this.#pools.reduce((sum, { pool }) => sum + pool.ready, 0);
  }

  /** Finds out what the profiles are started with; rejects when one cannot be, and tries again then. */
  prepare(): Promise<void> {
    return this.#prepared ??= this.#prepare().catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
  }

  /** Starts as many as are missing; resolves when that is done. */
  async fill(): Promise<void> {
    await this.prepare();
    await Promise.all(this.#pools.map(({ pool }) => pool.fill()));
  }

  /** One that is ready, as the host of a kernel; undefined when there is none or none fits. */
  take(mode: KernelMode, init: HostInit): KernelHost | undefined {
    return this.#pools.find((it) => it.mode === mode && it.pool.fits(init))?.pool.take(init);
  }

  /** Ends those that wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#prepared?.catch(() => {});
    await Promise.all(this.#pools.map(({ pool }) => pool[Symbol.asyncDispose]()));
  }

  async #prepare(): Promise<void> {
    const { profiles, resolve, createHost } = this.#init;
    this.#pools = await Promise.all(
      profiles.filter(({ size }) => size > 0).map(async ({ size, options }) => ({
        mode: options.mode,
        pool: new KernelPool(
          size,
          await resolve(options),
          (init) => createHost(options.mode, init),
        ),
      })),
    );
  }
}
