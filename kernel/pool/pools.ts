import type { HostInit, KernelHost } from "../host.ts";
import type { KernelOptions } from "../options.ts";
import { sameStart, type StartOptions } from "../start_options.ts";
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

/** The number of images of which interpreters are kept ready, and of interpreters of each. */
const MAX_IMAGES = 2;
const READY_PER_IMAGE = 1;

/** Finds the options of each pool; rejects when one cannot be, for example because a mount is missing. */
export type ResolvePools = () => Promise<KernelPoolOptions[]>;

/** The pools of a manager, one for each profile. */
export class KernelPools implements AsyncDisposable {
  readonly #resolve: ResolvePools;
  #profiles: KernelPoolOptions[] = [];
  #pools: KernelPool[] = [];
  /** Pools of interpreters that started from images of packages, the most recently used last. */
  #imagePools: KernelPool[] = [];
  #prepared: Promise<void> | undefined;

  /** Starts nothing yet. */
  constructor(resolve: ResolvePools) {
    this.#resolve = resolve;
  }

  /** The number of interpreters that are ready. */
  get ready(): number {
    return [...this.#pools, ...this.#imagePools].reduce((sum, { ready }) => sum + ready, 0);
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

  /** Returns true when one is ready for a kernel with these options. */
  has(options: StartOptions): boolean {
    return this.#pools.some((pool) => pool.fits(options) && pool.ready > 0);
  }

  /** Hands out an interpreter as the host of a kernel; undefined when none is ready or none fits. */
  take(init: HostInit): KernelHost | undefined {
    if (init.options.image !== undefined) return this.#imagePoolFor(init.options)?.take(init);
    return this.#pools.find((pool) => pool.fits(init.options))?.take(init);
  }

  /** Ends the interpreters that wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#prepared?.catch(() => {});
    const pools = [...this.#pools, ...this.#imagePools];
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
  }

  /**
   * Returns the pool of an image, for kernels that would take one of a profile's interpreters without it. The
   * first kernel that asks has it made, so that it is for the kernels after it.
   */
  #imagePoolFor(options: StartOptions): KernelPool | undefined {
    const { image: _, ...rest } = options;
    const there = this.#imagePools.find((pool) => pool.fits(options));
    const profile = this.#profiles.find((it) => sameStart(it.options, { ...rest, packages: [] }));
    const pool = there ??
      (profile && new KernelPool({ ...profile, size: READY_PER_IMAGE, options }));
    if (!pool) return undefined;
    this.#imagePools = [...this.#imagePools.filter((it) => it !== pool), pool];
    while (this.#imagePools.length > MAX_IMAGES) {
      void this.#imagePools.shift()![Symbol.asyncDispose]();
    }
    return pool;
  }

  async #prepare(): Promise<void> {
    const pools = await this.#resolve();
    this.#profiles = pools;
    this.#pools = pools.map((options) => new KernelPool(options));
  }
}
