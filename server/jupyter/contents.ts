import { createHash } from "node:crypto";
import {
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
} from "node:fs/promises";
import { getMimeType } from "hono/utils/mime";
import type { Stats } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { writeAtomically } from "../atomic_write.ts";
import { confinePath } from "../confined_path.ts";
import { HttpError } from "../errors.ts";

/** A file or directory as Jupyter's clients read it. */
export interface ContentsModel {
  name: string;
  /** From the notebook directory on, with "/". */
  path: string;
  type: "directory" | "file" | "notebook";
  writable: boolean;
  created: string;
  last_modified: string;
  mimetype: string | null;
  /** Entries, a notebook, or text or base64; null when it was not asked for. */
  content: unknown;
  format: "json" | "text" | "base64" | null;
  /** In bytes. */
  size: number | null;
  hash?: string;
  hash_algorithm?: string;
}

/** What of a file or directory is asked for. */
export interface ReadOptions {
  type?: ContentsModel["type"] | undefined;
  format?: "text" | "base64" | undefined;
  /** @default true */
  content?: boolean;
  /** @default false */
  hash?: boolean;
}

/** What is saved. */
export interface SavedContent {
  type: ContentsModel["type"];
  format?: "json" | "text" | "base64" | null | undefined;
  content?: unknown;
  /** A part of a large file: 1 begins it, -1 ends it. */
  chunk?: number | undefined;
}

/** A kept version of a file. */
export interface Checkpoint {
  id: string;
  last_modified: string;
}

const CHECKPOINT_DIR = ".ipynb_checkpoints";
const CHECKPOINT_ID = "checkpoint";
const EMPTY_NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

/** The files below one directory of this machine, or none at all, as Jupyter's clients see them. */
export class Contents {
  readonly #root: string | undefined;

  /** Without a root there is an empty directory that cannot be written to. */
  constructor(root: string | undefined) {
    this.#root = root;
  }

  /** @throws {HttpError} `not_found`, or `invalid_argument` when it is of another type. */
  async read(path: string, options: ReadOptions = {}): Promise<ContentsModel> {
    const { type, content = true } = options;
    if (this.#root === undefined && trimmed(path) === "") return this.#nothing(content);
    const file = await this.#resolve(path);
    const info = await this.#stat(file, path);
    const model = this.#describe(path, info);
    if (type === "directory" && model.type !== "directory") throw notOfType(path, "a directory");
    if (type !== undefined && type !== "directory" && model.type === "directory") {
      throw notOfType(path, "a file");
    }
    if (model.type === "directory") {
      return content ? { ...model, format: "json", content: await this.#list(file, path) } : model;
    }
    const bytes = content || options.hash ? await readFile(file) : undefined;
    const hash = bytes && options.hash
      ? { hash: createHash("sha256").update(bytes).digest("hex"), hash_algorithm: "sha256" }
      : {};
    if (!content || !bytes) return { ...model, ...hash };
    const asNotebook = type === "notebook" || (type === undefined && model.type === "notebook");
    return { ...model, ...hash, ...decode(path, bytes, asNotebook, options.format) };
  }

  /** Writes a file or notebook, or makes a directory; `created`: it was not there. */
  async save(
    path: string,
    saved: SavedContent,
  ): Promise<{ model: ContentsModel; created: boolean }> {
    const file = await this.#resolveForWriting(path);
    const created = await stat(file).then(() => false, () => true);
    if (saved.type === "directory") {
      await mkdir(file, { recursive: true }).catch((error) => {
        throw failed(error, path);
      });
    } else {
      const parent = await stat(dirname(file)).catch(() => undefined);
      if (!parent?.isDirectory()) throw notFound(dirname(trimmed(path)));
      await write(file, encode(path, saved), saved.chunk).catch((error) => {
        throw failed(error, path);
      });
    }
    return { model: await this.read(path, { content: false }), created };
  }

  /** Makes an empty file, notebook or directory with a new name in a directory. */
  async create(
    directory: string,
    { type, ext = "" }: { type: ContentsModel["type"]; ext?: string },
  ): Promise<ContentsModel> {
    const [stem, extension] = type === "notebook"
      ? ["Untitled", ".ipynb"]
      : type === "directory"
      ? ["Untitled Folder", ""]
      : ["untitled", ext];
    // Directories are counted with a space, as people do.
    const gap = type === "directory" ? " " : "";
    const path = await this.#freePath(
      directory,
      (count) => `${stem}${count ? gap + count : ""}${extension}`,
    );
    const content = type === "notebook" ? EMPTY_NOTEBOOK : "";
    return (await this.save(path, { type, content, format: "text" })).model;
  }

  /** Copies a file into a directory, under a new name. */
  async copy(from: string, directory: string): Promise<ContentsModel> {
    const source = await this.#resolve(from);
    if ((await this.#stat(source, from)).isDirectory()) throw notOfType(from, "a file");
    const name = basename(source);
    const extension = extname(name);
    const stem = name.slice(0, name.length - extension.length).replace(/-Copy\d*$/, "");
    const path = await this.#freePath(
      directory,
      (count) =>
        count === 0 && dirname(trimmed(from)) !== (trimmed(directory) || ".")
          ? name
          : `${stem}-Copy${count || 1}${extension}`,
    );
    await copyFile(source, await this.#resolveForWriting(path));
    return await this.read(path, { content: false });
  }

  /** @throws {HttpError} `already_exists` when something is there. */
  async rename(from: string, to: string): Promise<ContentsModel> {
    const [source, target] = [
      await this.#resolveForWriting(from),
      await this.#resolveForWriting(to),
    ];
    await this.#stat(source, from);
    if (source !== target) {
      if (await stat(target).catch(() => undefined)) {
        throw new HttpError(409, "already_exists", `Cannot rename "${from}": "${to}" exists`);
      }
      await rename(source, target).catch((error) => {
        throw failed(error, to);
      });
      await moveCheckpoint(source, target);
    }
    return await this.read(to, { content: false });
  }

  /** Removes a file with its checkpoint, or an empty directory. */
  async remove(path: string): Promise<void> {
    const file = await this.#resolveForWriting(path);
    if ((await this.#stat(file, path)).isDirectory()) {
      await rm(join(file, CHECKPOINT_DIR), { recursive: true, force: true });
      await rmdir(file).catch((error) => {
        throw failed(error, path);
      });
    } else {
      await rm(file);
      await rm(checkpointOf(file), { force: true });
    }
  }

  /** The kept versions of a file: one at most. */
  async checkpoints(path: string): Promise<Checkpoint[]> {
    const file = await this.#resolve(path);
    await this.#stat(file, path);
    const info = await stat(checkpointOf(file)).catch(() => undefined);
    return info ? [{ id: CHECKPOINT_ID, last_modified: info.mtime.toISOString() }] : [];
  }

  /** Keeps the present version of a file, in place of the one before. */
  async checkpoint(path: string): Promise<Checkpoint> {
    const file = await this.#resolveForWriting(path);
    if ((await this.#stat(file, path)).isDirectory()) throw notOfType(path, "a file");
    await mkdir(dirname(checkpointOf(file)), { recursive: true });
    await writeAtomically(checkpointOf(file), await readFile(file));
    return (await this.checkpoints(path))[0]!;
  }

  /** Makes the kept version the present one. */
  async restore(path: string, id: string): Promise<void> {
    const file = await this.#checkpointed(path, id);
    await writeAtomically(file, await readFile(checkpointOf(file)));
  }

  /** Forgets the kept version. */
  async forget(path: string, id: string): Promise<void> {
    await rm(checkpointOf(await this.#checkpointed(path, id)));
  }

  async #checkpointed(path: string, id: string): Promise<string> {
    const file = await this.#resolveForWriting(path);
    if (id === CHECKPOINT_ID && (await this.checkpoints(path)).length > 0) return file;
    throw new HttpError(404, "not_found", `Cannot find checkpoint "${id}" of "${path}"`);
  }

  async #resolve(path: string): Promise<string> {
    if (this.#root === undefined) throw notFound(path);
    return await confinePath(this.#root, path);
  }

  async #resolveForWriting(path: string): Promise<string> {
    if (this.#root === undefined) {
      throw new HttpError(
        403,
        "permission_denied",
        `Cannot write "${path}": this server keeps no files; start it with NOTEBOOK_DIR`,
      );
    }
    if (trimmed(path) === "") {
      throw new HttpError(400, "invalid_argument", "Cannot change the notebook directory itself");
    }
    return await this.#resolve(path);
  }

  async #stat(file: string, path: string): Promise<Stats> {
    return await stat(file).catch((error) => {
      throw failed(error, path);
    });
  }

  #nothing(content: boolean): ContentsModel {
    const time = new Date(0).toISOString();
    return {
      ...{ name: "", path: "", type: "directory", writable: false, created: time },
      ...{ last_modified: time, mimetype: null, size: null },
      ...(content ? { content: [], format: "json" } : { content: null, format: null }),
    };
  }

  #describe(path: string, info: Stats): ContentsModel {
    const name = basename(trimmed(path));
    const type = info.isDirectory() ? "directory" : name.endsWith(".ipynb") ? "notebook" : "file";
    return {
      name,
      path: trimmed(path),
      type,
      writable: true,
      created: (info.birthtimeMs > 0 ? info.birthtime : info.mtime).toISOString(),
      last_modified: info.mtime.toISOString(),
      mimetype: null,
      content: null,
      format: null,
      size: info.isDirectory() ? null : info.size,
    };
  }

  async #list(directory: string, path: string): Promise<ContentsModel[]> {
    const models: ContentsModel[] = [];
    for (const entry of await readdir(directory)) {
      if (entry.startsWith(".")) continue;
      // A link may lead nowhere, or out.
      const model = await this.read(joined(path, entry), { content: false }).catch(() => undefined);
      if (model) models.push(model);
    }
    return models.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  async #freePath(directory: string, nameOf: (count: number) => string): Promise<string> {
    const parent = await this.#resolve(directory);
    if (!(await this.#stat(parent, directory)).isDirectory()) {
      throw notOfType(directory, "a directory");
    }
    const taken = new Set(await readdir(parent));
    let count = 0;
    while (taken.has(nameOf(count))) count++;
    return joined(directory, nameOf(count));
  }
}

function decode(
  path: string,
  bytes: Uint8Array,
  asNotebook: boolean,
  format: ReadOptions["format"],
): Pick<ContentsModel, "content" | "format" | "mimetype"> {
  const text = format === "base64" ? undefined : textOf(bytes);
  if (asNotebook) {
    try {
      return { content: JSON.parse(text ?? ""), format: "json", mimetype: null };
    } catch (cause) {
      throw new HttpError(400, "invalid_argument", `"${path}" is no notebook: it is not JSON`, {
        cause,
      });
    }
  }
  const known = getMimeType(path)?.split(";")[0];
  if (text !== undefined) {
    return { content: text, format: "text", mimetype: known ?? "text/plain" };
  }
  if (format === "text") throw notOfType(path, "a text in UTF-8");
  const content = bytes.toBase64();
  return { content, format: "base64", mimetype: known ?? "application/octet-stream" };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encode(path: string, { type, format, content }: SavedContent): Uint8Array | string {
  if (type === "notebook") {
    if (typeof content === "object" && content !== null && "cells" in content) {
      return `${JSON.stringify(content, null, 1)}\n`;
    }
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a notebook`);
  }
  if (typeof content !== "string") {
    throw new HttpError(400, "invalid_argument", `Cannot write "${path}": content: use a string`);
  }
  if (format !== "base64") return content;
  try {
    return Uint8Array.fromBase64(content);
  } catch (cause) {
    const message = `Cannot write "${path}": content: it is not base64`;
    throw new HttpError(400, "invalid_argument", message, { cause });
  }
}

async function write(file: string, content: Uint8Array | string, chunk?: number): Promise<void> {
  if (chunk === undefined || chunk === 1) return await writeAtomically(file, content);
  await using opened = await open(file, "a");
  await opened.writeFile(content);
}

function checkpointOf(file: string): string {
  const extension = extname(file);
  const stem = basename(file, extension);
  return join(dirname(file), CHECKPOINT_DIR, `${stem}-checkpoint${extension}`);
}

async function moveCheckpoint(from: string, to: string): Promise<void> {
  const kept = await stat(checkpointOf(from)).catch(() => undefined);
  if (!kept) return;
  await mkdir(dirname(checkpointOf(to)), { recursive: true });
  await rename(checkpointOf(from), checkpointOf(to));
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

function joined(directory: string, name: string): string {
  return trimmed(`${trimmed(directory)}/${name}`);
}

function notOfType(path: string, what: string): HttpError {
  return new HttpError(400, "invalid_argument", `"${path}" is not ${what}`);
}

function notFound(path: string, cause?: unknown): HttpError {
  return new HttpError(404, "not_found", `Cannot find "${path}"`, { cause });
}

/** What the system refuses, in the client's words. */
function failed(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return notFound(path, error);
    case "ENOTEMPTY":
      return new HttpError(400, "invalid_argument", `Cannot remove "${path}": it is not empty`);
    case "EEXIST":
    case "EISDIR":
      return new HttpError(409, "already_exists", `"${path}" exists and is of another type`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new HttpError(403, "permission_denied", `The system refuses access to "${path}"`);
    default:
      return error;
  }
}
