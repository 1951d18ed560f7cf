import type { ImageUser, PackageImages, ProcessHostFactory } from "../engine.ts";
import { messageOf } from "../errors.ts";
import { type LockFile, lockSchema } from "../packages/lock_file.ts";
import { canonicalName, isProjectName } from "../packages/project_name.ts";
import { PACKAGE_FILE, PACKAGE_LIST, type PackageBroker } from "../packages/request.ts";
import { sha256 } from "../whole_file.ts";
import {
  buildPackageImage,
  checkPackageImage,
  type ImageFacts,
  type ImageSet,
  warmUpCode,
} from "./image_builder.ts";
import type { ImageShelf, ShelvedImage } from "./image_shelf.ts";

/** The version of images; a new one makes older images unused. */
const FORMAT = 2;
/** The number of kernels that have to begin with the same packages before these get an image. */
const USES = 3;
/** The most sets of packages that are counted, or wait to be made. */
const MAX_COUNTED = 1_000;
const MAX_WAITING = 4;
/** The part of a kernel's memory that an image may fill. */
const MEMORY_SHARE = 0.75;
const MEBIBYTE = 2 ** 20;

/** Options for {@linkcode KernelImages}. */
export interface KernelImagesOptions {
  shelf: ImageShelf;
  /** The sets of packages that get an image when one of their packages is first used. */
  sets: readonly (readonly string[])[];
  /** Answers the requests of kernels for packages. */
  broker: PackageBroker;
  createHost: ProcessHostFactory;
  installCode: (requirements: readonly string[]) => string;
  /** Identifies the interpreter, all that it starts from, and the rules for packages. */
  fingerprint: () => Promise<string>;
}

/** The list of packages, and a hash of it. */
interface KnownPackages {
  lock: LockFile;
  hash: string;
}

/** The images of packages that kernels start from. They are made in the background, one after the other. */
export class KernelImages implements PackageImages {
  readonly #options: KernelImagesOptions;
  readonly #closing = new AbortController();
  /** The numbers of kernels that began with a set, by the set. */
  readonly #uses = new Map<string, number>();
  /** The ids that wait, are being made, or could not be made. */
  readonly #asked = new Set<string>();
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();
  #known: { text: string; packages: KnownPackages } | undefined;

  /** Makes nothing yet. */
  constructor(options: KernelImagesOptions) {
    this.#options = options;
  }

  /** Settles when all images that were asked for have been made. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /** Answers the requests of kernels, and notes which packages they use. */
  readonly broker: PackageBroker = async (request) => {
    const answer = await this.#options.broker(request);
    const { url } = request as { url: string };
    if (url.startsWith(PACKAGE_FILE) && !this.#closing.signal.aborted) {
      const name = canonicalName(url.slice(PACKAGE_FILE.length).split("==")[0]!);
      this.#inBackground(this.#onUse([name]));
    }
    return answer;
  };

  async forPackages(requirements: readonly string[], user: ImageUser): Promise<string | undefined> {
    if (!requirements.every(isProjectName)) return undefined;
    const names = [...new Set(requirements.map(canonicalName))].toSorted();
    return await this.#attempt(async (packages) => {
      const id = await this.#idOf(names, packages);
      const found = (await this.#options.shelf.list()).find((it) => it.id === id);
      if (found && fits(found, user)) return await this.#use(found);
      if (!found) this.#inBackground(this.#count(names, packages));
      return undefined;
    });
  }

  async forCell(code: string, user: ImageUser): Promise<string | undefined> {
    const modules = importedModules(code);
    if (modules.length === 0) return undefined;
    return await this.#attempt(async (packages) => {
      const names = namesOf(modules, packages.lock);
      if (names.length === 0) return undefined;
      this.#inBackground(this.#onUse(names));
      const found: { image: ShelvedImage; covered: number }[] = [];
      for (const image of await this.#options.shelf.list()) {
        const there = new Set(Object.keys(image.packages).map(canonicalName));
        const covered = names.filter((name) => there.has(name)).length;
        const usable = covered > 0 && fits(image, user) &&
          image.id === await this.#idOf(image.set, packages);
        if (usable) found.push({ image, covered });
      }
      const [best] = found.toSorted((a, b) =>
        b.covered - a.covered || a.image.memoryBytes - b.image.memoryBytes
      );
      if (best?.covered !== names.length) this.#inBackground(this.#count(names, packages));
      return best && await this.#use(best.image);
    });
  }

  async warmUpCode(id: string): Promise<string> {
    const image = (await this.#options.shelf.list()).find((it) => it.id === id);
    const packages = await this.#packages();
    const modules = image ? modulesOf(image.set, packages.lock) : [];
    return warmUpCode(modules);
  }

  /** Stops making images. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("the manager was closed"));
    await this.#work;
  }

  /** Runs something that a kernel can do without. */
  async #attempt<T>(body: (packages: KnownPackages) => Promise<T>): Promise<T | undefined> {
    if (this.#closing.signal.aborted) return undefined;
    try {
      return await body(await this.#packages());
    } catch (error) {
      console.warn(`Doing without an image of packages: ${messageOf(error)}`);
      return undefined;
    }
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error) => console.warn(`Cannot make an image of packages: ${messageOf(error)}`));
  }

  async #use(image: ShelvedImage): Promise<string> {
    await this.#options.shelf.use(image.id);
    return image.id;
  }

  /** Asks for the images of the configured sets that have one of these packages. */
  async #onUse(names: readonly string[]): Promise<void> {
    const sets = this.#options.sets.filter((set) => set.some((it) => names.includes(it)));
    if (sets.length === 0) return;
    const packages = await this.#packages();
    for (const set of sets) await this.#ask(set.toSorted(), packages);
  }

  /** Counts a set of packages that a kernel begins with, and asks for its image when it is common. */
  async #count(names: readonly string[], packages: KnownPackages): Promise<void> {
    if (!names.every((it) => Object.hasOwn(packages.lock.packages, it))) return;
    const key = names.join(" ");
    const uses = (this.#uses.get(key) ?? 0) + 1;
    this.#uses.delete(key);
    this.#uses.set(key, uses);
    const [oldest] = this.#uses.keys();
    if (this.#uses.size > MAX_COUNTED) this.#uses.delete(oldest!);
    if (uses >= USES) await this.#ask(names, packages);
  }

  /** Has an image made, unless it is there or was asked for already. */
  async #ask(names: readonly string[], packages: KnownPackages): Promise<void> {
    const id = await this.#idOf(names, packages);
    if (this.#asked.has(id) || this.#waiting >= MAX_WAITING) return;
    const there = (await this.#options.shelf.list()).some((it) => it.id === id);
    if (there || this.#asked.has(id) || this.#closing.signal.aborted) return;
    this.#asked.add(id);
    this.#waiting++;
    const set = { packages: names, modules: modulesOf(names, packages.lock) };
    this.#work = this.#work.then(() => this.#make(id, set, packages.lock)).finally(() =>
      this.#waiting--
    );
  }

  async #make(id: string, set: ImageSet, lock: LockFile): Promise<void> {
    const { shelf, createHost, broker: packages, installCode } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const init = { createHost, packages, installCode, signal };
    let directory: string | undefined;
    try {
      directory = await shelf.draft();
      const facts = await buildPackageImage(set, directory, init);
      const other = unlisted(facts, lock);
      if (other !== undefined) throw new Error(`${other} is not in the distribution`);
      await shelf.assemble(id, directory, [...set.packages], facts);
      await checkPackageImage(set, id, init);
      await shelf.publish(id);
      this.#asked.delete(id); // It may be evicted, and then it is made again.
    } catch (error) {
      await shelf.remove(id);
      if (signal.aborted) return;
      const names = set.packages.join(", ");
      console.warn(`Cannot make an image of the packages ${names}: ${messageOf(error)}`);
    } finally {
      if (directory) await Deno.remove(directory, { recursive: true }).catch(() => {});
    }
  }

  async #packages(): Promise<KnownPackages> {
    const { bytes } = await this.#options.broker({ url: PACKAGE_LIST });
    const text = new TextDecoder().decode(bytes);
    if (this.#known?.text === text) return this.#known.packages;
    const { lock } = JSON.parse(text) as { lock: unknown };
    const packages = { lock: lockSchema.parse(lock), hash: await sha256(bytes) };
    this.#known = { text, packages };
    return packages;
  }

  async #idOf(names: readonly string[], { hash }: KnownPackages): Promise<string> {
    const parts = [FORMAT, await this.#options.fingerprint(), hash, ...names];
    return (await sha256(new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 32);
  }
}

/** A line that imports modules, at the beginning of a line: such code is executed wherever it stands in a cell. */
const IMPORT = /^(?:import[ \t]+([^\n#;]+)|from[ \t]+([\w.]+)[ \t]+import\b)/gm;
/** The most characters of a cell that are looked at. */
const MAX_CODE = 20_000;

/** Returns the names of the top-level modules that a cell imports, as far as its text shows them at a glance. */
export function importedModules(code: string): string[] {
  const names = new Set<string>();
  for (const [, list, from] of code.slice(0, MAX_CODE).matchAll(IMPORT)) {
    for (const item of (list ?? from!).split(",")) {
      const [name = ""] = item.trim().split(/[.\s]/);
      if (/^[A-Za-z_]\w*$/.test(name)) names.add(name);
    }
  }
  return [...names];
}

/** Returns the names of the packages that bring modules, sorted. */
function namesOf(modules: readonly string[], { packages }: LockFile): string[] {
  const names = Object.entries(packages)
    .filter(([name, { imports }]) =>
      !name.includes("==") && imports.some((it) => modules.includes(it))
    )
    .map(([name]) => name);
  return names.toSorted();
}

/** Returns the modules of packages: the one of the package's name, or all. */
function modulesOf(names: readonly string[], { packages }: LockFile): string[] {
  return names.flatMap((name) => {
    const { imports = [] } = packages[name] ?? {};
    return imports.includes(name) ? [name] : imports;
  });
}

/** Returns a package of an image that is none of the list, so that kernels may get another version of it. */
function unlisted({ packages }: ImageFacts, { packages: listed }: LockFile): string | undefined {
  return Object.entries(packages).map(([project, version]) =>
    `${canonicalName(project)}==${version}`
  )
    .find((key) => {
      const [name = "", version] = key.split("==");
      return listed[name]?.version !== version && listed[key] === undefined;
    });
}

/** Returns true when an image has room in a kernel, whose variables its packages have not read. */
function fits({ memoryBytes, environ }: ShelvedImage, { limits, env }: ImageUser): boolean {
  return memoryBytes <= limits.memoryMiB * MEBIBYTE * MEMORY_SHARE &&
    !environ.some((name) => Object.hasOwn(env, name));
}
