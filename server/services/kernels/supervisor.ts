import { AutoRestart } from "./auto_restart.ts";
import type { KernelDirectory, ManagedKernel } from "./handle.ts";

/** An adapter's interest in one kernel, on behalf of the clients that follow the kernel through it. */
export interface KernelFollower {
  /** The number of clients that are connected. */
  readonly connections: number;
  /** True when the kernel should be started again when it dies. */
  readonly wantsRestart: boolean;
  /** Resolves once the clients know what they lost by a death; the restart waits for it. */
  reportLoss(): Promise<void>;
  /** Called when the kernel has died and stays dead until a client restarts it. */
  onDead(): void;
  /** Called when the kernel has ended for good. */
  onEnd(): void;
}

/** The state that the supervisor keeps of one kernel. */
interface Supervised {
  /** True when the kernel's creator or kind wants it started again. */
  autoRestart: boolean;
  readonly deaths: AutoRestart;
  readonly followers: Set<KernelFollower>;
  /** The number of restarts under way that were asked for. */
  restarting: number;
}

/**
 * Restarts kernels that die, while their creator or a follower wants that and they do not die again and
 * again. All APIs share this policy.
 *
 * A kernel stays dead unless its kind or creator asked for `autoRestart`, or a follower wants it back:
 * Jupyter's clients expect restarts, and the native API's clients ask for them by themselves.
 */
export class Supervisor implements Disposable {
  readonly #directory: KernelDirectory;
  readonly #supervised = new Map<string, Supervised>();
  readonly #subscription: Disposable;

  constructor(directory: KernelDirectory) {
    this.#directory = directory;
    this.#subscription = directory.on("status", ({ kernelId, status }) => {
      if (status === "dead") void this.#onDeath(kernelId);
    });
  }

  /** Restarts a kernel from now on whenever it dies, with or without followers. */
  keepAlive(kernelId: string): void {
    this.#of(kernelId).autoRestart = true;
  }

  /** Registers a follower of a kernel until the result is disposed or the kernel ends. */
  follow(kernelId: string, follower: KernelFollower): Disposable {
    const { followers } = this.#of(kernelId);
    followers.add(follower);
    return { [Symbol.dispose]: () => void followers.delete(follower) };
  }

  /** The ids of the kernels that are followed or kept alive. */
  get kernelIds(): string[] {
    return [...this.#supervised.keys()];
  }

  /** Returns the number of clients that are connected to a kernel. */
  connections(kernelId: string): number {
    const followers = [...this.#supervised.get(kernelId)?.followers ?? []];
    return followers.reduce((sum, { connections }) => sum + connections, 0);
  }

  /** Restarts a kernel at a client's request. */
  async restart(kernel: ManagedKernel): Promise<void> {
    const supervised = this.#of(kernel.id);
    supervised.restarting++;
    try {
      await kernel.restart();
    } finally {
      supervised.restarting--;
    }
  }

  /** Returns true while a restart at a client's request is under way. */
  isRestarting(kernelId: string): boolean {
    return (this.#supervised.get(kernelId)?.restarting ?? 0) > 0;
  }

  /** Forgets a kernel that has ended for good. */
  forget(kernelId: string): void {
    this.#supervised.delete(kernelId);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #of(kernelId: string): Supervised {
    let supervised = this.#supervised.get(kernelId);
    if (!supervised) {
      const deaths = new AutoRestart();
      supervised = { autoRestart: false, deaths, followers: new Set(), restarting: 0 };
      this.#supervised.set(kernelId, supervised);
    }
    return supervised;
  }

  async #onDeath(kernelId: string): Promise<void> {
    const supervised = this.#supervised.get(kernelId);
    if (!supervised) return;
    const followers = [...supervised.followers];
    const kernel = await this.#directory.find(kernelId);
    if (!kernel) return followers.forEach((it) => it.onEnd());
    const wanted = supervised.autoRestart || followers.some((it) => it.wantsRestart);
    if (!wanted || !supervised.deaths.allowed()) return followers.forEach((it) => it.onDead());
    await Promise.all(followers.map((it) => it.reportLoss()));
    // A client may have restarted the kernel meanwhile.
    if (kernel.info.status !== "dead") return;
    // A restart that fails is another death, which comes here again.
    await kernel.restart().catch(() => {});
  }
}
