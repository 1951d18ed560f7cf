import { getLogger } from "@logtape/logtape";
import { join } from "node:path";
import { messageOf } from "../../errors/service_error.ts";

const logger = getLogger(["server", "files"]);

/** The end of the name of the file that is locked, beside its directory. */
const LOCK = ".lock";

/**
 * A directory of a process's own, for as long as the process lives. The file beside it stays locked until then,
 * however the process ends: a directory whose lock can be had is nobody's any more.
 */
export class LockedDirectory implements AsyncDisposable {
  readonly path: string;
  readonly #lock: Deno.FsFile;
  #disposal: Promise<void> | undefined;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /** Makes a directory, which must not exist. */
  static async make(path: string, options: Deno.MkdirOptions = {}): Promise<LockedDirectory> {
    for (;;) {
      const lock = await Deno.open(path + LOCK, { write: true, createNew: true, mode: 0o600 });
      try {
        // Another process may have taken the file for an abandoned one before it was locked.
        if (!lock.tryLockSync(true) || !await isAt(lock, path + LOCK)) {
          lock.close();
          continue;
        }
        await Deno.mkdir(path, options);
        return new LockedDirectory(path, lock);
      } catch (error) {
        await Deno.remove(path + LOCK).catch(() => {});
        lock.close();
        throw error;
      }
    }
  }

  /** Removes the directory with everything in it. Safe to call again. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposal ??= this.#dispose();
  }

  async #dispose(): Promise<void> {
    try {
      await removeTree(this.path);
      await removeTree(this.path + LOCK);
    } finally {
      this.#lock.close();
    }
  }
}

/** Removes the directories of processes that have ended without doing so. Failures are logged. */
export async function removeUnlocked(parent: string, prefix: string): Promise<void> {
  for (const name of await namesIn(parent)) {
    if (!name.startsWith(prefix) || !name.endsWith(LOCK)) continue;
    const path = join(parent, name.slice(0, -LOCK.length));
    await removeIfUnlocked(path).catch((error) => {
      logger.warn("an abandoned directory cannot be removed", { path, reason: messageOf(error) });
    });
  }
}

/**
 * Removes the directories that are older than anybody needs one, which have no lock. Failures are logged.
 * `maxAgeMs` is in milliseconds.
 */
export async function removeOld(parent: string, prefix: string, maxAgeMs: number): Promise<void> {
  for (const name of await namesIn(parent)) {
    const path = join(parent, name);
    const info = name.startsWith(prefix) ? await ownInfo(path) : undefined;
    if (!info?.isDirectory || Date.now() - (info.mtime?.getTime() ?? Infinity) < maxAgeMs) continue;
    await removeTree(path).catch((error) => {
      logger.warn("an abandoned directory cannot be removed", { path, reason: messageOf(error) });
    });
  }
}

/** Removes a file or a directory with everything in it, if there is one. */
export async function removeTree(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

async function removeIfUnlocked(path: string): Promise<void> {
  if (!(await ownInfo(path + LOCK))?.isFile) return;
  using lock = await Deno.open(path + LOCK, { write: true });
  if (!lock.tryLockSync(true) || !await isAt(lock, path + LOCK)) return;
  if ((await ownInfo(path))?.isDirectory) await removeTree(path);
  await removeTree(path + LOCK);
}

/** Describes what is at a path if it is this process's user's own: others may write to the parent too. */
async function ownInfo(path: string): Promise<Deno.FileInfo | undefined> {
  const info = await Deno.lstat(path).catch(() => undefined);
  return info && info.uid === Deno.uid() ? info : undefined;
}

/** Tells whether an open file is the one at a path. */
async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const [open, there] = await Promise.all([file.stat(), ownInfo(path)]);
  return there !== undefined && there.ino === open.ino && there.dev === open.dev;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  } catch {
    return [];
  }
}
