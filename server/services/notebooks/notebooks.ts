import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { writeAtomically } from "../files/atomic_write.ts";
import { confinePath } from "../files/confined_path.ts";
import { HttpError } from "../../errors/http_error.ts";

/** A notebook file at a glance. */
export interface NotebookEntry {
  /** From the notebook directory on, with "/". */
  path: string;
  /** In bytes. */
  size: number;
  /** ISO 8601. */
  modified: string;
}

/** A notebook file's text, and a tag that changes when the text does. */
export interface NotebookContent {
  text: string;
  etag: string;
}

/** How a notebook was written. */
export interface NotebookWritten extends NotebookEntry {
  created: boolean;
  etag: string;
}

const MAX_LISTED = 5_000;

/** The notebooks below one directory of this machine. No path and no link leads out of it. */
export class Notebooks {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** All of them, by path. Hidden files and directories are left out. */
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

  /** @throws {HttpError} `not_found` or `invalid_argument`. */
  async read(path: string): Promise<NotebookContent> {
    const file = await this.#resolve(path);
    try {
      const text = await readFile(file, "utf8");
      return { text, etag: etagOf(text) };
    } catch (error) {
      throw notFoundIf(error, path);
    }
  }

  /**
   * Writes a notebook so that nobody reads half of it.
   *
   * @throws {HttpError} `conflict` when `ifMatch` is given and is not the tag of what is there.
   */
  async write(path: string, text: string, ifMatch?: string): Promise<NotebookWritten> {
    const file = await this.#resolve(path);
    const present = await readFile(file, "utf8").catch(() => undefined);
    if (ifMatch !== undefined && (present === undefined || etagOf(present) !== ifMatch)) {
      throw new HttpError(
        412,
        "conflict",
        `Cannot write notebook "${path}": it has changed since it was read; read it again, or ` +
          "write without If-Match to replace it",
      );
    }
    await mkdir(dirname(file), { recursive: true });
    await writeAtomically(file, text);
    return { ...await this.#describe(file), created: present === undefined, etag: etagOf(text) };
  }

  /** @throws {HttpError} `not_found` or `invalid_argument`. */
  async remove(path: string): Promise<void> {
    const file = await this.#resolve(path);
    await rm(file).catch((error) => {
      throw notFoundIf(error, path);
    });
  }

  async #describe(file: string): Promise<NotebookEntry> {
    const { size, mtime } = await stat(file);
    const path = relative(this.#root, file).split(sep).join("/");
    return { path, size, modified: mtime.toISOString() };
  }

  /** Where a notebook is or would be. */
  async #resolve(path: string): Promise<string> {
    if (!path.endsWith(".ipynb") || path.split("/").includes("")) {
      throw new HttpError(
        400,
        "invalid_argument",
        `Cannot use "${path}" as a notebook's path: use one that ends in ".ipynb", from the ` +
          "notebook directory on",
      );
    }
    return await confinePath(this.#root, path);
  }
}

function etagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

function notFoundIf(error: unknown, path: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error;
  return new HttpError(404, "not_found", `Cannot find notebook "${path}"`, { cause: error });
}
