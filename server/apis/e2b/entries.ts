import type { FileEntry, KernelFiles } from "../../../kernel/mod.ts";
import { HttpError } from "../../errors/http_error.ts";

/** The files of a kernel. */
export type Files = Pick<KernelFiles, keyof KernelFiles>;

/** The most entries of one list. */
const MAX_ENTRIES = 10_000;
/** The only user of a sandbox. */
const USER = "user";

/** The types of entries, as E2B's daemon names them. */
const TYPES: Readonly<Record<FileEntry["type"], string>> = {
  file: "FILE_TYPE_FILE",
  directory: "FILE_TYPE_DIRECTORY",
  link: "FILE_TYPE_SYMLINK",
  other: "FILE_TYPE_UNSPECIFIED",
};

/** Describes an entry as E2B's daemon does. A kernel's files have no modes of their own. */
export function entryInfo({ name, path, type, size, modified, writable }: FileEntry) {
  const isDirectory = type === "directory";
  const mode = (isDirectory ? 0o755 : 0o644) & (writable ? 0o777 : 0o555);
  return {
    name,
    type: TYPES[type],
    path,
    size: String(size),
    mode,
    permissions: `${isDirectory ? "d" : "-"}${permissions(mode)}`,
    owner: USER,
    group: USER,
    modifiedTime: modified,
  };
}

function permissions(mode: number): string {
  return [6, 3, 0].map((shift) => {
    const bits = mode >> shift;
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`;
  }).join("");
}

/**
 * Lists a directory and, to that depth, those in it.
 *
 * @throws {HttpError} status 413 when there are too many entries.
 */
export async function listTree(files: Files, path: string, depth: number): Promise<FileEntry[]> {
  const found: FileEntry[] = [];
  let level = [path];
  for (let left = depth; left > 0 && level.length > 0; left--) {
    const below: string[] = [];
    for (const directory of level) {
      const entries = await files.list(directory);
      found.push(...entries);
      if (found.length > MAX_ENTRIES) {
        throw new HttpError(
          413,
          "payload_too_large",
          `Cannot list "${path}": there are more than ${MAX_ENTRIES} entries`,
        );
      }
      below.push(...entries.filter((it) => it.type === "directory").map((it) => it.path));
    }
    level = below;
  }
  return found;
}
