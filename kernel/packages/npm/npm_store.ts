import { join } from "node:path";
import { z } from "npm:zod@4.6.7";
import { defaultCacheDir } from "../../cache_directory.ts";
import { KernelError } from "../../errors.ts";
import { Downloader } from "../downloader.ts";
import { PackageCache } from "../package_cache.ts";
import type { PackageBroker } from "../request.ts";
import { parseServerAddress } from "../server_address.ts";
import { repack } from "./npm_archive.ts";
import {
  makePlan,
  type NpmPlan,
  type Packument,
  packument,
  parseSpecifier,
  type PlannedPackage,
} from "./npm_plan.ts";
import { NPM_FILES, NPM_PLAN } from "./npm_request.ts";

/** Options for {@linkcode NpmStore}. */
export interface NpmOptions {
  /**
   * Finds the address of the registry when a kernel first imports a package, as npm on this machine is configured;
   * undefined: there is none.
   */
  findRegistry: () => Promise<string | undefined>;
  /** The names of the only packages that kernels get; a name that ends with `/*` allows a scope. @default all */
  allow?: readonly string[];
  /** The names of packages that kernels do not get. @default none */
  deny?: readonly string[];
  /** The directory in which files are kept; null keeps none. @default `npm` in the cache directory */
  cacheDir?: string | null;
  /** The most bytes that are kept. @default 1 GiB */
  cacheBytes?: number;
}

const GIBIBYTE = 2 ** 30;
const MAX_FILE_BYTES = 64 * 2 ** 20;
const MAX_DESCRIPTION_BYTES = 64 * 2 ** 20;
/** The time that a description of a package is used for, in milliseconds. */
const DESCRIPTION_MS = 300_000;
const MAX_DESCRIPTIONS = 1_000;
/** The most packages of which a store remembers that kernels were told of them. */
const MAX_PLANNED = 20_000;
/** The form of descriptions that installers read. */
const ACCEPT = "application/vnd.npm.install-v1+json";

const request = z.strictObject({ url: z.string().max(512), accept: z.undefined().optional() });

/**
 * Fetches, verifies and keeps packages of npm's registry for kernels, which have no network: they get the files of
 * packages of pure JavaScript, whose SHA-512 is the one that the registry names. No script of a package runs.
 */
export class NpmStore {
  readonly #options: NpmOptions;
  readonly #cache: PackageCache | undefined;
  readonly #descriptions = new Map<string, { at: number; found: Promise<Packument> }>();
  /** The packages of plans that kernels got, by name and version: they may ask for the files of these alone. */
  readonly #planned = new Map<string, PlannedPackage>();
  #server: Promise<{ url: string; downloader: Downloader }> | undefined;

  /** Fetches nothing yet. */
  constructor(options: NpmOptions) {
    this.#options = options;
    const root = defaultCacheDir();
    const { cacheDir = root && join(root, "npm"), cacheBytes = GIBIBYTE } = options;
    this.#cache = cacheDir ? new PackageCache(cacheDir, cacheBytes) : undefined;
  }

  /** Answers the requests of kernels. */
  readonly broker: PackageBroker = async (asked) => {
    const { url } = parseRequest(asked);
    const answer = (bytes: Uint8Array<ArrayBuffer>) => ({
      status: 200,
      contentType: "",
      url,
      bytes,
    });
    if (url.startsWith(NPM_PLAN)) {
      const plan = await this.plan(url.slice(NPM_PLAN.length));
      // The addresses are of no use to a kernel.
      const shown = plan.map(({ name, version, dependencies }) => ({
        name,
        version,
        dependencies,
      }));
      return answer(new TextEncoder().encode(JSON.stringify(shown)));
    }
    if (url.startsWith(NPM_FILES)) return answer(await this.files(url.slice(NPM_FILES.length)));
    throw new KernelError(
      "permission_denied",
      `Cannot fetch "${url}": kernels of this language get npm's packages alone`,
    );
  };

  /**
   * Chooses the packages for an import, such as `lodash-es@4`.
   *
   * @throws {KernelError} As `makePlan` does; `not_found` for a package that the registry does not have.
   */
  async plan(text: string): Promise<NpmPlan> {
    const plan = await makePlan(parseSpecifier(text), {
      describe: (name) => this.#describe(name),
      assertAllowed: (name) => this.#assertAllowed(name),
    });
    for (const it of plan) this.#planned.set(`${it.name}@${it.version}`, it);
    for (const oldest of this.#planned.keys()) {
      if (this.#planned.size <= MAX_PLANNED) break;
      this.#planned.delete(oldest);
    }
    return plan;
  }

  /**
   * Returns the files of a planned package, as `repack` packs them.
   *
   * @throws {KernelError} `permission_denied` for one that no plan has; `protocol_violation` when the file is not
   * the one that the registry describes.
   */
  async files(key: string): Promise<Uint8Array<ArrayBuffer>> {
    const planned = this.#planned.get(key);
    if (!planned) {
      throw new KernelError("permission_denied", `Cannot fetch "${key}": no import needs it`);
    }
    this.#assertAllowed(planned.name);
    return await repack(key, await this.#tarball(key, planned));
  }

  async #tarball(
    key: string,
    { tarball, integrity }: PlannedPackage,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const kept = await this.#cache?.resolve(integrity);
    const bytes = kept && await this.#cache?.read(kept.sha256);
    if (bytes && await matches(bytes, integrity)) return bytes;
    const { downloader } = await this.#registry();
    const { status, bytes: fetched } = await downloader.get(tarball, { maxBytes: MAX_FILE_BYTES });
    if (status !== 200) {
      throw new KernelError("not_found", `Cannot fetch "${key}": status ${status}`);
    }
    if (!await matches(fetched, integrity)) {
      throw new KernelError(
        "protocol_violation",
        `Cannot fetch "${key}": its SHA-512 is not that of the registry`,
      );
    }
    if (this.#cache) {
      const sha256 = await this.#cache.write(fetched);
      await this.#cache.remember(integrity, { sha256, contentType: "" });
    }
    return fetched;
  }

  #describe(name: string): Promise<Packument> {
    const known = this.#descriptions.get(name);
    if (known && Date.now() - known.at < DESCRIPTION_MS) return known.found;
    const found = this.#fetchDescription(name);
    this.#descriptions.set(name, { at: Date.now(), found });
    found.catch(() => this.#descriptions.delete(name));
    const [oldest] = this.#descriptions.keys();
    if (this.#descriptions.size > MAX_DESCRIPTIONS) this.#descriptions.delete(oldest!);
    return found;
  }

  async #fetchDescription(name: string): Promise<Packument> {
    const { url, downloader } = await this.#registry();
    const { status, bytes } = await downloader.get(`${url}/${name.replace("/", "%2f")}`, {
      accept: ACCEPT,
      maxBytes: MAX_DESCRIPTION_BYTES,
    });
    if (status !== 200) {
      throw new KernelError(
        "not_found",
        `Cannot import "${name}": the registry has no such package`,
      );
    }
    const parsed = packument.safeParse(jsonOf(bytes));
    if (parsed.success) return parsed.data;
    throw new KernelError(
      "protocol_violation",
      `Cannot import "${name}": the registry's description is damaged`,
    );
  }

  #assertAllowed(name: string): void {
    const { allow, deny = [] } = this.#options;
    const names = (list: readonly string[]) =>
      list.some((it) => it === name || it.endsWith("/*") && name.startsWith(it.slice(0, -1)));
    if (!names(deny) && (!allow || names(allow))) return;
    throw new KernelError(
      "permission_denied",
      `The package "${name}" is not allowed on this server`,
    );
  }

  #registry(): Promise<{ url: string; downloader: Downloader }> {
    return this.#server ??= this.#open().catch((error) => {
      this.#server = undefined; // The next call tries again.
      throw error;
    });
  }

  async #open(): Promise<{ url: string; downloader: Downloader }> {
    const found = await this.#options.findRegistry();
    if (found === undefined) {
      throw new KernelError(
        "not_found",
        "There are no packages of JavaScript here: npm is not configured on the server's machine (npm_config_registry)",
      );
    }
    const server = parseServerAddress(found, "the registry of npm");
    return {
      url: server.url,
      downloader: new Downloader({ servers: [server], maxBytes: MAX_FILE_BYTES }),
    };
  }
}

function parseRequest(asked: unknown): z.infer<typeof request> {
  const result = request.safeParse(asked);
  if (result.success) return result.data;
  throw new KernelError("protocol_violation", "Cannot fetch: url: use at most 512 characters");
}

async function matches(bytes: Uint8Array<ArrayBuffer>, integrity: string): Promise<boolean> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes)).toBase64();
  return integrity.split(" ").includes(`sha512-${hash}`);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
