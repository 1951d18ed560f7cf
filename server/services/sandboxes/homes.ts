import { randomInt, randomUUID } from "node:crypto";
import { join } from "node:path";
import { LockedDirectory, removeTree } from "../files/locked_directory.ts";

/** The users that may own a home, of those that systemd keeps free. */
const OWNERS = { first: 60_706, count: 478 };

/** The home directories of sandboxes, which the contexts of a sandbox share. Each ends with its sandbox. */
export class SandboxHomes implements AsyncDisposable {
  /** The directory that the homes are in. It is made when the first one is. */
  readonly root: string;
  #made: Promise<LockedDirectory> | undefined;
  /** The removals that are under way. */
  readonly #removals = new Set<Promise<void>>();
  #isDisposed = false;

  constructor(root: string) {
    this.root = root;
  }

  /** Makes a home and returns its path, which nobody can guess. */
  async create(): Promise<string> {
    // Kernels pass through the directory as users of their own, and cannot list it.
    await (this.#made ??= LockedDirectory.make(this.root, { mode: 0o711 }));
    const path = join(this.root, randomUUID());
    await Deno.mkdir(path, { mode: 0o700 });
    // A kernel becomes the user that owns its mounts, unless that is root.
    if (Deno.uid() === 0) {
      const owner = OWNERS.first + randomInt(OWNERS.count);
      await Deno.chown(path, owner, owner).catch(() => {}); // Without the right to, kernels stay root's.
    }
    return path;
  }

  /** Removes a home with everything in it. Safe to call again, and after the end of all homes. */
  async remove(path: string): Promise<void> {
    if (this.#isDisposed) return;
    const removal = removeTree(path);
    this.#removals.add(removal);
    try {
      await removal;
    } finally {
      this.#removals.delete(removal);
    }
  }

  /** Removes all homes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.allSettled(this.#removals);
    const made = await this.#made?.catch(() => undefined);
    await made?.[Symbol.asyncDispose]();
  }
}
