import { createHash } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, rmdir, stat } from "node:fs/promises";
import { constants, type Stats } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, normalize } from "node:path";
import { writeAtomically } from "../../../services/files/atomic_write.ts";
import {
  assertRegular,
  openRegularFile,
  readRegularFile,
} from "../../../services/files/regular_file.ts";
import { readBeginning, streamFile } from "../../../services/files/stream_file.ts";
import { confinePath } from "../../../services/files/confined_path.ts";
import { HttpError } from "../../../errors/http_error.ts";
import { systemRefusal } from "../../../errors/system_error.ts";
import {
  type Checkpoint,
  CHECKPOINT_DIR,
  keepCheckpoint,
  listCheckpoints,
  moveCheckpoint,
  removeCheckpoint,
  restoreCheckpoint,
} from "./checkpoints.ts";
import { notFound, notOfType } from "./content_errors.ts";
import {
  type ContentsModel,
  decode,
  encode,
  type ReadOptions,
  type SavedContent,
} from "./content_format.ts";

const EMPTY_NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

/** A file that is about to be read. */
export interface OpenedContent {
  name: string;
  /** The size in bytes. */
  size: number;
  modified: Date;
  /** True when the beginning of the file is text in UTF-8. */
  beginsAsText: boolean;
  /** Returns the bytes from `start` to before `end`. The file is opened with the first read. */
  stream(start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** The files below one directory of this machine, in the form that Jupyter's clients read. */
export class Contents {
  readonly #root: string | undefined;

  /** Without a root, clients see an empty directory that cannot be written to. */
  constructor(root: string | undefined) {
    this.#root = root;
  }

  /**
   * Reads a file or directory.
   *
   * @throws {HttpError} `not_found`, or `invalid_argument` when the path is of another type.
   */
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
    const bytes = content || options.hash ? await readRegularFile(file) : undefined;
    const hash = bytes && options.hash
      ? { hash: createHash("sha256").update(bytes).digest("hex"), hash_algorithm: "sha256" }
      : {};
    if (!content || !bytes) return { ...model, ...hash };
    const asNotebook = type === "notebook" || (type === undefined && model.type === "notebook");
    return { ...model, ...hash, ...decode(path, bytes, asNotebook, options.format) };
  }

  /**
   * Opens a file for reading piece by piece.
   *
   * @throws {HttpError} `not_found`, or `invalid_argument` when the path is a directory or no regular file.
   */
  async open(path: string): Promise<OpenedContent> {
    const file = await this.#resolve(path);
    const info = await this.#stat(file, path);
    if (info.isDirectory()) throw notOfType(path, "a file");
    assertRegular(info);
    const { size, mtime: modified } = info;
    const beginsAsText = isTextBeginning(await readBeginning(file));
    const stream = (start: number, end: number) => streamFile(file, start, end);
    return { name: basename(file), size, modified, beginsAsText, stream };
  }

  /** Finds a file by its path here or on this machine, and returns its path here; undefined: there is none. */
  async resolve(path: string): Promise<string | undefined> {
    if (this.#root === undefined) return undefined;
    const root = `${await realpath(this.#root)}/`;
    const inside = path.startsWith(root) ? path.slice(root.length) : path;
    if (isAbsolute(inside)) return undefined;
    const found = await this.read(normalize(inside), { content: false }).catch(() => undefined);
    return found?.path;
  }

  /** Writes a file or notebook, or makes a directory; `created` tells whether the path is new. */
  async save(
    path: string,
    saved: SavedContent,
  ): Promise<{ model: ContentsModel; created: boolean }> {
    const file = await this.#resolveForWriting(path);
    const present = await stat(file).catch(() => undefined);
    const created = present === undefined;
    if (saved.type === "directory") {
      await mkdir(file, { recursive: true }).catch((error) => {
        throw systemRefusal(error, path);
      });
    } else {
      const parent = await stat(dirname(file)).catch(() => undefined);
      if (!parent?.isDirectory()) throw notFound(dirname(trimmed(path)));
      if (present && !present.isDirectory()) assertRegular(present);
      await write(file, encode(path, saved), saved.chunk).catch((error) => {
        throw systemRefusal(error, path);
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
    // Directories are numbered with a space, as in "Untitled Folder 1".
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
    await writeAtomically(await this.#resolveForWriting(path), await readRegularFile(source));
    return await this.read(path, { content: false });
  }

  /**
   * Renames or moves a file or directory, with its checkpoint.
   *
   * @throws {HttpError} `already_exists` when the new path exists.
   */
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
        throw systemRefusal(error, to);
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
        throw systemRefusal(error, path);
      });
    } else {
      await rm(file);
      await removeCheckpoint(file);
    }
  }

  /** Lists the checkpoints of a file: one at most. */
  async checkpoints(path: string): Promise<Checkpoint[]> {
    const file = await this.#resolve(path);
    await this.#stat(file, path);
    return await listCheckpoints(file);
  }

  /** Keeps the present version of a file, in place of the former checkpoint. */
  async checkpoint(path: string): Promise<Checkpoint> {
    const file = await this.#resolveForWriting(path);
    if ((await this.#stat(file, path)).isDirectory()) throw notOfType(path, "a file");
    await keepCheckpoint(file);
    return (await listCheckpoints(file))[0]!;
  }

  /** Writes a checkpoint over its file. */
  async restore(path: string, id: string): Promise<void> {
    await restoreCheckpoint(await this.#checkpointed(path, id));
  }

  /** Removes a checkpoint. */
  async forget(path: string, id: string): Promise<void> {
    await removeCheckpoint(await this.#checkpointed(path, id));
  }

  async #checkpointed(path: string, id: string): Promise<string> {
    const file = await this.#resolveForWriting(path);
    if ((await this.checkpoints(path)).some((kept) => kept.id === id)) return file;
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
      throw systemRefusal(error, path);
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
      // A link may lead nowhere, or out of the directory.
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

function isTextBeginning(bytes: Uint8Array): boolean {
  try {
    // The last character may be cut off.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return !bytes.includes(0);
  } catch {
    return false;
  }
}

async function write(file: string, content: Uint8Array | string, chunk?: number): Promise<void> {
  if (chunk === undefined || chunk === 1) return await writeAtomically(file, content);
  const { O_WRONLY, O_APPEND, O_CREAT } = constants;
  await using opened = await openRegularFile(file, O_WRONLY | O_APPEND | O_CREAT);
  await opened.writeFile(content);
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

function joined(directory: string, name: string): string {
  return trimmed(`${trimmed(directory)}/${name}`);
}
