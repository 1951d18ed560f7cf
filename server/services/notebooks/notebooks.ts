import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { writeAtomically } from "../files/atomic_write.ts";
import { confinePath } from "../files/confined_path.ts";
import { readRegularFile } from "../files/regular_file.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { systemRefusal } from "../../errors/system_error.ts";
import { Turns } from "../turns/turns.ts";
import { type NotebookVersion, Versions } from "./versions.ts";

/** A notebook file without its content. */
export interface NotebookEntry {
  /** Relative to the notebook directory, with "/". */
  path: string;
  /** The size in bytes. */
  size: number;
  /** The time at which the file was last written, ISO 8601. */
  modified: string;
}

/** The content of a notebook file. */
export interface NotebookContent {
  text: string;
  /** Changes whenever the text does; the form of HTTP's `ETag`. */
  etag: string;
}

/** A notebook file after a write. */
export interface NotebookWritten extends NotebookEntry {
  /** True when the file did not exist before. */
  created: boolean;
  /** The tag of the text that was written. */
  etag: string;
}

/** The conditions of a write, as in HTTP's headers: lists of entity tags, or "*" for any. */
export interface WriteCondition {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/** Options for {@linkcode Notebooks.write}. */
export interface WriteOptions extends WriteCondition {
  /** True to keep the replaced text even when a version was kept a short time ago. @default false */
  keepVersion?: boolean | undefined;
}

const EXTENSION = ".ipynb";

/** The number of notebooks at which a list ends. */
const MAX_LISTED = 5_000;

/** The notebooks below one directory of this machine; no path and no link leads out of it. */
export class Notebooks {
  readonly #root: string;
  /** By file: a write looks at the present file and replaces it before the next one does. */
  readonly #turns = new Turns();
  readonly #versions = new Versions();

  constructor(root: string) {
    this.#root = root;
  }

  /** Lists the notebooks by path, without hidden files and directories. */
  async list(): Promise<NotebookEntry[]> {
    const found: NotebookEntry[] = [];
    const waiting = [this.#root];
    for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
      for (const entry of await readdir(dir, { withFileTypes: true })) {
        if (entry.name.startsWith(".") || found.length >= MAX_LISTED) continue;
        const path = join(dir, entry.name);
        if (entry.isDirectory()) waiting.push(path);
        else if (entry.isFile() && entry.name.endsWith(".ipynb")) {
          found.push(await this.#describe(path));
        }
      }
    }
    return found.sort((a, b) => a.path < b.path ? -1 : 1);
  }

  /**
   * Reads a notebook.
   *
   * @throws {ServiceError} `not_found`, `invalid_argument` or `permission_denied`.
   */
  async read(path: string): Promise<NotebookContent> {
    const file = await this.#resolve(path);
    const text = await readText(file).catch((error) => {
      throw refusal(error, path);
    });
    return { text, etag: etagOf(text) };
  }

  /**
   * Writes a notebook as a whole, and makes its directories. The text that it replaces may be kept as a
   * version.
   *
   * @throws {ServiceError} `conflict` when the file is not as the condition says;
   * `precondition_required` when there is a file and no condition.
   */
  async write(
    path: string,
    text: string,
    options: WriteOptions = {},
  ): Promise<NotebookWritten> {
    const file = await this.#resolve(path);
    return await this.#turns.take(file, async () => {
      const present = await readText(file).catch((error) => {
        if (isAbsence(error)) return undefined;
        throw refusal(error, path);
      });
      assertCondition(path, present, options);
      try {
        if (present !== undefined && present !== text) {
          await this.#versions.keep(file, present, { always: options.keepVersion ?? false });
        }
        await mkdir(dirname(file), { recursive: true });
        await writeAtomically(file, text);
      } catch (error) {
        throw refusal(error, path);
      }
      return { ...await this.#describe(file), created: present === undefined, etag: etagOf(text) };
    });
  }

  /**
   * Moves a notebook to a path that is free.
   *
   * @throws {ServiceError} `already_exists` or `not_found`.
   */
  async rename(from: string, to: string): Promise<NotebookEntry> {
    const [source, target] = [await this.#resolve(from), await this.#resolve(to)];
    return await this.#turns.take(target, async () => {
      const present = await stat(target).catch(() => undefined);
      if (present) {
        throw new ServiceError("already_exists", `Cannot rename "${from}": "${to}" exists`);
      }
      try {
        await stat(source);
        await mkdir(dirname(target), { recursive: true });
        await rename(source, target);
        await this.#versions.move(source, target);
      } catch (error) {
        throw refusal(error, from);
      }
      return await this.#describe(target);
    });
  }

  /** Makes a notebook under a path that is free: with a number when there is one of that path. */
  async create(path: string, text: string): Promise<NotebookEntry> {
    for (;;) {
      const free = await this.#freePath(path);
      try {
        const { created: _, etag: __, ...entry } = await this.write(free, text, {
          ifNoneMatch: "*",
        });
        return entry;
      } catch (error) {
        // Somebody was faster.
        if (!(error instanceof ServiceError) || error.code !== "conflict") throw error;
      }
    }
  }

  /** Describes the file of a notebook. */
  async describe(path: string): Promise<NotebookEntry> {
    return await this.#describe(await this.#resolve(path)).catch((error) => {
      throw refusal(error, path);
    });
  }

  /** Lists the kept versions of a notebook, the newest first. */
  async versions(path: string): Promise<NotebookVersion[]> {
    return await this.#versions.list(await this.#resolve(path));
  }

  /**
   * Reads the text of a kept version.
   *
   * @throws {ServiceError} `not_found`.
   */
  async readVersion(path: string, id: string): Promise<string> {
    return await this.#versions.read(await this.#resolve(path), id);
  }

  /** Keeps a text as a version of a notebook. */
  async keepVersion(path: string, text: string): Promise<void> {
    await this.#versions.keep(await this.#resolve(path), text, { always: true });
  }

  /** Returns the time and the size of a file, which change when somebody writes it; undefined: there is none. */
  async stamp(path: string): Promise<string | undefined> {
    const info = await stat(await this.#resolve(path)).catch(() => undefined);
    return info && `${info.mtimeMs}:${info.size}:${info.ino}`;
  }

  /**
   * Removes a notebook.
   *
   * @throws {ServiceError} `not_found`, `invalid_argument` or `permission_denied`.
   */
  async remove(path: string): Promise<void> {
    const file = await this.#resolve(path);
    await rm(file).catch((error) => {
      throw refusal(error, path);
    });
  }

  async #freePath(path: string): Promise<string> {
    const stem = path.slice(0, -EXTENSION.length);
    for (let count = 2, free = path;; count++) {
      if (!await this.#exists(free)) return free;
      free = `${stem} ${count}${EXTENSION}`;
    }
  }

  async #exists(path: string): Promise<boolean> {
    return await stat(await this.#resolve(path)).then(() => true, () => false);
  }

  async #describe(file: string): Promise<NotebookEntry> {
    const { size, mtime } = await stat(file);
    const path = relative(this.#root, file).split(sep).join("/");
    return { path, size, modified: mtime.toISOString() };
  }

  /** Returns the file of a notebook, which need not exist. */
  async #resolve(path: string): Promise<string> {
    if (!path.endsWith(".ipynb") || path.split("/").includes("")) {
      throw new ServiceError(
        "invalid_argument",
        `Cannot use "${path}" as a notebook's path: use a path inside the notebook directory that ` +
          'ends in ".ipynb"',
      );
    }
    return await confinePath(this.#root, path);
  }
}

/** Refuses a write over a file that its writer does not know. */
function assertCondition(
  path: string,
  present: string | undefined,
  { ifMatch, ifNoneMatch }: WriteCondition,
): void {
  const cannot = `Cannot write notebook "${path}"`;
  const etag = present === undefined ? undefined : etagOf(present);
  if (isNamed(ifNoneMatch, etag)) {
    throw new ServiceError(
      "conflict",
      `${cannot}: there is one already; use another name, or read it`,
    );
  }
  if (ifMatch === undefined) {
    if (etag === undefined || ifNoneMatch !== undefined) return;
    throw new ServiceError(
      "precondition_required",
      `${cannot}: there is one already; send the ETag that was read as If-Match, or "*" to replace ` +
        "whatever is there",
    );
  }
  if (isNamed(ifMatch, etag)) return;
  throw new ServiceError(
    "conflict",
    etag === undefined
      ? `${cannot}: it has been removed or renamed since it was read; write it as a new one with ` +
        'If-None-Match: "*"'
      : `${cannot}: it has changed since it was read; read it again, or write it under another name`,
  );
}

/** True when a list of entity tags names the tag of a file that exists. */
function isNamed(list: string | undefined, etag: string | undefined): boolean {
  if (list === undefined || etag === undefined) return false;
  return list.trim() === "*" ||
    list.split(",").some((it) => it.trim().replace(/^W\//, "") === etag);
}

/** Returns the tag of a text. */
function etagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

async function readText(file: string): Promise<string> {
  return new TextDecoder().decode(await readRegularFile(file));
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function refusal(error: unknown, path: string): unknown {
  if (!isAbsence(error)) return systemRefusal(error, path);
  return new ServiceError("not_found", `Cannot find notebook "${path}"`, { cause: error });
}
