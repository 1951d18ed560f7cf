import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { writeAtomically } from "../files/atomic_write.ts";
import { readRegularFile } from "../files/regular_file.ts";
import { ServiceError } from "../../errors/service_error.ts";

/** A kept version of a notebook. */
export interface NotebookVersion {
  /** The time at which it was replaced, ISO 8601, in a form that a file can be named by. */
  id: string;
  /** The time at which it was replaced, ISO 8601. */
  replacedAt: string;
  /** The size in bytes. */
  size: number;
}

/** Options for {@linkcode Versions}. */
export interface VersionsOptions {
  /** Returns the time in milliseconds. @default Date.now */
  now?: () => number;
}

/** The shortest time between two kept versions, in milliseconds. */
const KEEP_EVERY_MS = 5 * 60_000;
/** The most versions of one notebook. */
const MAX_VERSIONS = 30;
/** The most bytes that the versions of one notebook take; the newest one is kept whatever its size. */
const MAX_BYTES = 64 * 2 ** 20;
/** The name of the directory beside the notebooks, which Jupyter's server hides too. */
const DIRECTORY = ".ipynb_checkpoints";

/** The versions of notebooks that were replaced, in a hidden directory beside each. */
export class Versions {
  readonly #now: () => number;

  constructor({ now = Date.now }: VersionsOptions = {}) {
    this.#now = now;
  }

  /** Keeps a text that is about to be replaced, unless `isDue` and a version was kept a short time ago. */
  async keep(file: string, text: string, { always = false } = {}): Promise<void> {
    const now = this.#now();
    const kept = await this.list(file);
    const newest = kept[0];
    if (!always && newest && now - Date.parse(newest.replacedAt) < KEEP_EVERY_MS) return;
    if (newest && await this.read(file, newest.id).catch(() => undefined) === text) return;
    await mkdir(directoryOf(file), { recursive: true });
    await writeAtomically(join(directoryOf(file), nameOf(idOf(now))), text);
    await this.#prune(file);
  }

  /** Lists the versions of a notebook, the newest first. */
  async list(file: string): Promise<NotebookVersion[]> {
    const directory = directoryOf(file);
    const names = await readdir(directory).catch(() => []);
    const found: NotebookVersion[] = [];
    for (const name of names) {
      const id = /^(\d{8}T\d{9}Z)\.ipynb$/.exec(name)?.[1];
      const info = id && await stat(join(directory, name)).catch(() => undefined);
      if (id && info) found.push({ id, replacedAt: timeOf(id), size: info.size });
    }
    return found.sort((a, b) => a.id < b.id ? 1 : -1);
  }

  /**
   * Reads the text of a version.
   *
   * @throws {ServiceError} `not_found`.
   */
  async read(file: string, id: string): Promise<string> {
    if ((await this.list(file)).every((it) => it.id !== id)) {
      throw new ServiceError("not_found", `Cannot find the version "${id}" of this notebook`);
    }
    const bytes = await readRegularFile(join(directoryOf(file), nameOf(id)));
    return new TextDecoder().decode(bytes);
  }

  /** Moves the versions of a notebook along with the notebook. */
  async move(from: string, to: string): Promise<void> {
    if ((await this.list(from)).length === 0) return;
    await mkdir(dirname(directoryOf(to)), { recursive: true });
    await rm(directoryOf(to), { recursive: true, force: true });
    await rename(directoryOf(from), directoryOf(to));
  }

  async #prune(file: string): Promise<void> {
    let bytes = 0;
    for (const [index, { id, size }] of (await this.list(file)).entries()) {
      bytes += size;
      if (index < MAX_VERSIONS && (index === 0 || bytes <= MAX_BYTES)) continue;
      await rm(join(directoryOf(file), nameOf(id)), { force: true });
    }
  }
}

function directoryOf(file: string): string {
  return join(dirname(file), DIRECTORY, `${basename(file, extname(file))}.versions`);
}

function nameOf(id: string): string {
  return `${id}.ipynb`;
}

function idOf(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:.]/g, "");
}

function timeOf(id: string): string {
  return id.replace(/^(....)(..)(..)T(..)(..)(..)(...)Z$/, "$1-$2-$3T$4:$5:$6.$7Z");
}
