import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { writeAtomically } from "../files/atomic_write.ts";
import { confinePath } from "../files/confined_path.ts";
import { readRegularFile } from "../files/regular_file.ts";
import { ServiceError } from "../../errors/service_error.ts";
import { systemRefusal } from "../../errors/system_error.ts";

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

/** The number of notebooks at which a list ends. */
const MAX_LISTED = 5_000;

/** The notebooks below one directory of this machine; no path and no link leads out of it. */
export class Notebooks {
  readonly #root: string;

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
   * Writes a notebook as a whole, and makes its directories.
   *
   * @throws {ServiceError} `conflict` when `ifMatch` is given and differs from the tag of the present text.
   */
  async write(path: string, text: string, ifMatch?: string): Promise<NotebookWritten> {
    const file = await this.#resolve(path);
    const present = await readText(file).catch((error) => {
      if (isAbsence(error)) return undefined;
      throw refusal(error, path);
    });
    if (ifMatch !== undefined && (present === undefined || etagOf(present) !== ifMatch)) {
      throw new ServiceError(
        "conflict",
        `Cannot write notebook "${path}": it has changed since it was read; read it again, or ` +
          "write without If-Match to replace it",
      );
    }
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeAtomically(file, text);
    } catch (error) {
      throw refusal(error, path);
    }
    return { ...await this.#describe(file), created: present === undefined, etag: etagOf(text) };
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
