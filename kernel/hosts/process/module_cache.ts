import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../whole_file.ts";

/** The modules that a kernel's process loads. */
export interface ModuleEntries {
  /** The main module of the process. */
  processEntry: URL;
  /** The main module of its worker. */
  workerEntry: URL;
  /** The directories that contain both modules and everything that they import. */
  directories: readonly string[];
  /** The arguments of Deno under which the modules run; compiled code depends on them. */
  flags: readonly string[];
}

/** The number of directories that are kept at least: one language of one version needs a few. */
const KEPT = 24;
/** The time for which a directory is kept after its last use, in milliseconds: another server may run. */
const KEPT_MS = 24 * 60 * 60 * 1_000;
const DRAFT = "making-modules-";
const NAME = /^modules-[0-9a-f]{32}$/;
const LOADER = new URL("./load_worker.ts", import.meta.url);

/**
 * Keeps the compiled modules of kernels' processes in directories that these processes only read
 * (`DENO_DIR`), so that a start has nothing to compile and a kernel cannot leave code for another one.
 */
export class ModuleCache {
  readonly #directory: string;
  readonly #made = new Map<string, Promise<string>>();

  /** Makes `directory` only when it keeps something there. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Returns the directory of these modules, and compiles them when it is missing; rejects on failure. */
  async compiled(entries: ModuleEntries): Promise<string> {
    const key = [entries.processEntry, ...entries.flags].join("\n");
    const known = this.#made.get(key);
    // Somebody may have emptied the directory since.
    if (known && await markUsed(await known)) return known;
    if (known !== this.#made.get(key)) return await this.compiled(entries); // Another call was faster.
    const making = this.#find(entries);
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key)); // The next call tries again.
    return await making;
  }

  async #find(entries: ModuleEntries): Promise<string> {
    const path = join(this.#directory, `modules-${await fingerprint(entries)}`);
    if (await markUsed(path)) return path;
    await Deno.mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const draft = await Deno.makeTempDir({ dir: this.#directory, prefix: DRAFT });
    try {
      await compile(entries, draft);
      // Kernels read the directory as users of their own.
      await Deno.chmod(draft, 0o755);
      // Another process may have made the directory meanwhile.
      await Deno.rename(draft, path).catch(() => Deno.stat(path));
    } finally {
      await Deno.remove(draft, { recursive: true }).catch(() => {});
    }
    await this.#removeOldest();
    return path;
  }

  async #removeOldest(): Promise<void> {
    const kept: { path: string; time: number }[] = [];
    // A process that was killed leaves its draft behind.
    const drafts: typeof kept = [];
    for await (const { name } of Deno.readDir(this.#directory)) {
      const isDraft = name.startsWith(DRAFT);
      if (!isDraft && !NAME.test(name)) continue;
      const path = join(this.#directory, name);
      const info = await Deno.stat(path).catch(() => undefined);
      if (info) (isDraft ? drafts : kept).push({ path, time: info.mtime?.getTime() ?? 0 });
    }
    kept.sort((a, b) => b.time - a.time);
    const unused = [...kept.slice(KEPT), ...drafts];
    for (const { path } of unused.filter(({ time }) => time < Date.now() - KEPT_MS)) {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    }
  }
}

/** Notes the use of a directory in its time; false when it is not there. */
async function markUsed(path: string): Promise<boolean> {
  const now = new Date();
  return await Deno.utime(path, now, now).then(() => true, async () => {
    // Only the owner of a directory may change its time.
    return await Deno.stat(path).then(() => true, () => false);
  });
}

/** Compiles the modules into the directory: Deno does so when it loads them. */
async function compile(
  { processEntry, workerEntry, flags, directories }: ModuleEntries,
  directory: string,
): Promise<void> {
  const readable = `--allow-read=${[dirname(fileURLToPath(workerEntry)), ...directories].join()}`;
  // Both have to end, even when one fails: the caller then removes the directory that they write to.
  const loads = await Promise.allSettled([
    // The program ends at once, because it gets no input.
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

/** Returns a hash that changes with the modules, their files, Deno and its arguments. */
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
