import { randomInt, randomUUID } from "node:crypto";
import { join } from "node:path";

/** The users that may own a home, of those that systemd keeps free. */
const OWNERS = { first: 60_706, count: 478 };

/** The home directories of sandboxes, which the contexts of a sandbox share. Each ends with its sandbox. */
export class SandboxHomes implements AsyncDisposable {
  /** The directory that the homes are in. It is made when the first one is. */
  readonly root: string;
  #made: Promise<void> | undefined;

  constructor(root: string) {
    this.root = root;
  }

  /** Makes a home and returns its path, which nobody can guess. */
  async create(): Promise<string> {
    await (this.#made ??= this.#makeRoot());
    const path = join(this.root, randomUUID());
    await Deno.mkdir(path, { mode: 0o700 });
    // A kernel becomes the user that owns its mounts, unless that is root.
    if (Deno.uid() === 0) {
      const owner = OWNERS.first + randomInt(OWNERS.count);
      await Deno.chown(path, owner, owner).catch(() => {}); // Without the right to, kernels stay root's.
    }
    return path;
  }

  /** Removes a home with everything in it. Safe to call again. */
  async remove(path: string): Promise<void> {
    await removeTree(path);
  }

  /** Removes all homes. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#made) return;
    await this.#made.catch(() => {});
    await removeTree(this.root);
  }

  async #makeRoot(): Promise<void> {
    // Kernels pass through the directory as users of their own, and cannot list it.
    await Deno.mkdir(this.root, { mode: 0o711 });
  }
}

async function removeTree(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
