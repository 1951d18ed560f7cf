import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../whole_file.ts";

/** The modules that a kernel's process loads. */
export interface ModuleEntries {
  /** The main module of the process. */
  processEntry: URL;
  /** The main module of its worker. */
  workerEntry: URL;
  /** The directories that have all that they import. */
  directories: readonly string[];
  /** The arguments of Deno that modules are compiled for. */
  flags: readonly string[];
}

/** How many directories are kept, the newest: another version of this library may use one. */
const KEPT = 8;
const NAME = /^modules-[0-9a-f]{32}$/;
const LOADER = new URL("./load_worker.ts", import.meta.url);

/**
 * Keeps what Deno compiles of the modules of kernels' processes, in directories that processes only
 * read (`DENO_DIR`): a kernel leaves nothing for another one, and a start has nothing to compile.
 */
export class ModuleCache {
  readonly #directory: string;
  readonly #made = new Map<string, Promise<string>>();

  /** The directory is made when something is kept in it. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Returns the directory for these modules, and makes it when there is none; rejects when it cannot be. */
  compiled(entries: ModuleEntries): Promise<string> {
    const key = [entries.processEntry, ...entries.flags].join("\n");
    const known = this.#made.get(key);
    if (known) return known;
    const making = this.#find(entries);
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key)); // It may be tried again.
    return making;
  }

  async #find(entries: ModuleEntries): Promise<string> {
    const path = join(this.#directory, `modules-${await fingerprint(entries)}`);
    if (await Deno.stat(path).then(() => true, () => false)) return path;
    await Deno.mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const draft = await Deno.makeTempDir({ dir: this.#directory, prefix: "making-modules-" });
    try {
      await compile(entries, draft);
      // Kernels read it as users of their own.
      await Deno.chmod(draft, 0o755);
      // Another process may have been faster.
      await Deno.rename(draft, path).catch(() => Deno.stat(path));
    } finally {
      await Deno.remove(draft, { recursive: true }).catch(() => {});
    }
    await this.#removeOldest();
    return path;
  }

  async #removeOldest(): Promise<void> {
    const kept: { path: string; time: number }[] = [];
    for await (const { name } of Deno.readDir(this.#directory)) {
      if (!NAME.test(name)) continue;
      const path = join(this.#directory, name);
      const info = await Deno.stat(path).catch(() => undefined);
      if (info) kept.push({ path, time: info.mtime?.getTime() ?? 0 });
    }
    kept.sort((a, b) => b.time - a.time);
    for (const { path } of kept.slice(KEPT)) {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    }
  }
}

/** Loads the modules in processes that write to the directory and do nothing else. */
async function compile(
  { processEntry, workerEntry, flags, directories }: ModuleEntries,
  directory: string,
): Promise<void> {
  const readable = `--allow-read=${[dirname(fileURLToPath(workerEntry)), ...directories].join()}`;
  // Whoever removes the directory after a failure must not do so beside a process that still writes to it.
  const loads = await Promise.allSettled([
    // Without any input it ends at once.
    load(["run", ...flags, processEntry.href], directory),
    load(["run", ...flags, readable, LOADER.href, workerEntry.href], directory),
  ]);
  for (const it of loads) if (it.status === "rejected") throw it.reason;
}

async function load(args: string[], directory: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    env: { DENO_DIR: directory, DENO_NO_UPDATE_CHECK: "1" },
    cwd: "/",
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}

/** Names the modules as they are now. */
async function fingerprint(
  { processEntry, workerEntry, directories, flags }: ModuleEntries,
): Promise<string> {
  const files = await Promise.all([...new Set(directories)].map(describe));
  const text = JSON.stringify([
    Deno.version.deno,
    Deno.execPath(),
    processEntry.href,
    workerEntry.href,
    flags,
    files,
  ]);
  return (await sha256(new TextEncoder().encode(text))).slice(0, 32);
}

/** Lists the files below a directory, with their sizes and times. */
async function describe(directory: string): Promise<unknown[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  return await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = join(directory, name);
    if (isDirectory) return [name, await describe(path)];
    const { size, mtime } = await Deno.stat(path);
    return [name, size, mtime?.getTime()];
  }));
}
