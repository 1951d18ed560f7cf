import { type Unzipped, unzipSync, type Zippable, zipSync } from "npm:fflate@0.8.3";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelError } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import type { PackageFiles, PinnedFile } from "./package_files.ts";

/** A library that the resolver is made with. */
export interface ResolverLibrary extends PinnedFile {
  /** The canonical name of its project. */
  project: string;
}

const ROOT = fileURLToPath(new URL("../../pypi/deno_resolver", import.meta.url));
const PIN = /^([a-z0-9-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$/gm;
/** A fixed time in archives, so that the same sources make the same bytes. */
const TIME = "1980-01-01T00:00:00";

/** Reads which libraries the resolver is made with. This thread needs to read the project's files. */
export async function readResolverLibraries(): Promise<ResolverLibrary[]> {
  const list = "requirements.txt of the resolver";
  const text = await Deno.readTextFile(join(ROOT, "requirements.txt"));
  return [...text.matchAll(PIN)].map(([, project, version, sha256]) => ({
    project: project!,
    sha256: sha256!,
    file: `${project}-${version}-py3-none-any.whl`,
    list,
  }));
}

/** An archive and its SHA-256. */
export interface MadeArchive {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

/**
 * Gives the archive that kernels unpack into site-packages to resolve requirements: the package
 * `deno_resolver`, with the wheels of its libraries as submodules of `deno_resolver._vendor`.
 */
export class ResolverArchive {
  readonly #files: PackageFiles;
  readonly #download: (library: ResolverLibrary) => Promise<Uint8Array<ArrayBuffer>>;
  #made: Promise<MadeArchive | undefined> | undefined;

  /** `download` gets a library from any source; its hash is compared here. */
  constructor(
    files: PackageFiles,
    download: (library: ResolverLibrary) => Promise<Uint8Array<ArrayBuffer>>,
  ) {
    this.#files = files;
    this.#download = download;
  }

  /** Returns the archive; undefined while no source has its libraries. */
  async get(): Promise<MadeArchive | undefined> {
    this.#made ??= this.#make().catch((error) => {
      this.#made = undefined; // The next call tries again.
      if (!(error instanceof KernelError)) throw error;
      return undefined;
    });
    return await this.#made;
  }

  async #make(): Promise<MadeArchive> {
    const libraries = await readResolverLibraries();
    const reading = libraries.map((it) => this.#files.pinned(it, () => this.#download(it)));
    // One that fails is told when no other is on its way any more: nothing goes on behind the answer.
    await Promise.allSettled(reading);
    const bytes = await pack(await Promise.all(reading));
    await this.#files.keep(bytes);
    return { bytes, sha256: await sha256(bytes) };
  }
}

async function pack(
  libraries: readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer>> {
  const files: Zippable = {};
  const add = (path: string, bytes: Uint8Array) => files[path] = [bytes, { mtime: TIME }];
  for (const [path, bytes] of await readSources(join(ROOT, "src"))) add(path, bytes);
  for (const wheel of libraries) {
    const entries: Unzipped = unzipSync(wheel, { filter: ({ name }) => name.endsWith(".py") });
    for (const [name, bytes] of Object.entries(entries)) {
      add(`deno_resolver/_vendor/${name}`, bytes);
    }
  }
  return new Uint8Array(zipSync(files, { level: 6 }));
}

async function readSources(root: string, below = ""): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, below))) {
    const path = below ? `${below}/${name}` : name;
    if (isDirectory) files.push(...await readSources(root, path));
    else if (name.endsWith(".py")) files.push([path, await Deno.readFile(join(root, path))]);
  }
  return files.sort(([a], [b]) => a < b ? -1 : 1);
}
