import type { FileEntry } from "../../../kernel/mod.ts";

/** A change in a directory. */
export interface DirectoryChange {
  /** The path below the directory. */
  name: string;
  kind: "create" | "write" | "remove";
}

/** Lists everything in a directory that is looked at. */
export type ListDirectory = () => Promise<FileEntry[]>;

/**
 * Finds the changes of a directory by comparing it with what it was before. Changes that undo each other
 * between two looks are not seen.
 */
export class DirectoryWatcher {
  readonly #path: string;
  readonly #list: ListDirectory;
  #known = new Map<string, string>();

  constructor(path: string, list: ListDirectory) {
    this.#path = path.endsWith("/") ? path : `${path}/`;
    this.#list = list;
  }

  /** Takes the first look. */
  async start(): Promise<void> {
    this.#known = await this.#look();
  }

  /** Returns the changes since the last look. */
  async changes(): Promise<DirectoryChange[]> {
    const before = this.#known;
    const now = this.#known = await this.#look();
    const changes: DirectoryChange[] = [];
    for (const [name, version] of now) {
      const old = before.get(name);
      if (old === undefined) changes.push({ name, kind: "create" });
      const wrote = old === undefined ? !version.startsWith("directory") : old !== version;
      if (wrote && !version.startsWith("directory")) changes.push({ name, kind: "write" });
    }
    for (const name of before.keys()) if (!now.has(name)) changes.push({ name, kind: "remove" });
    return changes;
  }

  async #look(): Promise<Map<string, string>> {
    const entries = await this.#list();
    return new Map(
      entries.map(({ path, type, size, modified }) => [
        path.startsWith(this.#path) ? path.slice(this.#path.length) : path,
        `${type} ${size} ${modified}`,
      ]),
    );
  }
}
