import { basename, join } from "node:path";
import { KernelError } from "../errors.ts";
import { BytecodeCache, type CompileWheel } from "./bytecode_cache.ts";
import { type Downloaded, Downloader } from "./downloader.ts";
import { canonicalName, type LockedPackage, type LockFile, parseLockFile } from "./lock_file.ts";
import { sha256 } from "../whole_file.ts";
import { PackageCache } from "./package_cache.ts";
import { assertRunsHere, parseWheelName, type WheelPlatform } from "./wheel_name.ts";
import { readWheelDirectory } from "./wheel_directory.ts";

/** Options for {@linkcode PackageStore}. */
export interface PackageStoreOptions {
  /** Where the distribution's files are: a URL or a directory. @default where Pyodide itself says */
  baseUrl?: string;
  /** An index of packages in PyPI's simple form. @default none: only what the distribution has */
  indexUrl?: string;
  /** Further origins of an index's files, such as "https://files.example.com". @default none */
  origins?: readonly string[];
  /** A directory of wheels that count before everything else. @default none */
  wheelsDir?: string;
  /** Where files are kept; null: nowhere. @default `packages` in the cache directory */
  cacheDir?: string | null;
  /** How much is kept, in bytes. @default 2 GiB */
  cacheBytes?: number;
  /** The largest file, in bytes. @default 256 MiB */
  maxFileBytes?: number;
  /** The only packages that kernels get. @default any */
  allow?: readonly string[];
  /** Packages that kernels do not get. @default none */
  deny?: readonly string[];
}

/** The distribution that comes with the pinned Pyodide. */
export interface DistributionFacts extends WheelPlatform {
  /** The path of its list of packages. */
  lockPath: string;
  /** Where its files are. */
  baseUrl: string;
  /** The directory for caches; undefined when there is none. */
  cacheDir: string | undefined;
}

/** What kernels are told of packages. */
export interface PackageList {
  lock: LockFile;
  /** null: there is none. */
  indexUrl: string | null;
}

const LOCK_NAME = "pyodide-lock.json";
const GIBIBYTE = 2 ** 30;
const MEBIBYTE = 2 ** 20;
const WHEEL = /\/([^/]+\.whl)(?:\.metadata)?$/;

/**
 * Fetches, checks and keeps packages, so that kernels need no network: they get bytes. The only part
 * that talks to other servers, and to none but the configured ones.
 */
export class PackageStore implements AsyncDisposable {
  readonly #options: PackageStoreOptions;
  readonly #facts: DistributionFacts;
  readonly #base: string;
  readonly #downloader: Downloader;
  readonly #cache: PackageCache | undefined;
  readonly #bytecode: BytecodeCache | undefined;
  /** By what is fetched: kernels that ask for the same at once wait for one download. */
  readonly #pending = new Map<string, Promise<Downloaded>>();
  #list: Promise<PackageList> | undefined;

  /** Fetches nothing yet. */
  constructor(options: PackageStoreOptions, facts: DistributionFacts, compile?: CompileWheel) {
    this.#options = options;
    this.#facts = facts;
    this.#base = options.baseUrl ?? facts.baseUrl;
    const urls = [this.#base, options.indexUrl, ...options.origins ?? []];
    this.#downloader = new Downloader({
      origins: urls.filter((it) => it !== undefined && isUrl(it)).map((it) => new URL(it!).origin),
      maxBytes: options.maxFileBytes ?? 256 * MEBIBYTE,
    });
    const { cacheDir = facts.cacheDir && join(facts.cacheDir, "packages") } = options;
    this.#cache = cacheDir
      ? new PackageCache(cacheDir, options.cacheBytes ?? 2 * GIBIBYTE)
      : undefined;
    if (this.#cache && compile) {
      this.#bytecode = new BytecodeCache(this.#cache, compile, facts.abiVersion);
    }
  }

  /** What there is, as far as it is known without asking the index. */
  list(): Promise<PackageList> {
    return this.#list ??= this.#readList().catch((error) => {
      this.#list = undefined; // A failed attempt may be repeated.
      throw error;
    });
  }

  /**
   * The file of a package that the distribution or the wheel directory has.
   *
   * @throws {KernelError} `not_found`, `permission_denied`, or `protocol_violation` when what is there
   * is not what the list says.
   */
  async package(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const { lock } = await this.list();
    const found = lock.packages[canonicalName(name)];
    if (!found) {
      throw new KernelError("not_found", `There is no package "${name}" in the distribution`);
    }
    this.#assertAllowed(found.name);
    const file = basename(found.file_name);
    if (file.endsWith(".whl")) assertRunsHere(file, this.#facts);
    const kept = await this.#cache?.read(found.sha256);
    if (kept) return kept;
    return (await this.#once(`package ${found.sha256}`, () => this.#obtain(found))).bytes;
  }

  /**
   * What is at an address of the index or of its files.
   *
   * @throws {KernelError} `permission_denied` for any other address, `limit_exceeded`, `not_found`.
   */
  async fetch(url: string, accept?: string): Promise<Downloaded> {
    if (this.#options.indexUrl === undefined) {
      throw new KernelError(
        "permission_denied",
        `Cannot fetch "${url}": the kernel has no network, and the server no package index that ` +
          "something could be fetched from (PACKAGE_INDEX_URL)",
      );
    }
    this.#downloader.assertAllowed(url);
    const project = projectOf(url, this.#options.indexUrl);
    if (project !== undefined) this.#assertAllowed(project);
    return await this.#once(`${accept} ${url}`, () => this.#obtainUrl(url, accept));
  }

  /** Compiled files of a wheel that the cache has; undefined while there are none. */
  async bytecode(wheel: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#bytecode?.get(wheel);
  }

  /** Settles when no package is being compiled. */
  get compiled(): Promise<void> {
    return this.#bytecode?.idle ?? Promise.resolve();
  }

  /** Gives up what is being compiled. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bytecode?.[Symbol.asyncDispose]();
  }

  async #readList(): Promise<PackageList> {
    const { wheelsDir } = this.#options;
    // Installers put a slash and a name behind it.
    const indexUrl = this.#options.indexUrl?.replace(/\/+$/, "") ?? null;
    const { abiVersion, lockPath } = this.#facts;
    const given = await this.#readLock();
    const lock = given
      ? parseLockFile(given, `${this.#base}/${LOCK_NAME}`, abiVersion)
      : parseLockFile(await Deno.readTextFile(lockPath), lockPath, abiVersion);
    const wheels = wheelsDir === undefined ? {} : await readWheelDirectory(
      wheelsDir,
      this.#facts,
      (problem) => console.warn(problem),
    );
    return { lock: { ...lock, packages: { ...lock.packages, ...wheels } }, indexUrl };
  }

  /** A distribution of one's own may have a list of its own; Pyodide's has the one that came with it. */
  async #readLock(): Promise<string | undefined> {
    if (this.#base === this.#facts.baseUrl) return undefined;
    if (!isUrl(this.#base)) {
      return await Deno.readTextFile(join(this.#base, LOCK_NAME)).catch(() => undefined);
    }
    const url = below(this.#base, LOCK_NAME);
    const { status, bytes } = await this.#obtainUrl(url);
    return status === 200 ? new TextDecoder().decode(bytes) : undefined;
  }

  async #obtain(found: LockedPackage): Promise<Downloaded> {
    return await this.#exclusively(found.sha256, async () => {
      // Another server may have fetched it meanwhile.
      const kept = await this.#cache?.read(found.sha256);
      if (kept) return { status: 200, contentType: "", url: found.file_name, bytes: kept };
      const downloaded = await this.#read(found.file_name);
      if (await sha256(downloaded.bytes) !== found.sha256) {
        throw new KernelError(
          "protocol_violation",
          `Cannot use "${found.file_name}": its content is not what the package list says (sha256)`,
        );
      }
      await this.#keep(downloaded.bytes);
      return downloaded;
    });
  }

  /** A file of the distribution, or a wheel of the directory. */
  async #read(fileName: string): Promise<Downloaded> {
    if (isUrl(fileName) || (isUrl(this.#base) && !fileName.startsWith("/"))) {
      const url = isUrl(fileName) ? fileName : below(this.#base, fileName);
      const downloaded = await this.#downloader.get(url);
      if (downloaded.status === 200) return downloaded;
      throw new KernelError("not_found", `Cannot fetch "${url}": status ${downloaded.status}`);
    }
    const path = fileName.startsWith("/") ? fileName : join(this.#base, basename(fileName));
    try {
      const bytes = await Deno.readFile(path);
      return { status: 200, contentType: "", url: path, bytes };
    } catch (cause) {
      throw new KernelError("not_found", `Cannot read the package "${path}"`, { cause });
    }
  }

  async #obtainUrl(url: string, accept?: string): Promise<Downloaded> {
    const key = `${accept ?? ""} ${url}`;
    const wheel = WHEEL.test(new URL(url).pathname);
    // A wheel never changes; a page may, and counts only when the server cannot be reached.
    if (wheel) {
      const kept = await this.#recall(key, url);
      if (kept) return kept;
    }
    return await this.#exclusively(key, async () => {
      const kept = wheel ? await this.#recall(key, url) : undefined;
      if (kept) return kept;
      try {
        const downloaded = await this.#downloader.get(url, accept);
        if (downloaded.status === 200) {
          const name = await this.#keep(downloaded.bytes);
          const { contentType } = downloaded;
          if (name) await this.#cache?.remember(key, { sha256: name, contentType });
        }
        return downloaded;
      } catch (error) {
        if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
        const before = await this.#recall(key, url);
        if (!before) throw error;
        console.warn(`${error.message}; using what was there before`);
        return before;
      }
    });
  }

  async #recall(key: string, url: string): Promise<Downloaded | undefined> {
    const found = await this.#cache?.resolve(key);
    const bytes = found && await this.#cache?.read(found.sha256);
    return bytes && { status: 200, contentType: found.contentType, url, bytes };
  }

  /** Without a place to keep it, it is fetched again the next time. */
  async #keep(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
    try {
      return await this.#cache?.write(bytes);
    } catch (error) {
      console.warn(`Cannot keep a package: ${error}`);
      return undefined;
    }
  }

  async #exclusively<T>(key: string, body: () => Promise<T>): Promise<T> {
    return this.#cache ? await this.#cache.exclusively(key, body) : await body();
  }

  async #once(key: string, body: () => Promise<Downloaded>): Promise<Downloaded> {
    const pending = this.#pending.get(key) ?? body();
    this.#pending.set(key, pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(key);
    }
  }

  #assertAllowed(name: string): void {
    const { allow, deny = [] } = this.#options;
    const canonical = canonicalName(name);
    const named = (list: readonly string[]) => list.some((it) => canonicalName(it) === canonical);
    if (!named(deny) && (allow === undefined || named(allow))) return;
    throw new KernelError(
      "permission_denied",
      `The package "${name}" is not allowed on this server`,
    );
  }
}

/** The project that an address is about: of a page of the index, or of a wheel. */
function projectOf(url: string, indexUrl: string): string | undefined {
  const { pathname } = new URL(url);
  const file = WHEEL.exec(pathname)?.[1];
  if (file !== undefined) return parseWheelName(decodeURIComponent(file)).name;
  const index = `${new URL(indexUrl).pathname.replace(/\/+$/, "")}/`;
  if (!url.startsWith(new URL(indexUrl).origin) || !pathname.startsWith(index)) return undefined;
  const [project = ""] = pathname.slice(index.length).replace(/^\/+/, "").split("/");
  return decodeURIComponent(project) || undefined;
}

function isUrl(text: string): boolean {
  return /^https?:/.test(text);
}

function below(base: string, name: string): string {
  return new URL(name, base.endsWith("/") ? base : `${base}/`).href;
}
