import { basename, join } from "node:path";
import { KernelError } from "../errors.ts";
import { BytecodeCache, type CompileWheel } from "./bytecode_cache.ts";
import { Downloader } from "./downloader.ts";
import { type LockedPackage, type LockFile, parseLockFile } from "./lock_file.ts";
import { sha256 } from "../whole_file.ts";
import { PackageCache } from "./package_cache.ts";
import { PackageFiles } from "./package_files.ts";
import { PackageIndex } from "./package_index.ts";
import { type PackagePlan, parseQuestion } from "./package_plan.ts";
import { PackagePolicy } from "./package_policy.ts";
import { type MakePlan, PlanCache } from "./plan_cache.ts";
import { canonicalName } from "./project_name.ts";
import type { PackageAnswer } from "./request.ts";
import { ResolverArchive, type ResolverLibrary } from "./resolver_archive.ts";
import { isUrl, parseServerAddress, shownAddress } from "./server_address.ts";
import { assertRunsHere, type WheelPlatform } from "./wheel_name.ts";
import { type DirectoryWheel, WheelDirectory, withWheels } from "./wheel_directory.ts";

/** Options for {@linkcode PackageStore}. */
export interface PackageStoreOptions {
  /**
   * The URL or directory of the distribution's files. A URL may contain credentials, as may the next two.
   * @default the address that Pyodide itself names
   */
  baseUrl?: string;
  /** The address of an index of packages (PEP 503). @default none: only the distribution's packages */
  indexUrl?: string;
  /**
   * Finds the address of an index when kernels first ask for packages, if `indexUrl` is undefined. Files may
   * be at any https origin that such an index links. @default none
   */
  findIndex?: () => Promise<string | undefined>;
  /** Further origins that the index's files may be at, such as "https://files.example.com". @default none */
  origins?: readonly string[];
  /** A directory of wheels, which take precedence over the distribution's. @default none */
  wheelsDir?: string;
  /** The directory in which files are kept; null keeps none. @default `packages` in the cache directory */
  cacheDir?: string | null;
  /** The most bytes that are kept. @default 2 GiB */
  cacheBytes?: number;
  /**
   * The time that the plan of an installation is used for the same requirements, in seconds; 0 keeps none.
   * @default 600
   */
  planSeconds?: number;
  /** The largest file, in bytes. @default 256 MiB */
  maxFileBytes?: number;
  /** The names of the only packages that kernels get. @default all */
  allow?: readonly string[];
  /** The names of packages that kernels do not get. @default none */
  deny?: readonly string[];
}

/** A wheel that a program has chosen itself. */
export interface PinnedWheel {
  /** The canonical name of its project. */
  project: string;
  /** The name of its file. */
  file: string;
  /** Its SHA-256 in hexadecimal digits. */
  sha256: string;
}

/** The distribution that comes with the pinned Pyodide. */
export interface DistributionFacts extends WheelPlatform {
  /** The path of its list of packages. */
  lockPath: string;
  /** The URL of its files. */
  baseUrl: string;
  /** The directory for caches; undefined when there is none. */
  cacheDir: string | undefined;
}

/** The list of packages that kernels get. */
export interface PackageList {
  /**
   * The distribution and the wheel directory; `file_name` is a name without a path. Further versions of a
   * package have keys of the form `NAME==VERSION`.
   */
  lock: LockFile;
  /** The address of the package index, without credentials; null when there is none. */
  indexUrl: string | null;
}

/** The parts that a store is made with besides its options. */
export interface PackageStoreParts {
  /** Compiles wheels. @default wheels are not compiled */
  compile?: CompileWheel | undefined;
  /** Makes plans. @default plans are not kept */
  makePlan?: MakePlan | undefined;
  /** Returns milliseconds since 1970. @default the machine's time */
  now?: () => number;
  /** The address of an index that was found because the options name none. */
  foundIndex?: string | undefined;
}

const LOCK_NAME = "pyodide-lock.json";
const GIBIBYTE = 2 ** 30;
const MEBIBYTE = 2 ** 20;
/** The time for which indexes themselves let clients keep a page, in seconds. */
const PLAN_SECONDS = 600;
/** The number of files of which a store remembers that it gave them to kernels. */
const MAX_GIVEN = 10_000;

/**
 * Fetches, verifies and keeps packages, so that kernels need no network: they get bytes. Nothing else
 * talks to servers of packages, and the store talks only to the configured ones.
 */
export class PackageStore implements AsyncDisposable {
  readonly #facts: DistributionFacts;
  readonly #base: string;
  /** True when the distribution is configured, so that it may have a list of its own. */
  readonly #isConfigured: boolean;
  readonly #wheelsDir: string | undefined;
  readonly #wheels: WheelDirectory | undefined;
  readonly #policy: PackagePolicy;
  readonly #downloader: Downloader;
  readonly #files: PackageFiles;
  readonly #index: PackageIndex | undefined;
  readonly #bytecode: BytecodeCache | undefined;
  readonly #plans: PlanCache | undefined;
  /** The rules for packages, which decide together with the sources about a plan. */
  readonly #rules: string;
  readonly #resolver: ResolverArchive;
  /** The SHA-256 of the files that kernels got: they may ask for the compiled files of these alone. */
  readonly #given = new Set<string>();
  #lock: Promise<LockFile> | undefined;
  /** The distribution's list with the wheels of the directory. */
  #merged: { lock: LockFile; wheels: DirectoryWheel[]; with: LockFile } | undefined;

  /**
   * Fetches nothing yet.
   *
   * @throws {KernelError} `invalid_argument` when an address cannot be used.
   */
  constructor(
    options: Omit<PackageStoreOptions, "findIndex">,
    facts: DistributionFacts,
    { compile, makePlan, foundIndex, now = Date.now }: PackageStoreParts = {},
  ) {
    const { baseUrl = facts.baseUrl, indexUrl = foundIndex, origins = [], maxFileBytes } = options;
    const base = isUrl(baseUrl) ? parseServerAddress(baseUrl, "the distribution") : undefined;
    const index = indexUrl === undefined
      ? undefined
      : parseServerAddress(indexUrl, "the package index");
    const others = origins.map((it) => parseServerAddress(it, "an origin of packages"));
    this.#facts = facts;
    this.#base = base?.url ?? baseUrl;
    this.#isConfigured = baseUrl !== facts.baseUrl;
    this.#wheelsDir = options.wheelsDir;
    this.#wheels = options.wheelsDir === undefined
      ? undefined
      : new WheelDirectory(options.wheelsDir, facts, (problem) => console.warn(problem));
    this.#policy = new PackagePolicy(options.allow, options.deny ?? []);
    this.#downloader = new Downloader({
      servers: [base, index, ...others].filter((it) => it !== undefined),
      maxBytes: maxFileBytes ?? 256 * MEBIBYTE,
    });
    const { cacheDir = facts.cacheDir && join(facts.cacheDir, "packages") } = options;
    const cache = cacheDir
      ? new PackageCache(cacheDir, options.cacheBytes ?? 2 * GIBIBYTE)
      : undefined;
    this.#files = new PackageFiles(cache);
    this.#resolver = new ResolverArchive(this.#files, (library) => this.#library(library));
    this.#index = index && new PackageIndex({
      url: index.url,
      downloader: this.#downloader,
      files: this.#files,
      policy: this.#policy,
      platform: facts,
      followsLinks: options.indexUrl === undefined,
    });
    this.#bytecode = cache && compile && new BytecodeCache(cache, compile, facts.abiVersion);
    const { planSeconds = PLAN_SECONDS, allow, deny } = options;
    this.#rules = JSON.stringify([facts.abiVersion, facts.pythonMinor, allow, deny]);
    this.#plans = cache && makePlan && planSeconds > 0
      ? new PlanCache({
        cache,
        make: makePlan,
        verify: (plan) => this.#assertListed(plan),
        maxAgeMs: planSeconds * 1_000,
        now,
      })
      : undefined;
  }

  /** Returns the packages that are known without asking the index. */
  async list(): Promise<PackageList> {
    const lock = await this.#packages();
    const packages = Object.fromEntries(
      Object.entries(lock.packages).map(([name, found]) =>
        // The full path would tell where the wheels are on this machine.
        [name, { ...found, file_name: basename(found.file_name) }] as const
      ),
    );
    return { lock: { ...lock, packages }, indexUrl: this.#index?.url ?? null };
  }

  /**
   * Returns the file of a package of the distribution or the wheel directory, by its key in the list.
   *
   * @throws {KernelError} `not_found`, `permission_denied`, or `protocol_violation` when the file is not
   * what the list says.
   */
  async package(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const { packages } = await this.#packages();
    const [project = "", ...version] = name.split("==");
    const key = [canonicalName(project), ...version].join("==");
    const found = Object.hasOwn(packages, key) ? packages[key] : undefined;
    if (!found) {
      throw new KernelError("not_found", `There is no package "${name}" in the distribution`);
    }
    this.#policy.assertAllowed(project);
    this.#policy.assertAllowed(found.name);
    const file = basename(found.file_name);
    if (file.endsWith(".whl")) assertRunsHere(file, this.#facts);
    const pinned = { sha256: found.sha256, file, list: "the package list" };
    this.#give(found.sha256);
    return await this.#files.pinned(pinned, () => this.#read(found));
  }

  /**
   * Answers a kernel's request for an address: for a page of the index, or a file that a page links.
   *
   * @throws {KernelError} As {@linkcode PackageIndex.fetch}; `permission_denied` without an index.
   */
  async fetch(address: string, accept?: string): Promise<PackageAnswer> {
    if (!this.#index) {
      throw new KernelError(
        "permission_denied",
        `Cannot fetch "${address}": the kernel has no network, and the server no package index that ` +
          "something could be fetched from (PACKAGE_INDEX_URL)",
      );
    }
    const answer = await this.#index.fetch(address, accept);
    if (this.#bytecode && answer.status === 200) this.#give(await sha256(answer.bytes));
    return answer;
  }

  /**
   * Returns the METADATA of a wheel that a page of the index links, without fetching the wheel; undefined when the
   * index's server does not allow that.
   *
   * @throws {KernelError} As {@linkcode PackageStore.fetch}.
   */
  async metadata(address: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#index?.metadata(address);
  }

  /**
   * Returns a wheel that the program itself needs, from the files that are kept or from any source. The rules for
   * kernels' packages do not count. `onDownload` is called if the wheel is not kept.
   *
   * @throws {KernelError} `not_found` when no source has it, `protocol_violation` when it has another hash.
   */
  async wheel(wheel: PinnedWheel, onDownload?: () => void): Promise<Uint8Array<ArrayBuffer>> {
    const pinned = { ...wheel, list: "this program's own list" };
    return await this.#files.pinned(pinned, () => {
      onDownload?.();
      return this.#library(pinned);
    });
  }

  /** Returns the compiled files of a wheel that a kernel got, by its SHA-256; undefined while there are none. */
  async bytecode(wheel: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#given.has(wheel) ? await this.#bytecode?.get(wheel) : undefined;
  }

  /**
   * Returns the archive of the package `deno_resolver`, which kernels resolve requirements with. Undefined
   * when no source has the libraries that it is made with.
   */
  async resolver(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const archive = await this.#resolver.get();
    // Kernels get it compiled, as wheels are.
    if (archive) this.#give(archive.sha256);
    return archive?.bytes;
  }

  /**
   * Returns the kept plan for a `PlanQuestion` in JSON, whose files `package` and `fetch` then give without
   * reading a page. Undefined while there is none.
   */
  async plan(text: string): Promise<PackagePlan | undefined> {
    const question = this.#plans && parseQuestion(text);
    const resolver = question && await this.#resolver.get();
    if (!this.#plans || !question || !resolver) return undefined;
    const list = await sha256(new TextEncoder().encode(JSON.stringify(await this.list())));
    const plan = await this.#plans.get(question, `${resolver.sha256} ${list} ${this.#rules}`);
    if (plan) this.#index?.admit(plan);
    return plan;
  }

  /** Settles when no package is being compiled. */
  get compiled(): Promise<void> {
    return this.#bytecode?.idle ?? Promise.resolve();
  }

  /** Settles when no plan is being made. */
  get planned(): Promise<void> {
    return this.#plans?.idle ?? Promise.resolve();
  }

  /** Stops compiling packages and making plans. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#bytecode?.[Symbol.asyncDispose](),
      this.#plans?.[Symbol.asyncDispose](),
    ]);
  }

  /** Throws unless the distribution and pages of the index list the files of a plan. */
  async #assertListed({ install }: PackagePlan): Promise<void> {
    const { packages } = await this.#packages();
    for (const step of install) {
      const isListed = step.origin === "index"
        ? this.#index?.lists(step)
        : Object.hasOwn(packages, step.address) && packages[step.address]!.sha256 === step.sha256;
      if (!isListed) throw new Error(`no source lists its file "${step.file}"`);
    }
  }

  /** Reads a library of the resolver from any source that has it; its hash tells that it is the right one. */
  async #library(library: ResolverLibrary): Promise<Uint8Array<ArrayBuffer>> {
    const path = this.#wheelsDir && join(this.#wheelsDir, library.file);
    const bytes = path ? await Deno.readFile(path).catch(() => undefined) : undefined;
    if (bytes && await sha256(bytes) === library.sha256) return bytes;
    const { packages } = await this.#packages();
    const locked = Object.values(packages).find((it) => it.sha256 === library.sha256);
    if (locked) return await this.#read(locked);
    if (this.#index) return await this.#index.wheel(library.project, library.sha256);
    throw new KernelError("not_found", `No source of packages has ${library.file}`);
  }

  #give(hash: string): void {
    this.#given.delete(hash);
    this.#given.add(hash);
    for (const oldest of this.#given) {
      if (this.#given.size <= MAX_GIVEN) return;
      this.#given.delete(oldest);
    }
  }

  /** Returns the list of the distribution and of the wheel directory, as the directory is now. */
  async #packages(): Promise<LockFile> {
    const lock = await this.#readLockOnce();
    if (!this.#wheels) return lock;
    const wheels = await this.#wheels.read();
    if (this.#merged?.lock !== lock || this.#merged.wheels !== wheels) {
      const packages = withWheels(lock.packages, wheels);
      this.#merged = { lock, wheels, with: { ...lock, packages } };
    }
    return this.#merged.with;
  }

  #readLockOnce(): Promise<LockFile> {
    return this.#lock ??= this.#readLock().catch((error) => {
      this.#lock = undefined; // The next call tries again.
      throw error;
    });
  }

  async #readLock(): Promise<LockFile> {
    const { abiVersion, lockPath } = this.#facts;
    const given = await this.#readGivenLock();
    return given
      ? parseLockFile(given, `${this.#base}/${LOCK_NAME}`, abiVersion)
      : parseLockFile(await Deno.readTextFile(lockPath), lockPath, abiVersion);
  }

  /** Reads the list of a configured distribution, which may have none; Pyodide's list is in its npm package. */
  async #readGivenLock(): Promise<string | undefined> {
    if (!this.#isConfigured) return undefined;
    if (!isUrl(this.#base)) {
      return await Deno.readTextFile(join(this.#base, LOCK_NAME)).catch(() => undefined);
    }
    const url = this.#below(LOCK_NAME);
    try {
      const { status, bytes } = await this.#downloader.get(url);
      if (status !== 200) return undefined;
      await this.#files.keep(bytes, url);
      return new TextDecoder().decode(bytes);
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
      const bytes = await this.#files.recall(url);
      if (!bytes) throw error;
      console.warn(`${error.message}; using what was there before`);
      return new TextDecoder().decode(bytes);
    }
  }

  /** Reads the file of a package: of the distribution, of the wheel directory, or at an address. */
  async #read({ file_name: fileName }: LockedPackage): Promise<Uint8Array<ArrayBuffer>> {
    if (isUrl(fileName) || (isUrl(this.#base) && !fileName.startsWith("/"))) {
      const url = isUrl(fileName) ? fileName : this.#below(fileName);
      const { status, bytes } = await this.#downloader.get(url);
      if (status === 200) return bytes;
      const shown = shownAddress(new URL(url));
      throw new KernelError("not_found", `Cannot fetch "${shown}": status ${status}`);
    }
    const path = fileName.startsWith("/") ? fileName : join(this.#base, basename(fileName));
    try {
      return await Deno.readFile(path);
    } catch (cause) {
      const file = basename(path);
      throw new KernelError("not_found", `Cannot read the package "${file}"`, { cause });
    }
  }

  #below(name: string): string {
    return new URL(name, `${this.#base}/`).href;
  }
}
